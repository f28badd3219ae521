import { afterEach, describe, expect, it } from 'vitest'
import type { Rate } from '../limits/token-bucket.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { openVisitor } from './test-device.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

/** For a request that is still unread when the server ends. */
const ignore = () => undefined
const PLENTY: Rate = { burst: 10_000, perSecond: 10_000 }

async function start(addressReadRate: Rate): Promise<TestRealtime> {
  const server = await startRealtime({
    tuning: {
      addressReadRate,
      visitorRate: PLENTY,
      packetRate: PLENTY,
      addressRequestRate: PLENTY,
      sessionRequestRate: PLENTY,
    },
  })
  servers.push(server)
  return server
}

async function visitorFrom(server: TestRealtime, address: string) {
  const { device, ready } = await openVisitor(
    server.url,
    {},
    { extraHeaders: { 'x-forwarded-for': address } },
  )
  const request = { conversationId: ready.conversation!.id, seq: 0 }
  return { device, ask: () => device.request('conversation:read', request) }
}

describe('what comes from one address', () => {
  it('[DL9] is parsed no faster than a rate, and the rest waits unread', async () => {
    const server = await start({ burst: 100, perSecond: 0.001 })
    const one = await visitorFrom(server, '203.0.113.1')
    const other = await visitorFrom(server, '203.0.113.2')
    let answered = 0
    for (let n = 0; n < 300; n += 1) one.ask().then(() => (answered += 1), ignore)
    for (let n = 0; n < 10; n += 1) expect(await other.ask()).toMatchObject({ ok: true })
    await expect.poll(() => answered).toBeGreaterThan(15)
    expect(answered).toBeLessThan(120)
    expect(one.device.disconnected).toBeNull()
  })

  it('[DL9] is all answered in the end, in order', async () => {
    const server = await start({ burst: 50, perSecond: 2_000 })
    const { ask } = await visitorFrom(server, '203.0.113.1')
    const order: number[] = []
    await Promise.all(Array.from({ length: 500 }, (_, n) => ask().then(() => order.push(n))))
    expect(order).toEqual(Array.from({ length: 500 }, (_, n) => n))
  })

  it('[DL9] comes first from connections that send little', async () => {
    const server = await start({ burst: 100, perSecond: 500 })
    const busy = await visitorFrom(server, '203.0.113.1')
    const quiet = await visitorFrom(server, '203.0.113.1')
    const order: string[] = []
    const flood = Array.from({ length: 400 }, () => busy.ask().then(() => order.push('busy')))
    await flood[50]
    await quiet.ask().then(() => order.push('quiet'))
    await Promise.all(flood)
    expect(order.indexOf('quiet')).toBeLessThan(200)
  })
})
