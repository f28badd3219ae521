/** Unusual addresses and pages of hosts. */
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { NodeXHR } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection, type ConnectionOptions } from './connection.ts'

interface In {
  ready: (ready: { n: number }) => void
}
type Out = Record<string, never>

let http: HttpServer
let url = ''
let path = '/socket.io'
let io: Server
const asked: string[] = []
let connection: Connection<In, Out> | undefined

beforeEach(async () => {
  asked.length = 0
  http = createServer()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterEach(async () => {
  connection?.close()
  await io.close()
})

async function connectTo(server: string, options: Partial<ConnectionOptions> = {}) {
  io = new Server(http, { serveClient: false, path })
  io.engine.on('initial_headers', (_headers, request) => asked.push(request.url ?? ''))
  io.of('/visitor').on('connection', (socket) => void socket.emit('ready', { n: 1 }))
  connection = new Connection<In, Out>({
    server,
    namespace: '/visitor',
    handshake: () => ({}),
    policy: { nextDelayMs: () => 5 },
    ...options,
  })
  connection.start()
  await vi.waitFor(() => expect(connection?.state.status).toBe('connected'))
}

describe('the address of a server', () => {
  it.each([
    ['/', '/socket.io'],
    ['/?debug=1#top', '/socket.io'],
    ['/chat', '/chat/socket.io'],
    ['/chat/', '/chat/socket.io'],
  ])('[DL14] may end in %s', async (end, under) => {
    path = under
    await connectTo(url + end)
    expect(asked[0]).toMatch(new RegExp(`^${under}/\\?EIO=4&transport=websocket`))
  })
})

describe('the address of no server', () => {
  it.each(['http://[::1', 'http://a b', 'foo bar', 'https://chat.example.com:99999'])(
    '[DL14] is out of reach at once: %s',
    async (server) => {
      io = new Server(http, { serveClient: false })
      connection = new Connection<In, Out>({
        server,
        namespace: '/visitor',
        handshake: () => ({}),
        policy: { nextDelayMs: () => 5 },
        loadPolling: async () => ({ NodeXHR }),
      })
      const attempts: number[] = []
      connection.on('unreachable', (attempt) => attempts.push(attempt))
      connection.start()
      await vi.waitFor(() => expect(attempts.slice(0, 2)).toEqual([1, 2]))
    },
  )
})

describe('a page whose scripts change JSON', () => {
  it('[DL14] is told which, instead of reconnecting for ever', async () => {
    path = '/socket.io'
    await connectTo(url)
    const refused: string[] = []
    connection?.on('refused', ({ code }) => refused.push(code))
    Object.assign(Array.prototype, {
      toJSON(this: unknown[]) {
        return `[${this.join()}]`
      },
    })
    try {
      connection?.restart()
      const { state } = connection as Connection<In, Out>
      expect(state.status).toBe('closed')
      expect('reason' in state && state.reason === 'json-patched').toBe(true)
      expect([...refused]).toHaveLength(1)
    } finally {
      Reflect.deleteProperty(Array.prototype, 'toJSON')
    }
    connection?.restart()
    await vi.waitFor(() => expect(connection?.state.status).toBe('connected'))
  })
})
