/** A small server that speaks the visitor's side of the protocol, and lets a test meddle with every answer. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  Authenticated,
  AuthenticateRequest,
  ClientMessageId,
  Conversation,
  ConversationId,
  Message,
  MessageId,
  Ready,
  Result,
  SendMessageRequest,
  ServerToVisitorEvents,
  TraceRequest,
  VisitorHandshake,
  VisitorId,
  VisitorToServerEvents,
  WireError,
  WireIdentity,
} from '@chat-widget/protocol'
import { Server, type Socket } from 'socket.io'
import { createScriptedLogins, type ScriptedLogins } from './visitor-server-logins.testing.ts'

type VisitorSocket = Socket<VisitorToServerEvents, ServerToVisitorEvents>

interface Session {
  identity: WireIdentity
  conversationId: ConversationId
  revoked: boolean
}

export interface VisitorServer {
  readonly url: string
  readonly handshakes: VisitorHandshake[]
  readonly authentications: AuthenticateRequest[]
  readonly sends: SendMessageRequest[]
  readonly reads: number[]
  readonly signOuts: { everywhere: boolean }[]
  /** Who asked for a new conversation: users by name. */
  readonly begunBy: string[]
  readonly traces: TraceRequest[]
  /** Whose the sockets were that told of them. */
  readonly tracers: WireIdentity['status'][]
  readonly messages: Map<ConversationId, Message[]>
  readonly sockets: Set<VisitorSocket>
  /** Refuses the next handshakes with these, in order. */
  readonly refusals: WireError[]
  /** What a context's token stands for; `undefined`: not valid. Default: `{ token: 'ada' }` is for ada, for an hour. */
  verify: (context: Record<string, unknown>) => { subject: string; expiresAt: number | null } | WireError
  /** Answers instead of the server; `undefined`: the server answers; `'lost'`: stored, but the ack is lost. */
  onSend: (request: SendMessageRequest) => Result<Message> | 'lost' | undefined
  readonly logins: ScriptedLogins
  /** The next claim of an approval is done, and its answer lost with the connection. */
  loseClaim: boolean
  /** Refuses every connection, as a network that is down would. */
  isDown: boolean
  /** Hangs up on everybody. A port that nobody listens on may be another server's a moment later. */
  isGone: boolean
  /** The next sign-out is done, and its answer lost with the connection. */
  loseSignOut: boolean
  /** Refuses the next sign-outs with these, in order. */
  readonly signOutRefusals: WireError[]
  /** Before a sign-out is answered. */
  onSignOut: () => Promise<void>
  /** A message by the bot. Not told to devices where `silent`. */
  post(conversationId: ConversationId, text: string, silent?: boolean): Message
  /** The conversation of the first, or only, socket. */
  conversationId(): ConversationId
  /** Another conversation is the current one of every session, as if begun elsewhere. */
  moveOn(): ConversationId
  /** Every session is somebody else's, as if the server mixed them up. */
  mixUp(userIdentifier: string): void
  /** Drops every connection, as a network would. */
  cut(): void
  close(): Promise<void>
}

