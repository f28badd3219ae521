/** Signing out while the device's own requests are under way. */
import type { Authenticated } from '@chat-widget/protocol'
import { afterEach, expect, it } from 'vitest'
import { authentication, signIn, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { newClientId } from './test-device.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

/** A company that admits the first user, and then never answers. */
async function hangingCompany() {
  let asked = 0
  const server = await startRealtime({
    verifyContext: async ({ userIdentifier }) => {
      asked += 1
      if (asked > 1) await new Promise(() => undefined)
      return { userIdentifier, expiresAt: null }
    },
  })
  servers.push(server)
  const { device } = await server.visitor({ intent: 'identify' })
  const { conversationId } = await signIn(device)
  const request = await authentication()
  const hanging = Array.from({ length: 4 }, () =>
    device.request<Authenticated>('identity:authenticate', request),
  )
  await expect.poll(() => asked).toBeGreaterThan(1)
  return { device, conversationId, hanging, asked: () => asked }
}

it('[ID13] aborts authentications that hang, and is answered at once', async () => {
  const { device, hanging, asked } = await hangingCompany()
  expect(await device.request('identity:sign-out', { everywhere: false })).toEqual({ ok: true, value: null })
  const answers = await Promise.all(hanging)
  expect(answers.map(({ ok }) => ok)).toEqual([false, false, false, false])
  expect(asked()).toBe(2)
})

it('[ID13] takes nothing for the user that is sent after it, however long it takes', async () => {
  const { device, conversationId } = await hangingCompany()
  const leaving = device.request('identity:sign-out', { everywhere: false })
  const request = { conversationId, clientId: newClientId(), text: 'too late' }
  expect((await device.refusal('message:send', request)).code).toBe('session-invalid')
  await leaving
})
