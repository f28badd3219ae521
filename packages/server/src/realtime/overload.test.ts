import { type FetchedMessages, LIMITS, type Message, type WireError } from '@chat-widget/protocol'
import { io } from 'socket.io-client'
import { afterEach, describe, expect, it } from 'vitest'
import { type StartOptions, startRealtime, type TestRealtime } from './realtime.testing.ts'
import { openVisitor, type Refused, type TestDevice } from './test-device.testing.ts'

const servers: TestRealtime[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(tuning: StartOptions['tuning'] = {}, now?: () => number): Promise<TestRealtime> {
  const server = await startRealtime({ tuning, ...(now === undefined ? {} : { now }) })
  servers.push(server)
  return server
}

/** The header by which a proxy on the server's machine names the client's address. */
const from = (address: string) => ({ extraHeaders: { 'x-forwarded-for': address } })

const rejection = (opening: Promise<unknown>): Promise<unknown> =>
  opening.then(
    () => new Error('was let in'),
    (error: unknown) => error,
  )

/** A clock that stands still, so that no allowance returns. */
const stopped = () => {
  const at = Date.now()
  return () => at
}

/** The WebSocket beneath a test's device. */
const socketBeneath = ({ socket }: TestDevice) =>
  (socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void; ping(): void } }).ws

describe('a socket over its limit', () => {
  const kinds: readonly (readonly [string, string, object])[] = [
    ['valid requests', 'conversation:read', { seq: 0 }],
    ['invalid payloads', 'conversation:read', { nonsense: true }],
    ['contexts', 'identity:authenticate', { userIdentifier: 'ada', context: {}, mergePolicy: 'merge' }],
  ]

  it.each(kinds)('[DL9] is answered a few times, then not read, then cut: %s', async (_, event, payload) => {
    const rate = { burst: 5, perSecond: 1 }
    const server = await start({ visitorRate: rate, authenticateRate: rate, holdMs: 20 }, stopped())
    const { device, ready } = await server.visitor()
    let limited = 0
    const timer = setInterval(() => {
      for (let n = 0; n < 20; n += 1)
        device.socket.emit(
          event,
          'seq' in payload ? { ...payload, conversationId: ready.conversation!.id } : payload,
          (result: { ok: boolean; error?: WireError }) => {
            if (result.error?.code === 'rate-limited') limited += 1
          },
        )
    }, 5)
    await device.gone()
    clearInterval(timer)
    expect(limited).toBeGreaterThan(0)
    expect(limited).toBeLessThanOrEqual(30)
    const [wait] = device.all<WireError>('wait')
    expect(wait).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) })
  })

  it('[DL9] is cut for events that nobody knows as well', async () => {
    const server = await start({ packetRate: { burst: 20, perSecond: 1 }, holdMs: 20 }, stopped())
    const { device } = await server.visitor()
    const timer = setInterval(() => device.socket.emit('no-such-event', {}), 1)
    await device.gone()
    clearInterval(timer)
    expect(device.all<WireError>('wait')).toHaveLength(1)
  })

  it('[DL9] is cut for pings that it sends by itself as well', async () => {
    const server = await start({ packetRate: { burst: 20, perSecond: 1 }, holdMs: 20 }, stopped())
    const { device } = await server.visitor()
    const beneath = socketBeneath(device)
    const timer = setInterval(() => beneath.ping(), 1)
    await device.gone()
    clearInterval(timer)
    expect(device.all<WireError>('wait')).toHaveLength(1)
  })

  it('[DL9] is never cut while it waits as long as it is told', async () => {
    let at = Date.now()
    const server = await start({ sendRate: { burst: 1, perSecond: 1 }, holdMs: 20 }, () => at)
    const { device, ready } = await server.visitor()
    for (let n = 0; n < 100; n += 1) {
      const request = { conversationId: ready.conversation!.id, clientId: crypto.randomUUID(), text: 'x' }
      const first = await device.request('message:send', request)
      if (first.ok) continue
      expect(first.error.code).toBe('rate-limited')
      at += first.error.retryAfterMs ?? 0
    }
    expect(device.disconnected).toBeNull()
  })

  it('[DL9] does not shorten what another one has', async () => {
    const server = await start({ visitorRate: { burst: 5, perSecond: 1 }, holdMs: 20 }, stopped())
    const flooding = await server.visitor()
    const other = await server.visitor()
    const timer = setInterval(() => flooding.device.socket.emit('typing', {}), 1)
    expect((await other.device.send(other.ready.conversation!.id, 'hello')).seq).toBe(1)
    await flooding.device.gone()
    clearInterval(timer)
    expect((await other.device.send(other.ready.conversation!.id, 'still here')).seq).toBe(2)
  })
})

