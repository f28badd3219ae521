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
