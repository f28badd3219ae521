/** The chat client: wires connection, identity, outbox and timeline, which do not know each other. */
import {
  ChatError,
  type ClientMessageId,
  type ConversationId,
  type LoginRequestId,
  type Message,
} from '@chat-widget/protocol'
import type { LoadLogins } from './belongings.ts'
import type { ChatClientApi, ChatClientEvents, ChatClientOptions, TraceEntry } from './chat-client-api.ts'
import type { ChatState, ChatUser, LoginRequest, MessageDraft, UserToSet } from './chat-state.ts'
import { toChatUser } from './chat-user.ts'
import { type ClientParts, createClientParts } from './client-parts.ts'
import { whenConnected } from './connection/when-connected.ts'
import { watchProblems } from './connection-problems.ts'
import { createStateFeed } from './conversation/state-feed.ts'
import { followServer } from './follow-server.ts'
import type { LoadSignIn } from './identity/identity-options.ts'
import { closedError } from './identity/run.ts'
import { methodOf } from './identity/signed-in-visitor.ts'
import { ANONYMOUS } from './identity/states.ts'
import { LoginRequests } from './login-requests.ts'
import { followPage } from './page-life.ts'
import { relayEvents } from './relay-events.ts'
import { snapshotOf } from './snapshot.ts'
import { createEmitter } from './util/emitter.ts'

/**
 * @internal A client whose host has passed `user` through `toChatUser`. The widget's first script does, so that the script
 * loaded later need not contain it.
 */
export class CheckedUserClient implements ChatClientApi {
  readonly #emitter = createEmitter<ChatClientEvents>()
  readonly #parts: ClientParts
  readonly #feed = createStateFeed(
    () => snapshotOf(this.#parts),
    (state) => this.#emitter.emit('change', state),
  )
  readonly #unwatch: () => void
  #closing: Promise<void> | null = null