describe('a long history', () => {
  async function filled() {
    const server = await start({ sendRate: { burst: 100, perSecond: 100 } })
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    for (let n = 0; n < 24; n += 1) await device.send(conversationId, '€'.repeat(LIMITS.textLength))
    const page = (part: object) =>
      device.ask<FetchedMessages>('messages:fetch', { conversationId, limit: LIMITS.fetchMessages, ...part })
    return { server, device, conversationId, page }
  }
  const seqs = (messages: readonly Message[]) => messages.map(({ seq }) => seq)

  it('[DL9] comes in answers of at most so many bytes, in either direction', async () => {
    const { page } = await filled()
    const newest = await page({})
    expect(Buffer.byteLength(JSON.stringify(newest.messages))).toBeLessThanOrEqual(LIMITS.answerBytes)
    expect(newest.messages.length).toBeLessThan(24)
    expect(newest.messages.at(-1)?.seq).toBe(24)
    const older = await page({ before: newest.messages[0]!.seq })
    expect(older.messages.at(-1)?.seq).toBe(newest.messages[0]!.seq - 1)

    const seen: number[] = []
    for (let after = 0; after < 24; after = seen.at(-1) ?? 24) {
      const { messages, headSeq } = await page({ after })
      expect(headSeq).toBe(24)
      expect(Buffer.byteLength(JSON.stringify(messages))).toBeLessThanOrEqual(LIMITS.answerBytes)
      seen.push(...seqs(messages))
    }
    expect(seen).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
  })

  it('[DL9] is cut off from a socket that does not read it', async () => {
    const { server, device, conversationId } = await filled()
    socketBeneath(device).pause()
    let asked = 0
    const timer = setInterval(() => {
      asked += 1
      device.socket.emit('messages:fetch', { conversationId, limit: LIMITS.fetchMessages }, () => undefined)
    }, 40)
    await expect.poll(() => server.realtime.stats().visitorSockets).toBe(0)
    clearInterval(timer)
    expect(asked).toBeLessThan(200)
    socketBeneath(device).resume()
    await device.gone()
  })
})

describe('lists and histories of a socket', () => {
  it('[DL9] wait for their answers beyond a rate, and are refused where too many wait', async () => {
    const server = await start({ readingPace: { burst: 2, perSecond: 0.001, mostWaiting: 3 } })
    const [{ device, ready }, other] = [await server.visitor(), await server.visitor()]
    const fetching = { conversationId: ready.conversation!.id, limit: 1 }
    const answers: string[] = []
    const ask = async (event: string, payload: object) => {
      const result = await device.request(event, payload)
      answers.push(result.ok ? 'ok' : result.error.code)
    }
    const asked = Array.from({ length: 3 }, () => [
      ask('messages:fetch', fetching).catch(() => undefined),
      ask('conversations:list', {}).catch(() => undefined),
    ]).flat()
    await expect.poll(() => answers.toSorted()).toEqual(['ok', 'ok', 'rate-limited'])
    // Other requests of the socket, and those of others, do not wait.
    await device.send(ready.conversation!.id, 'hello')
    await other.device.ask('conversations:list', {})
    device.close()
    await Promise.all(asked)
  })

  it('[DL9] are all answered in the end, in their order', async () => {
    const server = await start({ readingPace: { burst: 1, perSecond: 1_000, mostWaiting: 50 } })
    const { device } = await server.visitor()
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => device.ask('conversations:list', {}).then(() => order.push(n))),
    )
    expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n))
  })
})

describe('one address', () => {
  it('[DL9] has a limit of connections, of an IPv6 /64 together, and is told when to come back', async () => {
    const server = await start({ addressSockets: 2 })
    const one = await openVisitor(server.url, {}, from('2001:db8::1'))
    await openVisitor(server.url, {}, from('2001:db8::2'))
    const refused = (await rejection(openVisitor(server.url, {}, from('2001:db8::3')))) as Refused
    expect(refused.data).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) })
    await openVisitor(server.url, {}, from('2001:db8:0:1::1'))
    one.device.close()
    await expect
      .poll(() => rejection(openVisitor(server.url, {}, from('2001:db8::4'))))
      .toMatchObject({ message: 'was let in' })
  })

  it('[DL9] has a limit of new sessions; those it has go on', async () => {
    const server = await start({ addressSessionRate: { burst: 2, perSecond: 0.01 } })
    const { ready } = await openVisitor(server.url, {}, from('203.0.113.1'))
    await openVisitor(server.url, {}, from('203.0.113.1'))
    const refused = (await rejection(openVisitor(server.url, {}, from('203.0.113.1')))) as Refused
    expect(refused.data).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) })
    await openVisitor(server.url, { session: ready.session?.token }, from('203.0.113.1'))
    await openVisitor(server.url, {}, from('203.0.113.2'))
  })

  it('[DL9] has a limit of requests; a few of each visitor are always answered', async () => {
    const server = await start({
      addressRequestRate: { burst: 10, perSecond: 0.01 },
      sessionRequestRate: { burst: 2, perSecond: 0.01 },
    })
    const open = () => openVisitor(server.url, {}, from('203.0.113.1'))
    const [busy, other] = [await open(), await open()]
    const read = (one: Awaited<ReturnType<typeof open>>) =>
      one.device.request('conversation:read', { conversationId: one.ready.conversation!.id, seq: 0 })
    const results = []
    for (let n = 0; n < 14; n += 1) results.push((await read(busy)).ok)
    expect(results.filter((ok) => ok)).toHaveLength(12)
    expect([(await read(other)).ok, (await read(other)).ok, (await read(other)).ok]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('[DL9] is told to wait when it is back at once after it was cut', async () => {
    const server = await start(
      {
        visitorRate: { burst: 5, perSecond: 1 },
        holdMs: 20,
        addressConnectionRate: { burst: 20, perSecond: 1 },
      },
      stopped(),
    )
    const { device } = await openVisitor(server.url, {}, from('203.0.113.1'))
    const timer = setInterval(() => device.socket.emit('typing', {}), 1)
    await device.gone()
    clearInterval(timer)
    const refused = (await rejection(openVisitor(server.url, {}, from('203.0.113.1')))) as Refused
    expect(refused.data).toMatchObject({ code: 'rate-limited', retryAfterMs: expect.any(Number) })
  })
})

it('[DL9] lets nobody into the root namespace', async () => {
  const server = await start()
  const socket = io(server.url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { origin: 'https://evil.example.org' },
  })
  const outcome = await new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('was let in'))
    socket.once('connect_error', (error) => resolve(error.message))
  })
  socket.close()
  expect(outcome).not.toBe('was let in')
})
