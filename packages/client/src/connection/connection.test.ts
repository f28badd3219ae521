import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Result } from '@chat-widget/protocol'
import { Server } from 'socket.io'
import { NodeWebSocket, NodeXHR } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection, type ConnectionOptions } from './connection.ts'
import { createFullJitterPolicy } from './reconnect-policy.ts'

interface In {
  ready: (ready: { n: number }) => void
  news: (text: string) => void
}
interface Out {
  ask: (question: string, answer: (result: Result<string>) => void) => void
  nod: (how: string) => void
}

let http: HttpServer
let io: Server
let url: string
let upgrades = 0
/** Closes every connection. A port that nobody listens on may be another server's a moment later. */
let isGone = false
const nods: string[] = []
/** Connections that nobody answers. */
const swallowed: Duplex[] = []
const connections: Connection<In, Out>[] = []

beforeEach(async () => {
  http = createServer()
  io = new Server(http, { serveClient: false })
  upgrades = 0
  isGone = false
  nods.length = 0
  http.on('connection', (socket) => {
    if (isGone) socket.destroy()
  })
  http.on('upgrade', () => {
    upgrades += 1
  })
  io.of('/visitor').on('connection', (socket) => {
    socket.emit('ready', { n: 1 })
    socket.on('ask', (question: string, answer: (result: Result<string>) => void) => {
      if (question === 'silence') return
      answer({ ok: true, value: question.toUpperCase() })
    })
    socket.on('nod', (how: string) => nods.push(how))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close()
  for (const socket of swallowed.splice(0)) socket.destroy()
  await io.close()
  vi.unstubAllGlobals()
})

/** Loaded by the next attempt, however short the wait for it. */
const loadPolling = async () => ({ NodeXHR })

function connect(options: Partial<ConnectionOptions> = {}): Connection<In, Out> {
  const connection = new Connection<In, Out>({
    server: url,
    namespace: '/visitor',
    handshake: () => ({ hello: 'server' }),
    policy: { nextDelayMs: () => 5 },
    ...options,
  })
  connections.push(connection)
  connection.start()
  return connection
}

const untilStatus = (connection: Connection<In, Out>, status: Connection<In, Out>['state']['status']) =>
  vi.waitFor(() => expect(connection.state.status).toBe(status), { interval: 5 })

/** Behaves as a proxy that blocks WebSocket. */
function dropUpgrades(): void {
  http.removeAllListeners('upgrade')
  http.on('upgrade', (_request, socket) => {
    upgrades += 1
    socket.destroy()
  })
}

describe('connection', () => {
  it('connects, hands events out, and answers requests', async () => {
    const connection = connect()
    const events: unknown[] = []
    connection.on('state', (state) => events.push(state.status))
    connection.onEvent('ready', (ready) => events.push(ready))
    await untilStatus(connection, 'connected')
    expect(events).toEqual(['connected', { n: 1 }])
    expect(await connection.request('ask', 'why')).toEqual({ ok: true, value: 'WHY' })
    connection.notify('nod', 'gently')
    await vi.waitFor(() => expect(nods).toEqual(['gently']))
  })

  it('is ready by the event that its namespace has for that', async () => {
    io.of('/authenticator').on('connection', (socket) => socket.emit('challenge', { nonce: 'n' }))
    const connection = connect({ namespace: '/authenticator', readyEvent: 'challenge' })
    await untilStatus(connection, 'connected')
  })

  it('says server-unreachable when there is no answer in time', async () => {
    const connection = connect({ ackTimeoutMs: 20 })
    expect(await connection.request('ask', 'too early')).toMatchObject({
      error: { code: 'server-unreachable' },
    })
    await untilStatus(connection, 'connected')
    expect(await connection.request('ask', 'silence')).toMatchObject({
      error: { code: 'server-unreachable' },
    })
  })

  it('says server-unreachable at once when the connection is lost', async () => {
    const connection = connect()
    await untilStatus(connection, 'connected')
    const reply = connection.request('ask', 'silence')
    io.of('/visitor').disconnectSockets(true)
    expect(await reply).toMatchObject({ error: { code: 'server-unreachable' } })
  })

  describe('after the device slept, so that the day went on and its own clock did not', () => {
    const sleep = (ms: number) => {
      const now = Date.now.bind(Date)
      vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
    }
    afterEach(() => vi.restoreAllMocks())

    it('[ID4] connects anew before anything is sent, to hear what time it is', async () => {
      const handshake = vi.fn(() => ({}))
      const connection = connect({ handshake })
      await untilStatus(connection, 'connected')
      connection.start()
      sleep(6_000)
      connection.start()
      expect(connection.state.status).toBe('connecting')
      await untilStatus(connection, 'connected')
      connection.start()
      expect(connection.state.status).toBe('connected')
      expect(handshake).toHaveBeenCalledTimes(2)
    })

    it('[ID8] leaves the connection alone when it was a moment', async () => {
      const connection = connect()
      await untilStatus(connection, 'connected')
      sleep(1_000)
      connection.start()
      expect(connection.state.status).toBe('connected')
    })

    it('[ID7] answers at once a request that the dead connection holds back', async () => {
      const connection = connect()
      await untilStatus(connection, 'connected')
      sleep(60_000)
      const reply = connection.request('ask', 'are you there?')
      const slow = new Promise((resolve) => setTimeout(resolve, 2_000, 'no answer'))
      expect(await Promise.race([reply, slow])).toMatchObject({ error: { code: 'server-unreachable' } })
      await untilStatus(connection, 'connected')
    })
  })

  it('comes back after the server lets go', async () => {
    const handshake = vi.fn(() => ({}))
    const connection = connect({ handshake })
    const states: string[] = []
    connection.on('state', (state) => states.push(state.status))
    await untilStatus(connection, 'connected')
    io.of('/visitor').disconnectSockets(true)
    await vi.waitFor(() => expect(states).toEqual(['connected', 'reconnecting', 'connected']))
    expect(handshake).toHaveBeenCalledTimes(2)
  })

  it('waits longer and longer while a server lets go at once', async () => {
    const nextDelayMs = vi.fn(() => 1)
    io.of('/visitor').on('connection', (socket) => socket.disconnect(true))
    connect({ policy: { nextDelayMs } })
    await vi.waitFor(() => expect(nextDelayMs.mock.calls.length).toBeGreaterThan(3))
    expect(nextDelayMs.mock.calls.slice(0, 4)).toEqual([[1], [2], [3], [4]])
  })

  it('[DL9] cut for sending too much, it waits as long as it is told and some jitter, and then comes back', async () => {
    const nextDelayMs = vi.fn(() => 30)
    const connection = connect({ policy: { nextDelayMs } })
    await untilStatus(connection, 'connected')
    const told: string[] = []
    connection.on('refused', (error) => told.push(error.code))
    const cutAt = performance.now()
    io.of('/visitor').emit('wait', { code: 'rate-limited', message: '', retryAfterMs: 150 })
    io.of('/visitor').disconnectSockets(true)
    await untilStatus(connection, 'reconnecting')
    await untilStatus(connection, 'connected')
    // A timer may be early by less than a millisecond.
    expect(performance.now() - cutAt).toBeGreaterThanOrEqual(179)
    expect(nextDelayMs).toHaveBeenCalledTimes(1)
    expect(told).toEqual(['rate-limited'])
  })

  it('stops after a fatal refusal and tries again after any other', async () => {
    const refusals = ['unavailable', 'unknown-app']
    io.of('/visitor').use((_socket, next) => {
      const code = refusals.shift()
      next(code ? Object.assign(new Error(), { data: { code, message: '' } }) : undefined)
    })
    const connection = connect()
    const told: string[] = []
    connection.on('refused', (error) => told.push(error.code))
    await untilStatus(connection, 'closed')
    expect(told).toEqual(['unavailable', 'unknown-app'])
    expect(connection.state).toEqual({ status: 'closed', reason: 'unknown-app' })
    connection.start()
    await untilStatus(connection, 'connected')
  })

  it('uses long polling as well where upgrades are dropped', async () => {
    dropUpgrades()
    const connection = connect({ loadPolling })
    const unreachable = vi.fn()
    connection.on('unreachable', unreachable)
    await untilStatus(connection, 'connected')
    expect(upgrades).toBe(2)
    expect(await connection.request('ask', 'slow')).toEqual({ ok: true, value: 'SLOW' })
    io.of('/visitor').disconnectSockets(true)
    await untilStatus(connection, 'reconnecting')
    await untilStatus(connection, 'connected')
    expect(upgrades).toBe(3)
    expect(unreachable).not.toHaveBeenCalled()
  })

  it('uses long polling after an upgrade that nobody answered', async () => {
    http.removeAllListeners('upgrade')
    http.on('upgrade', (_request, socket) => {
      upgrades += 1
      swallowed.push(socket)
    })
    const connection = connect({ connectTimeoutMs: 200, loadPolling })
    await untilStatus(connection, 'connected')
    expect(upgrades).toBeGreaterThan(0)
    expect(await connection.request('ask', 'slow')).toEqual({ ok: true, value: 'SLOW' })
  })

  it('uses WebSocket again after a server that answered nothing for a while', async () => {
    let isSilent = true
    for (const name of ['request', 'upgrade'] as const) {
      const listeners = http.listeners(name)
      http.removeAllListeners(name)
      http.on(name, (...details: unknown[]) => {
        if (isSilent) swallowed.push((details[0] as IncomingMessage).socket)
        else for (const listener of listeners) Reflect.apply(listener, http, details)
      })
    }
    const told: number[] = []
    const connection = connect({ connectTimeoutMs: 100, loadPolling })
    connection.on('unreachable', (attempts) => {
      told.push(attempts)
      isSilent = false
    })
    await untilStatus(connection, 'connected')
    expect(told[0]).toBe(1)
    await vi.waitFor(() => expect(upgrades).toBeGreaterThan(0))
  })

  it('calls the server unreachable when long polling failed as well', async () => {
    dropUpgrades()
    http.removeAllListeners('request')
    http.on('request', (_request, response) => void response.destroy())
    const told: [number, number][] = []
    const connection = connect({ loadPolling })
    connection.on('unreachable', (attempts) => told.push([attempts, upgrades]))
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(1))
    expect(told.slice(0, 2)).toEqual([
      [1, 2],
      [2, 3],
    ])
  })

  it('goes on with WebSocket where the code for long polling does not load', async () => {
    const load = vi.fn(() => Promise.reject(new Error('404')))
    isGone = true
    const connection = connect({ loadPolling: load })
    const attempts: number[] = []
    connection.on('unreachable', (attempt) => attempts.push(attempt))
    await vi.waitFor(() => expect(attempts.length).toBeGreaterThan(3))
    expect(attempts.slice(0, 3)).toEqual([1, 2, 3])
    expect(load.mock.calls.length).toBeGreaterThan(2)
    isGone = false
    await untilStatus(connection, 'connected')
  })

  it('[DL17] counts its tries anew after a stable connection whose server says when to come', async () => {
    const attempts: number[] = []
    const policy = {
      nextDelayMs(attempt: number) {
        attempts.push(attempt)
        return 5
      },
    }
    isGone = true
    const connection = connect({ policy })
    await vi.waitFor(() => expect(attempts.length).toBeGreaterThan(3))
    isGone = false
    await untilStatus(connection, 'connected')
    attempts.length = 0
    const now = Date.now.bind(Date)
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 6_000)
    io.of('/visitor').emit('wait', { code: 'unavailable', message: 'it stops', retryAfterMs: 0 })
    await vi.waitFor(() => expect(attempts).toEqual([1]))
    await untilStatus(connection, 'connected')
  })

  it('tries again when a handshake could not be made', async () => {
    const handshake = vi
      .fn<() => Promise<object>>()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue({})
    const connection = connect({ handshake })
    await untilStatus(connection, 'connected')
    expect(handshake).toHaveBeenCalledTimes(2)
  })

  it('gives an attempt up that does not get ready', async () => {
    let isSilent = true
    io.of('/slow').on('connection', (socket) => {
      if (!isSilent) socket.emit('ready', { n: 1 })
      isSilent = false
    })
    const connection = connect({ namespace: '/slow', connectTimeoutMs: 30 })
    await untilStatus(connection, 'connected')
  })

  it('restarts with a new handshake without being closed in between', async () => {
    const connection = connect()
    await untilStatus(connection, 'connected')
    const states: string[] = []
    connection.on('state', (state) => states.push(state.status))
    connection.restart()
    await untilStatus(connection, 'connected')
    expect(states).toEqual(['connecting', 'connected'])
  })
})

