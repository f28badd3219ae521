/** The real server, behind a relay that records visitors' requests and lets a test change the answers. */
import {
  type Authenticated,
  type AuthenticateRequest,
  type Conversation,
  type ConversationId,
  type FetchMessagesRequest,
  type Message,
  type PostedBody,
  PROTOCOL_VERSION,
  type Ready,
  type Result,
  type SendMessageRequest,
  type TraceRequest,
  VISITOR_NAMESPACE,
  type VisitorHandshake,
  type WireError,
  type WireIdentity,
} from '@chat-widget/protocol'
import { io } from 'socket.io-client'
import { type Relay, type RelayedSocket, startRelay } from './server-relay.testing.ts'
import type { SharedServer, Verify } from './shared-server.testing.ts'
import { randomId } from './util/random-id.ts'
import { createTestLogins, type TestLogins } from './visitor-server-logins.testing.ts'

export interface VisitorServer {
  readonly url: string
  /** Of uploads. */
  readonly relay: Relay
  readonly handshakes: VisitorHandshake[]
  readonly authentications: AuthenticateRequest[]
  readonly sends: SendMessageRequest[]
  readonly fetches: FetchMessagesRequest[]
  /** Number of the newest messages for which each handshake asked ([DL18]). */
  readonly asked: unknown[]
  readonly reads: number[]
  readonly signOuts: { everywhere: boolean }[]
  /** Owners who asked for a new conversation: users by name. */
  readonly begunBy: string[]
  readonly traces: TraceRequest[]
  /** Identities of the sockets that reported them. */
  readonly tracers: WireIdentity['status'][]
  /** Secrets of sessions that the server issued, oldest first. */
  readonly tokens: string[]
  /** Messages that the server stored through the relay, by seq. */
  readonly messages: Map<ConversationId, Message[]>
  readonly sockets: ReadonlySet<RelayedSocket>
  /** Requests that the server has not answered yet. */
  readonly unanswered: number
  /** Moves the server's clock, as devices receive it. */
  aheadMs: number
  /** Refuses the next handshakes with these, in order. */
  readonly refusals: WireError[]
  /** The user of a context's token. Default: `{ token: 'ada' }` is for ada, for an hour. */
  verify: Verify
  /** Answers instead of the server; `undefined`: the server answers. */
  onSend: (request: SendMessageRequest) => Result<Message> | 'lost' | 'cut' | undefined
  readonly logins: TestLogins
  /** True: the next sign-in succeeds, and its answer is lost with the connection. */
  loseClaim: boolean
  /** True: refuses every connection, like a network that is down. */
  isDown: boolean
  /** Closes every connection. */
  isGone: boolean
  /** True: devices are told no heads. */
  holdsHeads: boolean
  /** True: the next sign-out succeeds, and its answer is lost with the connection. */
  loseSignOut: boolean
  /** Refuses the next sign-outs with these, in order. */
  readonly signOutRefusals: WireError[]
  /** Called before a sign-out reaches the server. */
  onSignOut: () => Promise<void>
  /** Posts a message of the bot, in a conversation that has begun; `silent`: without telling devices. */
  post(conversationId: ConversationId, text: string | PostedBody, silent?: boolean): Promise<Message>
  /** Edits one. */
  edit(conversationId: ConversationId, seq: number, body: PostedBody): Promise<Message>
  /** Deletes all that is kept of a user. */
  erase(userIdentifier: string): Promise<unknown>
  /** Deletes one. */
  remove(conversationId: ConversationId, seq: number): Promise<Message>
  /** The conversation of the first, or only, socket. */
  conversationId(): ConversationId
  /** Makes another conversation the current one of the newest session, as if begun elsewhere. */
  moveOn(): Promise<ConversationId>
  /** Gives every session to another user from now on, who has written `text`, as if the server mixed them up. */
  mixUp(userIdentifier: string, text: string): Promise<void>
  /** Cuts every connection. */
  cut(): void
  close(): Promise<void>
}