export async function startVisitorServer(): Promise<VisitorServer> {
  const http = createServer()
  const io = new Server(http, {
    serveClient: false,
    cors: { origin: true },
    allowRequest: (_request, decide) => decide(null, !server.isDown),
  })
  const sessions = new Map<string, Session>()
  const live = new Map<VisitorSocket, { token: string | null; session: Session | null }>()
  let ids = 0
  const nextId = () => {
    ids += 1
    return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`
  }

  const conversationOf = (id: ConversationId): Conversation => ({
    id,
    status: 'open',
    headSeq: server.messages.get(id)?.length ?? 0,
    visitorReadSeq: 0,
    agentReadSeq: 0,
  })
  const append = (
    conversationId: ConversationId,
    clientId: ClientMessageId,
    text: string,
    author: Message['author'],
  ): Message => {
    const list = server.messages.get(conversationId) ?? []
    server.messages.set(conversationId, list)
    const known = list.find((message) => message.clientId === clientId)
    if (known !== undefined) return known
    const message: Message = {
      id: nextId() as MessageId,
      clientId,
      conversationId,
      seq: list.length + 1,
      author,
      createdAt: new Date().toISOString(),
      kind: 'text',
      text,
    }
    list.push(message)
    return message
  }
  const makeSession = (session: Session, token = `token-of-256-random-bits-${nextId()}`): string => {
    sessions.set(token, session)
    return token
  }
  const endOthers = (token: string | null, self: VisitorSocket) => {
    for (const [socket, other] of live) {
      if (socket === self || token === null || other.token !== token) continue
      socket.emit('session:ended', { code: 'session-invalid', message: 'signed out' })
      socket.disconnect(true)
    }
  }
  const tell = (conversationId: ConversationId, message: Message, sender?: VisitorSocket) => {
    for (const [socket, { session }] of live) {
      if (socket !== sender && session?.conversationId === conversationId) socket.emit('message', message)
    }
  }

  const server: VisitorServer = {
    url: '',
    handshakes: [],
    authentications: [],
    sends: [],
    reads: [],
    signOuts: [],
    begunBy: [],
    traces: [],
    tracers: [],
    messages: new Map(),
    sockets: new Set(),
    refusals: [],
    verify: ({ token }) =>
      typeof token === 'string'
        ? { subject: token.split(':')[0] ?? '', expiresAt: Date.now() + 3_600_000 }
        : { code: 'context-invalid', message: 'no token' },
    onSend: () => undefined,
    isDown: false,
    isGone: false,
    logins: createScriptedLogins(nextId),
    loseClaim: false,
    loseSignOut: false,
    signOutRefusals: [],
    onSignOut: async () => {},
    post(conversationId, text, silent = false) {
      const message = append(conversationId, nextId() as ClientMessageId, text, { kind: 'bot' })
      if (!silent) tell(conversationId, message)
      return message
    },
    conversationId() {
      const [first] = [...live.values()]
      if (!first?.session) throw new Error('nobody is connected')
      return first.session.conversationId
    },
    moveOn() {
      const id = nextId() as ConversationId
      for (const session of sessions.values()) session.conversationId = id
      return id
    },
    mixUp(userIdentifier) {
      for (const session of sessions.values())
        session.identity = { status: 'identified', userIdentifier, expiresAt: null }
    },
    cut() {
      for (const socket of [...server.sockets]) socket.conn.close()
    },
    async close() {
      await io.close()
    },
  }

  http.on('connection', (socket) => {
    if (server.isGone) socket.destroy()
  })
  const namespace = io.of('/visitor')
  namespace.use((socket, next) => {
    const handshake = socket.handshake.auth as VisitorHandshake
    server.handshakes.push(handshake)
    const session = handshake.session === undefined ? null : sessions.get(handshake.session)
    const refusal =
      server.refusals.shift() ??
      (session === undefined || session?.revoked
        ? ({ code: 'session-invalid', message: 'unknown session' } as const)
        : undefined)
    if (refusal !== undefined) return next(Object.assign(new Error(refusal.message), { data: refusal }))
    next()
  })
  namespace.on('connection', (socket: VisitorSocket) => {
    const handshake = socket.handshake.auth as VisitorHandshake
    let token = handshake.session ?? null
    let session = token === null ? null : (sessions.get(token) ?? null)
    let issued: string | undefined
    if (session === null && handshake.intent === 'anonymous') {
      session = {
        identity: { status: 'anonymous', visitorId: nextId() as VisitorId },
        conversationId: nextId() as ConversationId,
        revoked: false,
      }
      issued = makeSession(session)
      token = issued
    }
    server.sockets.add(socket)
    live.set(socket, { token, session })
    socket.on('disconnect', () => {
      server.sockets.delete(socket)
      live.delete(socket)
    })
    const ready: Ready = {
      serverTime: Date.now(),
      identity: session?.identity ?? { status: 'unidentified' },
      ...(issued === undefined ? {} : { session: { token: issued } }),
      conversation: session === null ? null : conversationOf(session.conversationId),
      app: { name: 'Test', login: { methods: ['host'], continueAsGuest: true } },
    }
    socket.emit('ready', ready)

    socket.on('identity:authenticate', (request, answer) => {
      server.authentications.push(request)
      const claim = server.logins.claimed(request.context)
      const verdict = claim ?? server.verify(request.context)
      if ('code' in verdict) return answer({ ok: false, error: verdict })
      if (verdict.subject !== request.userIdentifier) {
        return answer({ ok: false, error: { code: 'context-mismatch', message: 'another subject' } })
      }
      const identity = {
        status: 'identified' as const,
        userIdentifier: verdict.subject,
        expiresAt: verdict.expiresAt,
        ...(claim === undefined || 'code' in claim ? {} : { method: claim.method }),
      }
      const value: { -readonly [Key in keyof Authenticated]: Authenticated[Key] } = {
        serverTime: Date.now(),
        identity,
        conversation: conversationOf(session?.conversationId ?? (nextId() as ConversationId)),
      }
      if (session?.identity.status === 'identified') session.identity = identity
      else {
        const before = session
        if (before !== null) before.revoked = true
        endOthers(token, socket)
        session = { identity, conversationId: value.conversation.id, revoked: false }
        token = makeSession(session, claim === undefined || 'code' in claim ? undefined : claim.session)
        value.session = { token }
        value.receipt = {
          from: before?.identity.status === 'anonymous' ? before.identity : { status: 'unidentified' },
          to: { status: 'identified', userIdentifier: verdict.subject },
          mergedConversations: before === null ? [] : [before.conversationId],
        }
        live.set(socket, { token, session })
      }
      if (claim !== undefined && server.loseClaim) {
        server.loseClaim = false
        return socket.conn.close()
      }
      answer({ ok: true, value })
    })
    server.logins.serve(socket)
    socket.on('identity:trace', (request, answer) => {
      server.traces.push(request)
      server.tracers.push(session?.identity.status ?? 'unidentified')
      answer({ ok: true, value: null })
    })
    socket.on('identity:sign-out', async (request, answer) => {
      server.signOuts.push(request)
      const error = server.signOutRefusals.shift()
      if (error !== undefined) return answer({ ok: false, error })
      await server.onSignOut()
      if (session !== null) session.revoked = true
      if (!server.loseSignOut) answer({ ok: true, value: null })
      server.loseSignOut = false
      endOthers(token, socket)
      socket.disconnect(true)
    })
    socket.on('conversation:start', (_request, answer) => {
      if (session === null) return
      const { identity } = session
      server.begunBy.push(identity.status === 'identified' ? identity.userIdentifier : identity.status)
      session.conversationId = nextId() as ConversationId
      answer({ ok: true, value: conversationOf(session.conversationId) })
    })
    socket.on('conversations:list', (_request, answer) => {
      answer({ ok: true, value: { conversations: [] } })
    })
    socket.on('conversation:read', ({ seq }, answer) => {
      server.reads.push(seq)
      answer({ ok: true, value: null })
    })
    socket.on('message:send', (request, answer) => {
      server.sends.push(request)
      const meddled = server.onSend(request)
      if (meddled !== undefined && meddled !== 'lost') return answer(meddled)
      const { clientId, text } = request
      const conversationId = request.conversationId as ConversationId
      const message = append(conversationId, clientId as ClientMessageId, text, { kind: 'visitor' })
      if (meddled === undefined) answer({ ok: true, value: message })
      tell(conversationId, message, socket)
    })
    socket.on('messages:fetch', ({ conversationId, after, before, limit }, answer) => {
      const all = server.messages.get(conversationId as ConversationId) ?? []
      const messages =
        after !== undefined
          ? all.filter((message) => message.seq > after).slice(0, limit)
          : all.filter((message) => before === undefined || message.seq < before).slice(-limit)
      answer({ ok: true, value: { messages, headSeq: all.length } })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return Object.assign(server, { url: `http://127.0.0.1:${port}` })
}
