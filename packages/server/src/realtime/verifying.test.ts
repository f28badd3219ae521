import type { Authenticated, Result } from '@chat-widget/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import type { VerifyContext } from '../identity/function-verifier.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(verifyContext: VerifyContext, verifyMs = 20_000) {
  const server = await startRealtime({ verifyContext, tuning: { verifyMs } })
  servers.push(server)
  const { device, ready } = await server.visitor()
  const authenticate = () =>
    device.request<Authenticated>('identity:authenticate', {
      userIdentifier: 'ada',
      context: { Auth: { Token: 't' } },
      mergePolicy: 'merge',
    })
  /** Checks that the session is still the anonymous one. */
  const unchanged = async (answer: Result<Authenticated>, code: string) => {
    expect(answer).toMatchObject({ ok: false, error: { code } })
    expect((await device.send(ready.conversation!.id, 'still anonymous')).seq).toBe(1)
    const again = await server.visitor({ session: ready.session?.token })
    expect(again.ready.identity).toEqual(ready.identity)
  }
  return { server, device, ready, authenticate, unchanged }
}
const ada = () => ({ userIdentifier: 'ada', expiresAt: Date.now() + 60_000 })

describe('[ID9] a verifier', () => {
  it.each<[string, string, VerifyContext]>([
    ['throws', 'verifier-unavailable', () => Promise.reject(new Error('out of order'))],
    ['answers rubbish', 'verifier-unavailable', () => ({ ok: true }) as never],
    ['names somebody else', 'context-mismatch', () => ({ ...ada(), userIdentifier: 'grace' })],
    ['says no', 'context-invalid', () => null],
  ])('that %s identifies nobody', async (_title, code, verifyContext) => {
    const { authenticate, unchanged } = await start(verifyContext)
    await unchanged(await authenticate(), code)
  })

  it('that hangs is given up, and what it answers later is dropped', async () => {
    const answers: (() => void)[] = []
    const verify = () => new Promise<never>((resolve) => answers.push(() => resolve(ada() as never)))
    const { authenticate, unchanged } = await start(verify, 50)
    const answer = await authenticate()
    for (const late of answers) late()
    expect(answers).toHaveLength(1)
    await unchanged(answer, 'verifier-unavailable')
  })

  it('is told when the device leaves, and its answer then makes no session', async () => {
    const begun: (() => void)[] = []
    let gone = 0
    const { server, device, ready, authenticate } = await start(({ signal }) => {
      signal.addEventListener('abort', () => gone++)
      return new Promise((resolve) => begun.push(() => resolve(ada())))
    })
    authenticate().catch(() => undefined)
    await expect.poll(() => begun.length).toBe(1)
    device.close()
    await expect.poll(() => gone).toBe(1)
    begun[0]?.()
    await server.visitor({ intent: 'identify' })
    // A sign-in would have replaced the secret, and nobody would have received the new one.
    const again = await server.visitor({ session: ready.session?.token })
    expect(again.ready.identity).toEqual(ready.identity)
  })

  it('that says yes identifies', async () => {
    const { authenticate } = await start(ada)
    expect(await authenticate()).toMatchObject({
      ok: true,
      value: { identity: { status: 'identified', userIdentifier: 'ada' } },
    })
  })
})
