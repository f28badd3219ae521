/** The chat client: wires connection, identity, outbox and timeline, which do not know each other. */
import {
  type Authenticated,
  ChatError,
  type ClientMessageId,
  type ConversationId,
  LIMITS,
  type LoginRequestId,
  type Message,
  type Ready,
  type ServerToVisitorEvents,
  VISITOR_NAMESPACE,
  type VisitorToServerEvents,
} from '@chat-widget/protocol'
import { Belongings } from './belongings.ts'
import { type ChatVisitors, createChatVisitors } from './built-in-login/chat-visitors.ts'
import type { ChatClientApi, ChatClientEvents, ChatClientOptions, TraceEntry } from './chat-client-api.ts'
import type { ChatState, ChatUser, ConnectionState, LoginRequest } from './chat-state.ts'
import { assertChatUser } from './chat-user.ts'
import { Connection } from './connection/connection.ts'
import { watchProblems } from './connection/connection-problems.ts'
import { whenConnected } from './connection/when-connected.ts'
import { CurrentConversation } from './conversation.ts'
import { LazyIdentity, type LoadIdentity } from './identity/lazy-identity.ts'
import { isSessionOf, methodOf } from './identity/signed-in-visitor.ts'
import type { OutboxGate } from './outbox/outbox.ts'
import { followPage } from './page-life.ts'
import { createRenewingRequests, type RenewingRequest } from './renewing-requests.ts'
import { sendingGate } from './sending-gate.ts'
import { snapshotOf } from './snapshot.ts'
import { createStateFeed } from './state-feed.ts'
import { createStorage } from './storage/create-storage.ts'
import { createResilientStorage } from './storage/resilient-storage.ts'
import { createTabs } from './tabs/tabs.ts'
import { createTypingThrottle } from './typing-throttle.ts'
import { ANONYMOUS, UserFollowing } from './user-following.ts'
import { createEmitter } from './util/emitter.ts'
import { createVisitorSession, type VisitorSession } from './visitor-session.ts'