  /** @internal `loadSignIn` is for tests. */
  constructor(options: ChatClientOptions, loadLogins: LoadLogins, loadSignIn?: LoadSignIn) {
    const report = ({ code, message }: Pick<ChatError, 'code' | 'message'>, cause?: unknown) =>
      this.#emitter.emit('error', new ChatError(code, message, { cause }))
    const changed = () => this.#feed.changed()
    this.#parts = createClientParts(
      options,
      {
        report,
        changed,
        start: () => this.#start(),
        assertOpen: () => this.#assertOpen(),
        prepared: () => loaded.then(settled),
      },
      loadSignIn,
      loadLogins,
    )
    this.#unwatch = followPage(this.#parts)
    const settled = watchProblems(this.#parts, report)
    followServer(this.#parts, changed)
    this.#parts.connection.on('state', (state) => this.#emitter.emit('connection-change', state))
    relayEvents(this.#parts, this.#emitter, changed)
    const loaded = Promise.resolve(options.after)
      .catch(() => {})
      .then(() => this.#load())
  }

  async connect(): Promise<void> {
    this.#assertOpen()
    this.#start()
    const { connection, identity } = this.#parts
    await whenConnected(connection)
    if (identity.wanted !== null) await identity.settled()
  }

  get user(): ChatUser | null {
    const { wanted } = this.#parts.identity
    return methodOf(wanted) === undefined ? wanted : null
  }

  set user(user: UserToSet) {
    this.setUser(user as ChatUser | null).catch(() => {})
  }

  async setUser(user: ChatUser | null): Promise<void> {
    this.#assertOpen()
    // The host has no user, and says so again: whom the chat signed in stays.
    if (user === null && methodOf(this.#parts.identity.wanted) !== undefined) return
    await this.#parts.identity.follow(user, this.#parts.belongings.logins?.isOpen)
  }

  async send(message: string | MessageDraft): Promise<Message> {
    this.#assertOpen()
    this.allowStorage()
    this.#parts.identity.renewIfDue()
    this.#start()
    if (this.#parts.options.app === '') throw new ChatError('app-missing', 'there is no app')
    return this.#parts.sending.send(message)
  }

  retry(clientId: ClientMessageId): void {
    this.#start()
    this.#parts.belongings.outgoing.outbox.retry(clientId)
  }

  discard(clientId: ClientMessageId): Promise<void> {
    return this.#parts.belongings.outgoing.outbox.discard(clientId)
  }

  newConversation(): Promise<ConversationId> {
    return this.#parts.conversations.start()
  }

  showConversation(id: ConversationId): Promise<void> {
    return this.#parts.conversations.show(id)
  }

  async logout({ everywhere = false }: { readonly everywhere?: boolean } = {}): Promise<void> {
    this.#assertOpen()
    await this.#parts.identity.logout(everywhere)
  }

  requestLogin(request: Pick<LoginRequest, 'reason' | 'messageId'>): LoginRequest {
    this.allowStorage()
    const { belongings, conversations } = this.#parts
    const { id: conversationId } = conversations.current
    if (belongings.logins === null) throw new ChatError('load-failed', 'not loaded')
    const { login, isNew } = belongings.logins.request({ ...request, conversationId })
    if (isNew) this.#emitter.emit('login-request', login)
    return login
  }

  takeLogin(requestId: LoginRequestId): void {
    void this.#parts.belongings.withLogins((logins) => logins.take(requestId))
  }

  /** @internal */
  get parts(): ChatClientApi['parts'] {
    return this.#parts
  }

  cancelLogin(requestId: LoginRequestId): void {
    void this.#parts.belongings.withLogins((logins) => logins.cancel(requestId))
  }

  failLogin(requestId: LoginRequestId, reason: string): void {
    void this.#parts.belongings.withLogins((logins) => logins.fail(requestId, reason))
  }

  loadOlder(): Promise<boolean> {
    return this.#parts.conversations.current.timeline.loadOlder()
  }

  markRead(): void {
    void this.#parts.conversations.current.markRead()
  }

  setTyping(typing: boolean): void {
    this.#parts.sending.setTyping(typing)
  }

  allowStorage(): void {
    this.#parts.storage.activate()
  }

  get draft(): string {
    return this.#parts.belongings.draft.text
  }

  set draft(text: string) {
    if (text !== '') this.allowStorage()
    this.#parts.belongings.draft.text = text
  }

  getState(): ChatState {
    return this.#feed.state
  }

  trace(): readonly TraceEntry[] {
    return this.#parts.identity.trace()
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
    const { identity, belongings, conversations, connection, session, tabs, storage } = this.#parts
    if (identity.isLeaving) await identity.retire()
    identity.close()
    this.#unwatch()
    const saved = belongings.close()
    conversations.close()
    connection.close()
    session.release()
    tabs.close()
    this.#emitter.clear()
    await saved
    storage.close?.()
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw closedError()
  }

  #start(): void {
    const { options, connection } = this.#parts
    if (this.#closing !== null) return
    if (options.app === '') connection.stop('app-missing')
    else connection.start()
  }

  async #load(): Promise<void> {
    const { belongings, visitors, identity, isMerging } = this.#parts
    await visitors.recall(belongings.load())
    const { wanted, owner } = identity
    if (wanted !== null && isMerging) void belongings.outgoing.outbox.claim(ANONYMOUS, owner)
    this.#feed.changed()
  }
}

/** See `ChatClientApi` for what each member promises. */
export class ChatClient extends CheckedUserClient {
  constructor(options: ChatClientOptions)
  /** @internal `loadSignIn` is for tests. */
  constructor(options: ChatClientOptions, loadSignIn?: LoadSignIn)
  constructor(options: ChatClientOptions, loadSignIn?: LoadSignIn) {
    super(options, async () => ({ LoginRequests }), loadSignIn)
  }

  override requestLogin(request: Pick<LoginRequest, 'reason' | 'messageId'>): LoginRequest {
    this.parts.belongings.useLogins(LoginRequests)
    return super.requestLogin(request)
  }

  override setUser(user: UserToSet): Promise<void> {
    return super.setUser(toChatUser(user))
  }
}
