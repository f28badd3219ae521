/** The chat client: wires connection, identity, outbox and timeline, which do not know each other. */
import {
  ChatError,
  type ClientMessageId,
  type ConversationId,
  LIMITS,
  type LoginRequestId,
  type Message,
} from '@chat-widget/protocol'
import { Belongings } from './belongings.ts'
import { type ChatVisitors, createChatVisitors } from './built-in-login/chat-visitors.ts'
import type { ChatClientApi, ChatClientEvents, ChatClientOptions, TraceEntry } from './chat-client-api.ts'
import type { ChatState, ChatUser, LoginRequest, UserToSet } from './chat-state.ts'
import { toChatUser } from './chat-user.ts'
import { serverAddress } from './connection/server-address.ts'
import { whenConnected } from './connection/when-connected.ts'
import { watchProblems } from './connection-problems.ts'
import { Sending } from './conversation/sending.ts'
import { createStateFeed } from './conversation/state-feed.ts'
import { followServer } from './follow-server.ts'
import type { LoadSignIn } from './identity/identity-options.ts'
import { closedError, Identity } from './identity/run.ts'
import { methodOf } from './identity/signed-in-visitor.ts'
import { ANONYMOUS } from './identity/states.ts'
import { followPage } from './page-life.ts'
import { relayEvents } from './relay-events.ts'
import { createRenewingRequests, type RenewingRequest } from './renewing-requests.ts'
import { snapshotOf } from './snapshot.ts'
import { createClientStorage } from './storage/client-storage.ts'
import { createStorage } from './storage/create-storage.ts'
import { createEmitter } from './util/emitter.ts'
import { createVisitorConnection, type VisitorConnection } from './visitor-connection.ts'
import { VisitorConversations } from './visitor-conversations.ts'
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
        conversations: this.#conversations,
        logins: this.#belongings.logins,
        storage: this.#storage,
        app: this.#app,
      }),
    (state) => this.#emitter.emit('change', state),
  )
  readonly #storage
  readonly #tabs: VisitorConnection['tabs']
  readonly #lead: VisitorConnection['lead']
  readonly #belongings
  readonly #session: VisitorSession
  readonly #connection: VisitorConnection['connection']
  readonly #identity: Identity
  readonly #conversations: VisitorConversations
  readonly #visitors: ChatVisitors
  readonly #request: RenewingRequest
  readonly #sending: Sending
  readonly #loaded: Promise<void>
  readonly #unwatch: () => void
  #settled = () => Promise.resolve()
  #app: ChatState['app'] = null
  #closing: Promise<void> | null = null

  /** `loadSignIn` is for tests. */
  constructor(options: ChatClientOptions, loadSignIn?: LoadSignIn) {
    this.#options = options
    const { app, mergePolicy = 'merge' } = options
    const server = serverAddress(options.server)
    const storage = options.storage ?? createStorage('persistent', app, server)
    this.#storage = createClientStorage(app, server, storage, {
      report: (error, cause) => this.#report(error, cause),
      changed: () => this.#feed.changed(),
    })
    const { tabs, lead, connection } = createVisitorConnection({
      app,
      server,
      handshake: () => this.#prepared().then(() => this.#session.handshake()),
      peek: () => this.#prepared().then(() => this.#session.peek()),
      shown: () => this.#session.shown,
      visitor: () => ({
        identity: this.#identity,
        conversation: this.#conversations.current,
        app: this.#app,
      }),
    })
    this.#tabs = tabs
    this.#lead = lead
    this.#connection = connection
    const request = this.#connection.request.bind(this.#connection)
    this.#identity = new Identity({
      mergePolicy,
      providerTimeoutMs: options.providerTimeoutMs ?? LIMITS.providerTimeoutMs,
      connection: this.#connection,
      start: () => this.#start(),
      authenticate: (payload) => request('identity:authenticate', payload),
      signOut: (payload) => request('identity:sign-out', payload),
      request,
      load: loadSignIn,
      anonymousSecret: () => this.#session.anonymous,
      tabs: this.#tabs,
      isRepresented: () => this.#lead.isRepresented,
      sharesAnonymous: this.#storage.scope !== 'tab',
      adopted: () => {
        const taken = this.#belongings.takeAlong(this.#identity.owner, mergePolicy)
        void taken.then(() => this.#feed.changed())
        this.#sending.update()
      },
      purge: async (owner, departure) => {
        const forgotten = this.#belongings.forget(owner, departure, this.#identity.owner)
        this.#conversations.leave()
        this.#sending.update()
        await Promise.all([this.#session.retire(), forgotten])
      },
      revoked: () => this.#session.drop(),
      departed: () => {
        this.#conversations.current.enter()
        void this.#belongings.draft.own(this.#identity.owner)
        this.#sending.update()
      },
    })
    this.#session = createVisitorSession({
      app,
      server,
      storage: this.#storage,
      merges: mergePolicy === 'merge',
      identity: this.#identity,
      isAnonymous: () => this.#identity.wanted === null,
    })
    this.#visitors = createChatVisitors({
      storage: this.#storage,
      connection: this.#connection,
      request,
      session: this.#session,
      identity: this.#identity,
    })
    this.#request = createRenewingRequests(request, this.#identity)
    this.#conversations = new VisitorConversations({
      request: this.#request,
      identity: this.#identity,
      connection: this.#connection,
      mergePolicy,
      prepare: () => {
        if (this.#closing !== null) throw closedError()
        this.#identity.renewIfDue()
        this.#start()
      },
      chosen: (conversation) => this.#connection.tell('conversation', conversation),
    })
    this.#belongings = new Belongings({
      storage: this.#storage,
      send: ({ conversationId, clientId, body }) =>
        this.#request('message:send', { conversationId, clientId, text: body }),
      loginTimeoutMs: options.loginTimeoutMs,
      tabs: this.#tabs,
      isFollowing: () => this.#lead.isFollowing,
      isLeaving: () => this.#identity.isLeaving,
      changed: () => this.#feed.changed(),
    })
    this.#sending = new Sending({
      connection: this.#connection,
      identity: this.#identity,
      conversation: this.#conversations.current,
      outgoing: this.#belongings.outgoing,
    })
    this.#unwatch = followPage({
      tabs: this.#tabs,
      identity: this.#identity,
      belongings: this.#belongings,
    })
    this.#wire()
    this.#loaded = Promise.resolve(options.after)
      .catch(() => {})
      .then(() => this.#load())
  }

  async connect(): Promise<void> {
    if (this.#closing !== null) throw closedError()
    this.#start()
    await whenConnected(this.#connection)
    if (this.#identity.wanted !== null) await this.#identity.settled()
  }

  get user(): ChatUser | null {
    const { wanted } = this.#identity
    return methodOf(wanted) === undefined ? wanted : null
  }

  set user(user: UserToSet) {
    this.setUser(user).catch(() => {})
  }

  setUser(value: UserToSet): Promise<void> {
    const user = toChatUser(value)
    if (this.#closing !== null) return Promise.reject(closedError())
    // The host has no user, and says so again: whom the chat signed in stays.
    if (user === null && methodOf(this.#identity.wanted) !== undefined) return Promise.resolve()
    return this.#identity.follow(user, this.#belongings.logins.isOpen)
  }

  send(text: string): Promise<Message> {
    if (this.#closing !== null) return Promise.reject(closedError())
    this.#storage.activate?.()
    this.#identity.renewIfDue()
    this.#start()
    if (this.#options.app === '') return Promise.reject(new ChatError('app-missing', 'there is no app'))
    return this.#sending.send(text)
  }

  retry(clientId: ClientMessageId): void {
    this.#start()
    this.#belongings.outgoing.outbox.retry(clientId)
  }

  discard(clientId: ClientMessageId): Promise<void> {
    return this.#belongings.outgoing.outbox.discard(clientId)
  }

  newConversation(): Promise<ConversationId> {
    return this.#conversations.start()
  }

  showConversation(id: ConversationId): Promise<void> {
    return this.#conversations.show(id)
  }

  logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    if (this.#closing !== null) return Promise.reject(closedError())
    return this.#identity.logout(everywhere)
  }

  requestLogin(request: Pick<LoginRequest, 'reason' | 'messageId'>): LoginRequest {
    this.#storage.activate?.()
    const conversationId = this.#conversations.current.id
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
    return this.#conversations.current.timeline.loadOlder()
  }

  markRead(): void {
    void this.#conversations.current.markRead()
  }

  setTyping(typing: boolean): void {
    this.#sending.setTyping(typing)
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

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#identity.isLeaving) await this.#identity.retire()
    this.#identity.close()
    this.#unwatch()
    const saved = this.#belongings.close()
    this.#conversations.close()
    this.#connection.close()
    this.#session.release()
    this.#tabs.close()
    this.#emitter.clear()
    await saved
    this.#storage.close?.()
  }

  /** It is known as whom to connect. */
  #prepared(): Promise<void> {
    return this.#loaded.then(() => this.#settled())
  }

  #start(): void {
    if (this.#closing !== null) return
    if (this.#options.app === '') this.#connection.stop('app-missing')
    else this.#connection.start()
  }

  #wire(): void {
    const connection = this.#connection
    this.#settled = watchProblems({
      server: this.#options.server,
      connection,
      identity: this.#identity,
      session: this.#session,
      visitors: this.#visitors,
      report: (error) => this.#report(error),
    })
    followServer({
      connection,
      lead: this.#lead,
      identity: this.#identity,
      session: this.#session,
      visitors: this.#visitors,
      conversations: this.#conversations,
      outbox: this.#belongings.outgoing.outbox,
      sending: this.#sending,
      isMerging: this.#options.mergePolicy !== 'separate',
      greeted: ({ app }) => {
        this.#app = app
      },
      changed: () => this.#feed.changed(),
    })
    connection.on('state', (state) => this.#emitter.emit('connection-change', state))
    relayEvents({
      emitter: this.#emitter,
      feed: this.#feed,
      identity: this.#identity,
      conversations: this.#conversations,
      outgoing: this.#belongings.outgoing,
      logins: this.#belongings.logins,
      sending: this.#sending,
    })
  }

  async #load(): Promise<void> {
    await this.#belongings.load()
    await this.#visitors.recall()
    const { wanted, owner } = this.#identity
    if (wanted !== null && this.#options.mergePolicy !== 'separate')
      void this.#belongings.outgoing.outbox.claim(ANONYMOUS, owner)
    this.#feed.changed()
  }

  #report({ code, message }: Pick<ChatError, 'code' | 'message'>, cause?: unknown): void {
    this.#emitter.emit('error', new ChatError(code, message, { cause }))
  }
}