/** See `ChatClientApi` for what each member promises. */
export class ChatClient implements ChatClientApi {
  readonly #options: ChatClientOptions
  readonly #emitter = createEmitter<ChatClientEvents>()
  readonly #feed = createStateFeed(
    () =>
      snapshotOf({
        connection: this.#connection,
        identity: this.#identity,
        conversation: this.#conversation,
        logins: this.#belongings.logins,
        storage: this.#storage,
        app: this.#app,
      }),
    (state) => this.#emitter.emit('change', state),
  )
  readonly #storage
  readonly #tabs
  readonly #belongings
  readonly #session: VisitorSession
  readonly #connection: Connection<ServerToVisitorEvents, VisitorToServerEvents>
  readonly #identity: LazyIdentity
  readonly #following: UserFollowing
  readonly #conversation: CurrentConversation
  readonly #visitors: ChatVisitors
  readonly #request: RenewingRequest
  readonly #loaded: Promise<void>
  readonly #unwatch: () => void
  #settled = () => Promise.resolve()
  #app: ChatState['app'] = null
  #closed = false
  readonly #typing = createTypingThrottle()

  /** `loadIdentity` is for tests. */
  constructor(options: ChatClientOptions, loadIdentity?: LoadIdentity) {
    this.#options = options
    const { app, server, mergePolicy = 'merge' } = options
    this.#storage = createResilientStorage(options.storage ?? createStorage('persistent', app, server), {
      onFailure: (cause) => {
        this.#feed.changed()
        this.#report({ code: 'storage-unavailable', message: 'the browser refuses to keep data' }, cause)
      },
      onRecovery: () => this.#feed.changed(),
    })
    this.#tabs = createTabs(`chat-widget:${app}@${server}`)
    this.#connection = new Connection({
      server,
      namespace: VISITOR_NAMESPACE,
      handshake: () => this.#loaded.then(() => this.#settled()).then(() => this.#session.handshake()),
    })
    const request = this.#connection.request.bind(this.#connection)
    this.#identity = new LazyIdentity({
      mergePolicy,
      providerTimeoutMs: options.providerTimeoutMs ?? LIMITS.providerTimeoutMs,
      authenticate: (payload) => request('identity:authenticate', payload),
      request,
      tabs: this.#tabs,
      reconnect: () => this.#connection.restart(),
      load: loadIdentity,
    })
    this.#following = new UserFollowing({
      identity: this.#identity,
      connection: this.#connection,
      signOut: (payload) => request('identity:sign-out', payload),
      tabs: this.#tabs,
      sharesAnonymous: this.#storage.scope !== 'tab',
      adopted: () => {
        void this.#belongings.takeAlong(this.#following.owner).then(() => this.#feed.changed())
        this.#updateGate()
      },
      purge: async (owner, departure) => {
        this.#conversation.leave()
        // What is written from now on is the next visitor's.
        this.#updateGate()
        await Promise.all([this.#session.retire(), this.#belongings.forget(owner, departure)])
      },
      revoked: () => this.#session.drop(),
      departed: () => {
        this.#conversation.enter()
        void this.#belongings.draft.own(this.#following.owner)
        this.#updateGate()
      },
    })
    this.#session = createVisitorSession({
      app,
      server,
      storage: this.#storage,
      merges: mergePolicy === 'merge',
      identity: this.#identity,
      isAnonymous: () => this.#following.wanted === null,
    })
    this.#visitors = createChatVisitors({
      storage: this.#storage,
      connection: this.#connection,
      request,
      session: this.#session,
      following: this.#following,
      identity: this.#identity,
    })
    this.#request = createRenewingRequests(request, this.#identity)
    this.#conversation = new CurrentConversation({
      fetch: (request) => this.#request('messages:fetch', request),
      read: (request) => void this.#request('conversation:read', request),
    })
    this.#belongings = new Belongings({
      app,
      server,
      storage: this.#storage,
      send: ({ conversationId, clientId, body }) =>
        this.#request('message:send', { conversationId, clientId, text: body }),
      loginTimeoutMs: options.loginTimeoutMs,
    })
    this.#unwatch = followPage({
      tabs: this.#tabs,
      identity: this.#identity,
      belongings: this.#belongings,
      following: this.#following,
    })
    this.#wire()
    this.#loaded = this.#load()
  }

  async connect(): Promise<void> {
    if (this.#closed) throw new ChatError('closed', 'the client is closed')
    if (this.#options.app === '') this.#connection.stop('app-missing')
    else this.#connection.start()
    await whenConnected(this.#connection)
  }

  get user(): ChatUser | null {
    const { wanted } = this.#following
    return methodOf(wanted) === undefined ? wanted : null
  }

  set user(user: ChatUser | null) {
    void this.setUser(user)
  }

  setUser(user: ChatUser | null): Promise<void> {
    assertChatUser(user)
    // The host has no user, and says so again: whom the chat signed in stays.
    if (user === null && methodOf(this.#following.wanted) !== undefined) return Promise.resolve()
    return this.#following.follow(user, this.#belongings.logins.isOpen)
  }

  send(text: string): Promise<Message> {
    this.#storage.activate?.()
    this.#identity.renewIfDue()
    if (this.#options.app !== '' && !this.#closed) this.#connection.start()
    return this.#belongings.outgoing.send(text, this.#following.owner)
  }

  retry(clientId: ClientMessageId): void {
    this.#belongings.outgoing.outbox.retry(clientId)
  }

  discard(clientId: ClientMessageId): Promise<void> {
    return this.#belongings.outgoing.outbox.discard(clientId)
  }

  async newConversation(): Promise<ConversationId> {
    this.#identity.renewIfDue()
    const { owner } = this.#following
    const reply = await this.#request('conversation:start', {})
    if (!reply.ok) throw new ChatError(reply.error.code, reply.error.message)
    if (owner !== this.#following.owner) throw new ChatError('identity-changed', 'somebody else is here now')
    this.#conversation.open(reply.value)
    this.#updateGate()
    return reply.value.id
  }

  logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    return this.#following.logout(everywhere)
  }

  requestLogin(request: Pick<LoginRequest, 'reason' | 'messageId'>): LoginRequest {
    this.#storage.activate?.()
    const conversationId = this.#conversation.id
    const { login, isNew } = this.#belongings.logins.request({ ...request, conversationId })
    if (isNew) this.#emitter.emit('login-request', login)
    return login
  }

  takeLogin(requestId: LoginRequestId): void {
    this.#belongings.logins.take(requestId)
  }

  get builtInLogin(): ChatClientApi['builtInLogin'] {
    return this.#visitors.login
  }

  cancelLogin(requestId: LoginRequestId): void {
    this.#belongings.logins.cancel(requestId)
  }

  failLogin(requestId: LoginRequestId, reason: string): void {
    this.#belongings.logins.fail(requestId, reason)
  }

  loadOlder(): Promise<boolean> {
    return this.#conversation.timeline.loadOlder()
  }

  markRead(): void {
    this.#conversation.markRead()
  }

  setTyping(typing: boolean): void {
    const gate = this.#gate()
    if (gate.open && this.#typing.isDue(typing))
      this.#connection.notify('typing', { conversationId: gate.conversationId, typing })
  }

  get draft(): string {
    return this.#belongings.draft.text
  }

  set draft(text: string) {
    if (text !== '') this.#storage.activate?.()
    this.#belongings.draft.text = text
  }

  getState(): ChatState {
    return this.#feed.state
  }

  trace(): readonly TraceEntry[] {
    return this.#identity.trace()
  }

  on<Name extends keyof ChatClientEvents>(
    name: Name,
    listener: (detail: ChatClientEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#following.close()
    this.#unwatch()
    const saved = this.#belongings.close()
    this.#identity.close()
    this.#conversation.close()
    this.#connection.close()
    this.#session.release()
    this.#tabs.close()
    this.#emitter.clear()
    await saved
  }

  #wire(): void {
    const connection = this.#connection
    const conversation = this.#conversation
    const { outgoing, logins } = this.#belongings
    connection.on('state', (state) => this.#connectionChanged(state))
    this.#settled = watchProblems({
      server: this.#options.server,
      connection,
      following: this.#following,
      session: this.#session,
      visitors: this.#visitors,
      report: (error) => this.#report(error),
    })
    connection.onEvent('ready', (ready) => this.#ready(ready))
    conversation.follow(connection)
    connection.onEvent('conversation', () => this.#updateGate())
    connection.onEvent('context:needed', (need) => this.#identity.contextNeeded(need.refresh, need.cause))
    this.#identity.on('change', (change) => {
      this.#updateGate()
      this.#feed.changed()
      this.#emitter.emit('identity-change', change)
    })
    this.#identity.on('authenticated', (value) => this.#authenticated(value))
    this.#identity.on('signed-in', () => logins.signedIn())
    this.#identity.on('failed', (error) => {
      logins.failed()
      this.#emitter.emit('error', error)
    })
    conversation.on('change', () => this.#feed.changed())
    conversation.on('unread', (count) => this.#emitter.emit('unread-change', count))
    conversation.on('received', (message) => this.#emitter.emit('message-received', message))
    outgoing.on('change', () => this.#showPending())
    outgoing.on('sent', (message) => {
      conversation.timeline.acknowledge(message)
      this.#emitter.emit('message-sent', message)
    })
    logins.on('change', () => this.#feed.changed())
  }

  async #load(): Promise<void> {
    await this.#belongings.load()
    await this.#visitors.recall()
    const { wanted, owner } = this.#following
    if (wanted !== null && this.#options.mergePolicy !== 'separate')
      void this.#belongings.outgoing.outbox.reassign(ANONYMOUS, owner)
    this.#feed.changed()
  }

  #ready(ready: Ready): void {
    this.#app = ready.app
    void this.#session.settle(ready.session?.token)
    const { wanted, isLeaving } = this.#following
    if (wanted === null && ready.identity.status === 'unidentified' && !isLeaving) {
      // The user was taken back while the handshake for them was on its way.
      this.#connection.restart()
      return
    }
    this.#identity.ready(ready)
    const { conversation, identity } = ready
    if (conversation !== null && isSessionOf(identity, wanted)) this.#conversation.open(conversation)
    this.#updateGate()
    this.#feed.changed()
  }

  #authenticated({ conversation, receipt, session }: Authenticated): void {
    const { wanted, owner } = this.#following
    const isChats = this.#visitors.signedIn(wanted, session?.token)
    if (receipt !== undefined) {
      const reachable = new Set([...receipt.mergedConversations, conversation.id])
      void this.#belongings.outgoing.outbox.readdress(owner, reachable)
      if (this.#options.mergePolicy !== 'separate' && !isChats) void this.#session.drop()
    }
    this.#conversation.open(conversation)
  }

  #connectionChanged(state: ConnectionState): void {
    if (state.status !== 'connected') {
      this.#identity.disconnected()
      this.#conversation.disconnected()
      if (state.status !== 'connecting') this.#session.release()
    }
    this.#updateGate()
    this.#feed.changed()
    this.#emitter.emit('connection-change', state)
  }

  #gate(): OutboxGate {
    return sendingGate({
      connection: this.#connection.state,
      identity: this.#identity.state,
      wantsUser: this.#following.wanted !== null,
      isLeaving: this.#following.isLeaving,
      conversationId: this.#conversation.addressee,
    })
  }

  #updateGate(): void {
    this.#belongings.outgoing.setGate(this.#following.owner, this.#gate())
    this.#showPending()
  }

  #showPending(): void {
    this.#conversation.timeline.setPending(this.#belongings.outgoing.pending(this.#conversation.id))
  }

  #report({ code, message }: Pick<ChatError, 'code' | 'message'>, cause?: unknown): void {
    this.#emitter.emit('error', new ChatError(code, message, { cause }))
  }
}
