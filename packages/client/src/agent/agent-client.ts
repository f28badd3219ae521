/** The agents' client: wires session, connection, list, open conversation and outbox, which do not know each other. */
import {
  type ActionRunId,
  AGENT_NAMESPACE,
  type AgentReady,
  type AgentToServerEvents,
  type ClientMessageId,
  type ConversationId,
  type ErrorCode,
  type MessageAuthor,
  PROTOCOL_VERSION,
  type RunActionRequest,
  type ServerToAgentEvents,
} from '@chat-widget/protocol'
import { Connection } from '../connection/connection.ts'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import { createFullJitterPolicy, type ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { createStateFeed, type StateFeed } from '../state-feed.ts'
import { createEmitter } from '../util/emitter.ts'
import { AgentActionRuns } from './agent-action-runs.ts'
import type { AgentClientApi, AgentClientEvents, AgentClientOptions } from './agent-client-api.ts'
import { chatError, SIGNED_OUT_CODES } from './agent-errors.ts'
import { AgentOutbox } from './agent-outbox.ts'
import type {
  Agent,
  AgentMessageBody,
  AgentSession,
  AgentState,
  ConversationFilter,
  OpenConversation,
} from './agent-state.ts'
import { ConversationFollower } from './conversation-follower.ts'
import { ConversationListStore } from './conversation-list-store.ts'
import { browserWriting, createKeptWriting, type KeptWriting, type WritingStorage } from './kept-writing.ts'
import { openConversation } from './open-conversation.ts'
import { createOutgoingTyping } from './outgoing-typing.ts'
import { ownMessage } from './own-message.ts'
import { createSessionRequests, type SessionRequests } from './session-requests.ts'
import { createSessionRestorer, type SessionRestorer } from './session-restorer.ts'
import { TraceFollower } from './trace-follower.ts'

export function createAgentClient(options: AgentClientOptions): AgentClient {
  return new AgentClient(options)
}

export class AgentClient implements AgentClientApi {
  readonly #policy: ReconnectPolicy
  readonly #sessions: SessionRequests
  readonly #restorer: SessionRestorer
  readonly #connection: Connection<ServerToAgentEvents, AgentToServerEvents>
  readonly #events = createEmitter<AgentClientEvents>()
  readonly #list: ConversationListStore
  readonly #outbox: AgentOutbox
  readonly #trace: TraceFollower
  readonly #runs: AgentActionRuns
  readonly #typing = createOutgoingTyping((typing) => this.#tellTyping(typing))
  #session: AgentSession = { status: 'restoring' }
  #apps: AgentReady['apps'] = []
  #unread = 0
  readonly #storage: WritingStorage
  #kept: KeptWriting | null = null
  #follower: ConversationFollower | null = null
  readonly #feed: StateFeed<AgentState>
  /** Counts sign-ins and sign-outs, so that late answers of an earlier one are dropped. */
  #epoch = 0
  #closed = false

  constructor(options: AgentClientOptions) {
    const { server, policy = createFullJitterPolicy(), ackTimeoutMs } = options
    this.#policy = policy
    this.#feed = createStateFeed(
      () => this.#compose(),
      (state) => {
        if (!this.#closed) this.#events.emit('change', state)
      },
      options.changeEveryMs ?? 50,
    )
    this.#storage = options.storage ?? browserWriting()
    this.#sessions = options.sessions ?? createSessionRequests(server)
    this.#restorer = createSessionRestorer({
      current: () => this.#sessions.current(),
      policy,
      found: (agent) => (agent === null ? this.#setSession({ status: 'signed-out' }) : this.#enter(agent)),
      failed: (problem) => this.#setSession({ status: 'restoring', problem }),
    })
    this.#connection = new Connection({
      server,
      namespace: AGENT_NAMESPACE,
      handshake: () => ({ protocolVersion: PROTOCOL_VERSION }),
      policy,
      ...(ackTimeoutMs === undefined ? {} : { ackTimeoutMs }),
    })
    const changed = () => this.#changed()
    this.#list = new ConversationListStore({
      fetchPage: (request) => this.#request('conversations:list', request),
      changed,
    })
    this.#trace = new TraceFollower({
      fetch: (conversationId) => this.#request('conversation:trace', { conversationId }),
      policy,
      changed,
    })
    this.#outbox = new AgentOutbox({
      send: (request) => this.#request('message:send', request),
      policy,
      changed,
      kept: () => this.#kept,
      acknowledged: (entry, sent) => {
        if (this.#session.status === 'signed-in' && this.#follower?.id === entry.conversationId) {
          this.#follower.receive(ownMessage(entry, sent, this.#session.agent))
        }
      },
    })
    this.#runs = new AgentActionRuns({
      ask: (request) => this.#request('action:run', request),
      headOf: (id) => this.#followed(id)?.lastSeq ?? this.#list.headOf(id),
      changed,
    })
    this.#listen()
  }

  async restore(): Promise<void> {
    this.#epoch += 1
    await this.#restorer.start()
  }

  async signIn(email: string, password: string): Promise<void> {
    const epoch = ++this.#epoch
    this.#restorer.stop()
    const agent = await this.#sessions.signIn(email, password)
    if (epoch === this.#epoch && !this.#closed) {
      this.#enter(agent)
    }
  }

  async signOut(): Promise<void> {
    await this.#sessions.signOut()
    this.#kept?.clear()
    this.#leaveSession()
  }

  setFilter(filter: ConversationFilter): void {
    this.#list.setFilter(filter)
  }

  async loadMore(): Promise<void> {
    await this.#list.loadMore()
  }

  open(id: ConversationId): void {
    if (this.#follower?.id === id) {
      return
    }
    this.leave()
    this.#follower = new ConversationFollower({
      id,
      policy: this.#policy,
      changed: () => this.#changed(),
      requests: {
        watch: (conversationId) => this.#request('conversation:watch', { conversationId }),
        fetch: (request) => this.#request('messages:fetch', request),
        read: (conversationId, seq) => this.#request('conversation:read', { conversationId, seq }),
      },
    })
    this.#changed()
  }

  leave(): void {
    const follower = this.#follower
    if (follower !== null) {
      this.#typing.set(false)
      this.#follower = null
      this.#trace.show(null)
      follower.close()
      void this.#request('conversation:unwatch', { conversationId: follower.id })
      this.#changed()
    }
  }

  async loadOlder(): Promise<void> {
    const error = (await this.#follower?.loadOlder()) ?? null
    if (error !== null) {
      throw chatError(error)
    }
  }

  send(body: AgentMessageBody): ClientMessageId | null {
    if (this.#follower === null) {
      return null
    }
    this.#typing.set(false)
    return this.#outbox.add(this.#follower.id, body)
  }

  retry(clientId: ClientMessageId): void {
    this.#outbox.retry(clientId)
  }

  discard(clientId: ClientMessageId): void {
    this.#outbox.discard(clientId)
  }

  runAction(conversationId: ConversationId, name: string, params: RunActionRequest['params']): ActionRunId {
    return this.#runs.add(conversationId, { name, params })
  }

  dismissRun(runId: ActionRunId): void {
    this.#runs.dismiss(runId)
  }

  setTyping(typing: boolean): void {
    if (this.#follower !== null) {
      this.#typing.set(typing)
    }
  }

  draft(id: ConversationId): string {
    return this.#kept?.draft(id) ?? ''
  }

  setDraft(id: ConversationId, text: string): void {
    this.#kept?.saveDraft(id, text)
  }

  unsentReplies(): number {
    // Those of other windows, and those that the browser refused to keep.
    const replies = [...(this.#kept?.replies() ?? []), ...this.#outbox.all]
    return new Set(replies.map(({ clientId }) => clientId)).size
  }

  markRead(): void {
    void this.#follower?.markRead()
  }

  async closeConversation(): Promise<void> {
    if (this.#follower === null) return
    const reply = await this.#request('conversation:close', { conversationId: this.#follower.id })
    if (!reply.ok) throw chatError(reply.error)
  }

  async handConversation(handler: 'bot' | 'agents'): Promise<void> {
    if (this.#follower === null) return
    const reply = await this.#request('conversation:hand', { conversationId: this.#follower.id, handler })
    if (!reply.ok) throw chatError(reply.error)
  }

  showIdentityTrace(shown: boolean): void {
    this.#trace.show(shown ? (this.#follower?.id ?? null) : null)
  }

  getState(): AgentState {
    return this.#feed.state
  }

  on<Name extends keyof AgentClientEvents>(
    name: Name,
    listener: (detail: AgentClientEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener)
  }

  close(): void {
    this.#closed = true
    this.#epoch += 1
    this.#restorer.stop()
    this.#typing.reset()
    this.#trace.show(null)
    this.#follower?.close()
    this.#follower = null
    this.#outbox.close()
    this.#runs.clear()
    this.#connection.close()
    this.#events.clear()
  }

  #listen(): void {
    const connection = this.#connection
    connection.on('state', () => this.#changed())
    connection.on('refused', (error) => this.#judge(error.code))
    connection.onEvent('session:ended', (error) => this.#leaveSession(error.code))
    connection.onEvent('ready', (ready) => this.#ready(ready))
    connection.onEvent('unread', ({ count }) => {
      this.#unread = count
      this.#changed()
    })
    connection.onEvent('conversation:updated', (summary) => {
      this.#list.take(summary)
      this.#followed(summary.id)?.takeSummary(summary)
    })
    connection.onEvent('message', (message) => this.#followed(message.conversationId)?.receive(message))
    connection.onEvent('head', (head) => this.#followed(head.conversationId)?.noteHead(head.headSeq))
    connection.onEvent('conversation:traced', ({ conversationId }) => this.#trace.noteNews(conversationId))
    connection.onEvent('action:outcome', (notice) => this.#runs.take(notice))
    connection.onEvent('receipt', ({ conversationId, reader, seq }) =>
      this.#followed(conversationId)?.takeReceipt(reader, seq),
    )
    connection.onEvent('typing', ({ conversationId, author, typing }) =>
      this.#isOwn(author) ? undefined : this.#followed(conversationId)?.setTyping(typing ? author : null),
    )
  }

  /** Another window of the same agent. */
  #isOwn = ({ id }: MessageAuthor) => this.#session.status === 'signed-in' && id === this.#session.agent.id

  #followed(id: ConversationId): ConversationFollower | null {
    return this.#follower?.id === id ? this.#follower : null
  }

  #enter(agent: Agent): void {
    this.#kept = createKeptWriting(agent.id, this.#storage)
    this.#outbox.restore(this.#kept.replies())
    this.#setSession({ status: 'signed-in', agent })
    this.#connection.start()
  }

  #ready(ready: AgentReady): void {
    this.#apps = ready.apps
    this.#setSession({ status: 'signed-in', agent: ready.agent })
    void this.#list.load()
    this.#follower?.reconnected()
    this.#trace.reload()
    this.#outbox.flush()
    this.#runs.reconnected()
  }

  /** Forgets everything of the agent before anything else is shown. */
  #leaveSession(reason?: ErrorCode): void {
    this.#epoch += 1
    this.#restorer.stop()
    this.#typing.reset()
    this.#trace.show(null)
    this.#follower?.close()
    this.#follower = null
    this.#outbox.clear()
    this.#runs.clear()
    this.#apps = []
    this.#unread = 0
    this.#list.clear()
    this.#connection.stop()
    const kept = this.#kept?.count ?? 0
    this.#kept = null
    this.#setSession(
      reason === undefined
        ? { status: 'signed-out' }
        : { status: 'signed-out', reason, ...(kept > 0 && { kept }) },
    )
  }

  #judge(code: ErrorCode): void {
    if (SIGNED_OUT_CODES.has(code) && this.#session.status === 'signed-in') {
      this.#leaveSession(code)
    }
  }

  async #request<Name extends keyof AgentToServerEvents & string>(
    name: Name,
    payload: RequestOf<AgentToServerEvents, Name>,
  ): Promise<Reply<ValueOf<AgentToServerEvents, Name>>> {
    const epoch = this.#epoch
    const reply = await this.#connection.request(name, payload)
    if (!reply.ok && epoch === this.#epoch) {
      this.#judge(reply.error.code)
    }
    return reply
  }

  #tellTyping(typing: boolean): void {
    if (this.#follower !== null) {
      this.#connection.notify('typing', { conversationId: this.#follower.id, typing })
    }
  }

  #compose(): AgentState {
    return {
      connection: this.#connection.state,
      session: this.#session,
      apps: this.#apps,
      list: this.#list.state,
      unread: this.#unread,
      conversation: this.#conversation(),
      identityTrace: this.#trace.state,
    }
  }

  #conversation(): OpenConversation | null {
    const follower = this.#follower
    return follower === null
      ? null
      : openConversation(follower, this.#outbox.of(follower.id), this.#runs.of(follower.id))
  }

  #setSession(session: AgentSession): void {
    this.#session = session
    this.#changed()
  }

  #changed(): void {
    this.#feed.changed()
  }
}
