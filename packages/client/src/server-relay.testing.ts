/**
 * A relay between clients and the real server, in the test's process: forwards messages, unless the test has them
 * refused, lost or forged.
 */
import { request as askServer, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Result, WireError } from '@chat-widget/protocol'
import { Server, type Socket } from 'socket.io'
import { io as connect, type Socket as Upstream } from 'socket.io-client'

/** A client's socket on the relay. */
export type RelayedSocket = Socket

/**
 * Treatment of a request: `undefined` forwards it, a result answers instead of the server, `'lost'` forwards it and
 * drops the answer, `'cut'` also the connection.
 */
type Verdict = Result<unknown> | 'lost' | 'cut' | undefined

export interface RelayOptions {
  /** Address of the server, without a path. */
  readonly server: string
  readonly namespace: string
  /** Path on the server of one that a client asks for over HTTP. */
  readonly path: (url: string) => string
  /** Changes a client's handshake before the server gets it; an error refuses the client instead. `newest`: of the address. */
  readonly handshake: (
    auth: Record<string, unknown>,
    newest: unknown,
  ) => WireError | { readonly auth: object }
  readonly request: (socket: RelayedSocket, event: string, payload: unknown) => Verdict | Promise<Verdict>
  /** Called with the server's answer, also a lost one; returns the answer for the client. */
  readonly answered: (
    socket: RelayedSocket,
    event: string,
    payload: unknown,
    result: Result<unknown>,
  ) => Result<unknown>
  /** Called with an event of the server; returns the payload for the client, `undefined` for no event. */
  readonly told: (socket: RelayedSocket, event: string, payload: unknown) => unknown
}

export interface Relay {
  url: string
  readonly sockets: ReadonlySet<RelayedSocket>
  /** Requests that the server has not answered yet. */
  readonly unanswered: number
  /** Refuses connections, like a network that is down. */
  isDown: boolean
  /** Closes every connection. A port that nobody listens on may be another server's a moment later. */
  isGone: boolean
  /** Pieces of uploads, by their offsets, and what else is asked for over HTTP. */
  readonly http: string[]
  /** Bytes of the next piece after which its connection breaks. */
  cutAfter: number | null
  /** Called before a request over HTTP goes on to the server; a status answers instead of it. */
  onHttp: (method: string) => Promise<number | undefined>
  /** Cuts every connection. */
  cut(): void
  close(): Promise<void>
}

type Answer = (result: Result<unknown>) => void

export async function startRelay(options: RelayOptions): Promise<Relay> {
  const http = createServer(async (request, response) => {
    const { method = '', headers, url = '' } = request
    relay.http.push(method === 'PATCH' ? `PATCH ${headers['upload-offset']}` : method)
    const status = relay.isDown ? 503 : await relay.onHttp(method)
    if (status !== undefined) return response.writeHead(status).end()
    const upstream = askServer(
      options.server + options.path(url),
      { method, headers: { ...headers, host: '' } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      },
    )
    upstream.on('error', () => request.destroy())
    const { cutAfter } = relay
    let passed = 0
    request.on('data', (part: Buffer) => {
      const room = method === 'PATCH' && cutAfter !== null ? cutAfter - passed : part.length
      passed += part.length
      upstream.write(part.subarray(0, room))
      if (room >= part.length) return
      relay.cutAfter = null
      request.destroy()
      upstream.destroy()
    })
    request.on('end', () => upstream.end())
  })
  const io = new Server(http, {
    serveClient: false,
    cors: { origin: true },
    allowRequest: (_request, decide) => decide(null, !relay.isDown),
  })
  const sockets = new Set<RelayedSocket>()
  const upstreams = new WeakMap<RelayedSocket, Upstream>()
  /** Events that the server sent before the client's socket was there. */
  const early = new WeakMap<RelayedSocket, (() => void)[]>()

  let unanswered = 0

  const relay: Relay = {
    url: '',
    sockets,
    get unanswered() {
      return unanswered
    },
    isDown: false,
    isGone: false,
    http: [],
    cutAfter: null,
    onHttp: async () => undefined,
    cut() {
      for (const socket of [...sockets]) socket.conn.close()
    },
    async close() {
      http.closeAllConnections()
      await io.close()
    },
  }

  http.on('connection', (socket) => {
    if (relay.isGone) socket.destroy()
  })
  const namespace = io.of(options.namespace)
  namespace.use((socket, next) => {
    const { auth, query } = socket.handshake
    const { newest } = query
    const admitted = options.handshake(auth, newest)
    if ('code' in admitted) return next(Object.assign(new Error(admitted.message), { data: admitted }))
    const upstream = connect(options.server + options.namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: admitted.auth,
      query: newest === undefined ? {} : { newest },
    })
    upstreams.set(socket, upstream)
    const waiting: (() => void)[] = []
    early.set(socket, waiting)
    upstream.onAny((event: string, payload: unknown) => {
      const tell = () => {
        const heard = options.told(socket, event, payload)
        if (heard !== undefined) socket.emit(event, heard)
      }
      if (sockets.has(socket)) tell()
      else waiting.push(tell)
    })
    upstream.once('connect', () => next())
    upstream.once('connect_error', (error) => next(error))
    socket.conn.once('close', () => upstream.close())
  })
  namespace.on('connection', (socket) => {
    const upstream = upstreams.get(socket)
    if (upstream === undefined) throw new Error('a client that the server has not let in')
    sockets.add(socket)
    socket.on('disconnect', () => {
      sockets.delete(socket)
      upstream.close()
    })
    const bye = (reason: string) => {
      if (reason === 'io server disconnect') socket.disconnect(true)
      else socket.conn.close()
    }
    const handOn = (verdict: Verdict, event: string, payload: unknown, answer: Answer) => {
      if (typeof verdict === 'object') return answer(verdict)
      unanswered += 1
      upstream.emit(event, payload, (result: Result<unknown>) => {
        unanswered -= 1
        const heard = options.answered(socket, event, payload, result)
        if (verdict === undefined) answer(heard)
        if (verdict === 'cut') socket.conn.close()
      })
    }
    socket.onAny((event: string, payload: unknown, answer?: Answer) => {
      if (answer === undefined) return void upstream.emit(event, payload)
      const verdict = options.request(socket, event, payload)
      if (verdict instanceof Promise) void verdict.then((value) => handOn(value, event, payload, answer))
      else handOn(verdict, event, payload, answer)
    })
    for (const tell of early.get(socket) ?? []) tell()
    if (upstream.connected) upstream.once('disconnect', bye)
    else bye('io server disconnect')
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  relay.url = `http://127.0.0.1:${port}`
  return relay
}