export async function startVisitorServer(shared: SharedServer): Promise<VisitorServer> {
  const app = shared.newApp((context) => server.verify(context))
  /** The identity that the server last sent to each socket. */
  const identities = new WeakMap<RelayedSocket, WireIdentity>()
  const shown = new WeakMap<RelayedSocket, ConversationId>()
  const silent = new Set<string>()
  let mixedUp: string | undefined

  const keep = (message: Message) => {
    const others = server.messages.get(message.conversationId) ?? []
    if (others.some(({ id }) => id === message.id)) return
    const all = [...others, message].sort((one, other) => one.seq - other.seq)
    server.messages.set(message.conversationId, all)
  }
  const show = (socket: RelayedSocket, conversation: Conversation | null) => {
    if (conversation !== null) shown.set(socket, conversation.id)
  }
  /** Records a socket's identity; returns the answer for it. */
  const met = <Told extends Ready | Authenticated>(socket: RelayedSocket, told: Told): Told => {
    if (told.session !== undefined) server.tokens.push(told.session.token)
    identities.set(socket, told.identity)
    show(socket, told.conversation)
    return { ...told, serverTime: told.serverTime + server.aheadMs }
  }

  /** Another device, connected directly to the server. */
  async function device(auth: Partial<VisitorHandshake>) {
    const socket = io(shared.url + VISITOR_NAMESPACE, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocolVersion: PROTOCOL_VERSION, app, intent: 'identify', ...auth },
    })
    const ready = await new Promise<Ready>((resolve, reject) => {
      socket.once('ready', resolve)
      socket.once('connect_error', reject)
    })
    const ask = async <Value>(event: string, payload: object): Promise<Value> => {
      const result = (await socket.timeout(10_000).emitWithAck(event, payload)) as Result<Value>
      if (!result.ok) throw new Error(`${event}: ${result.error.code}`)
      return result.value
    }
    return { ready, ask, close: () => socket.close() }
  }

  const relay = await startRelay({
    server: shared.url,
    namespace: VISITOR_NAMESPACE,
    path: (url) => url.replace('/apps/shop/', `/apps/${app}/`),
    handshake(auth, newest) {
      server.handshakes.push(auth as unknown as VisitorHandshake)
      server.asked.push(newest)
      const session = mixedUp === undefined ? {} : { session: mixedUp }
      return server.refusals.shift() ?? { auth: { ...auth, app, ...session } }
    },
    request(socket, event, payload) {
      const status = identities.get(socket)
      switch (event) {
        case 'identity:authenticate':
          server.authentications.push(payload as AuthenticateRequest)
          return takeClaim()
        case 'identity:trace':
          server.traces.push(payload as TraceRequest)
          server.tracers.push(status?.status ?? 'unidentified')
          return undefined
        case 'identity:sign-out':
          return signOut(payload as { everywhere: boolean })
        case 'conversation:start':
          server.begunBy.push(
            status?.status === 'identified' ? status.userIdentifier : String(status?.status),
          )
          return undefined
        case 'messages:fetch':
          server.fetches.push(payload as FetchMessagesRequest)
          return undefined
        case 'conversation:read':
          server.reads.push((payload as { seq: number }).seq)
          return undefined
        case 'message:send':
          server.sends.push(payload as SendMessageRequest)
          return server.onSend(payload as SendMessageRequest)
        default:
          return server.logins.request(socket, event, payload)
      }
    },
    answered(socket, event, payload, result) {
      if (!result.ok) return result
      switch (event) {
        case 'identity:authenticate':
          return { ok: true, value: met(socket, result.value as Authenticated) }
        case 'conversation:start':
        case 'conversation:show':
          show(socket, result.value as Conversation)
          return result
        case 'message:send':
          keep(result.value as Message)
          return result
        default:
          return server.logins.answered(socket, event, payload, result)
      }
    },
    told(socket, event, payload) {
      switch (event) {
        case 'ready':
          return met(socket, payload as Ready)
        case 'conversation':
          show(socket, payload as Conversation)
          return payload
        case 'message':
          return silent.has((payload as Message).clientId) ? undefined : payload
        case 'head':
          return server.holdsHeads ? undefined : payload
        default:
          return payload
      }
    },
  })

  function takeClaim(): 'cut' | undefined {
    const isLost = server.loseClaim
    server.loseClaim = false
    return isLost ? 'cut' : undefined
  }

  async function signOut(request: { everywhere: boolean }): Promise<Result<null> | 'lost' | undefined> {
    server.signOuts.push(request)
    const error = server.signOutRefusals.shift()
    if (error !== undefined) return { ok: false, error }
    await server.onSignOut()
    const isLost = server.loseSignOut
    server.loseSignOut = false
    return isLost ? 'lost' : undefined
  }

  const server: VisitorServer = {
    url: relay.url,
    relay,
    handshakes: [],
    authentications: [],
    sends: [],
    fetches: [],
    asked: [],
    reads: [],
    signOuts: [],
    begunBy: [],
    traces: [],
    tracers: [],
    tokens: [],
    messages: new Map(),
    sockets: relay.sockets,
    get unanswered() {
      return relay.unanswered
    },
    aheadMs: 0,
    refusals: [],
    verify: ({ token }) =>
      typeof token === 'string'
        ? { subject: token.split(':')[0] ?? '', expiresAt: Date.now() + 3_600_000 }
        : { code: 'context-invalid', message: 'no token' },
    onSend: () => undefined,
    logins: createTestLogins(shared, app),
    holdsHeads: false,
    loseClaim: false,
    get isDown() {
      return relay.isDown
    },
    set isDown(isDown) {
      relay.isDown = isDown
    },
    get isGone() {
      return relay.isGone
    },
    set isGone(isGone) {
      relay.isGone = isGone
    },
    loseSignOut: false,
    signOutRefusals: [],
    onSignOut: async () => {},
    edit: (conversationId, seq, body) => shared.chat.conversations.edit({ conversationId, seq, body }),
    erase: (userIdentifier) =>
      shared.chat.users.erase({ app, userIdentifier, method: 'host' }, { kind: 'server' }),
    remove: (conversationId, seq) => shared.chat.conversations.remove({ conversationId, seq }),
    async post(conversationId, text, isSilent = false) {
      const clientId = randomId<Message['clientId']>()
      if (isSilent) silent.add(clientId)
      const message = await shared.chat.conversations.post({
        ...{ app, conversationId, clientId },
        body: typeof text === 'string' ? { text } : text,
      })
      keep(message)
      return message
    },
    conversationId() {
      const [first] = relay.sockets
      const id = first === undefined ? undefined : shown.get(first)
      if (id === undefined) throw new Error('nobody is connected')
      return id
    },
    async moveOn() {
      const other = await device({ session: server.tokens.at(-1) ?? '' })
      const { id } = await other.ask<Conversation>('conversation:start', {})
      other.close()
      return id
    },
    async mixUp(userIdentifier, text) {
      const other = await device({})
      const request = { userIdentifier, context: { token: userIdentifier }, mergePolicy: 'merge' }
      const { session, conversation } = await other.ask<Authenticated>('identity:authenticate', request)
      await other.ask('message:send', { conversationId: conversation.id, clientId: randomId(), text })
      other.close()
      mixedUp = session?.token
    },
    cut: relay.cut,
    close: relay.close,
  }
  return server
}