describe('page', () => {
  let page: EventTarget & { visibilityState: string }
  let online = true

  beforeEach(() => {
    online = true
    const events = new EventTarget()
    page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    vi.stubGlobal('window', globalThis)
    vi.stubGlobal('document', page)
    vi.stubGlobal('WebSocket', class {})
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
    vi.stubGlobal('dispatch', events.dispatchEvent.bind(events))
    vi.stubGlobal('navigator', {
      get onLine() {
        return online
      },
    })
  })

  const tell = (name: string, extra: object = {}) =>
    (globalThis as unknown as { dispatch: (event: Event) => void }).dispatch(
      Object.assign(new Event(name), extra),
    )

  it('is offline while the browser is, and back at once after', async () => {
    const connection = connect({ policy: { nextDelayMs: () => 1e6 } })
    await untilStatus(connection, 'connected')
    online = false
    tell('offline')
    expect(connection.state.status).toBe('offline')
    await vi.waitFor(() => expect(io.of('/visitor').sockets.size).toBe(0))
    online = true
    tell('online')
    await untilStatus(connection, 'connected')
  })

  it('tries at once when the page is looked at again', async () => {
    const connection = connect({ policy: { nextDelayMs: () => 1e6 } })
    await untilStatus(connection, 'connected')
    io.of('/visitor').disconnectSockets(true)
    await untilStatus(connection, 'reconnecting')
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
    expect(connection.state.status).toBe('reconnecting')
    page.visibilityState = 'visible'
    page.dispatchEvent(new Event('visibilitychange'))
    await untilStatus(connection, 'connected')
  })

  it('[DL7] lets go of the socket on pagehide and resumes on pageshow', async () => {
    const connection = connect({ policy: { nextDelayMs: () => 1e6 } })
    await untilStatus(connection, 'connected')
    tell('pagehide', { persisted: true })
    await vi.waitFor(() => expect(io.of('/visitor').sockets.size).toBe(0))
    page.dispatchEvent(new Event('visibilitychange'))
    expect(connection.state.status).toBe('reconnecting')
    tell('pageshow', { persisted: true })
    await untilStatus(connection, 'connected')
  })

  it('[DL12] uses long polling at once where the browser has no WebSocket, or refuses to make one', async () => {
    vi.spyOn(NodeWebSocket.prototype, 'createSocket').mockImplementation(() => {
      throw new Error('The operation is insecure.')
    })
    const nextDelayMs = vi.fn(() => 5)
    const connection = connect({ policy: { nextDelayMs } })
    await untilStatus(connection, 'connected')
    expect(upgrades).toBe(0)
    // The second attempt has the code for it.
    expect(nextDelayMs).toHaveBeenCalledOnce()
  })

  it('listens no more after close', async () => {
    const connection = connect()
    await untilStatus(connection, 'connected')
    connection.close()
    connection.close()
    tell('online')
    tell('pageshow', { persisted: true })
    expect(connection.state.status).toBe('closed')
  })
})

it('waits a random time below a bound that doubles up to a cap', () => {
  const policy = createFullJitterPolicy({ random: () => 1 })
  expect([1, 2, 3, 5, 6, 50].map((attempt) => policy.nextDelayMs(attempt))).toEqual([
    500, 1_000, 2_000, 8_000, 8_000, 8_000,
  ])
  expect(createFullJitterPolicy({ random: () => 0 }).nextDelayMs(9)).toBe(0)
})
