import type { WireError } from '@chat-widget/protocol'
import { afterEach, expect, it } from 'vitest'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { openAgent } from './test-device.testing.ts'

let server: TestRealtime
afterEach(() => server.stop())

it('[DL9] an agent who signs out is cut at once in every window of that sign-in, and in no other', async () => {
  server = await startRealtime({ tuning: { headIntervalMs: 600_000 } })
  const one = await server.agent('Grace')
  const window = await openAgent(server.url, one.cookie)
  const other = await server.agent('Ada')
  await server.agents.signOut(one.token)
  for (const { device } of [one, window]) {
    await device.gone()
    expect(device.all<WireError>('session:ended')).toMatchObject([{ code: 'session-invalid' }])
  }
  expect(other.device.disconnected).toBeNull()
  await other.device.ask('conversations:list', { limit: 1 })
})

it('[DL9] one window watches a bounded number of conversations', async () => {
  const plenty = { burst: 1_000, perSecond: 1_000 }
  server = await startRealtime({
    tuning: { agentRate: plenty, sendRate: plenty, visitorRate: plenty, addressRequestRate: plenty },
  })
  const { device } = await server.agent()
  const visitor = await server.visitor()
  const ids: string[] = []
  for (let n = 0; n < 201; n += 1) {
    const { id } = await visitor.device.ask<{ readonly id: never }>('conversation:start', {})
    await visitor.device.send(id, 'hello')
    ids.push(id)
  }
  for (const conversationId of ids.slice(0, 200)) await device.ask('conversation:watch', { conversationId })
  const last = { conversationId: ids[200] }
  expect((await device.refusal('conversation:watch', last)).code).toBe('too-large')
  await device.ask('conversation:unwatch', { conversationId: ids[0] })
  await device.ask('conversation:watch', last)
})
