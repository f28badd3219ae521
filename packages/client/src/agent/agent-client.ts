/** The agents' client: connects session, connection, list, open conversation and writing, which do not know each other. */
import {
  type ActionRunId,
  AGENT_NAMESPACE,
  type AgentId,
  type AgentReady,
  type AgentToServerEvents,
  type ClientMessageId,
  type ConversationId,
  type ErrorCode,
  PROTOCOL_VERSION,
  RELEASE,
  type RunActionRequest,
  type ServerToAgentEvents,
  type SignInMethods,
} from '@chat-widget/protocol'
import { Connection } from '../connection/connection.ts'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import { createFullJitterPolicy, type ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { serverAddress } from '../connection/server-address.ts'
import { createOutgoingTyping } from '../conversation/outgoing-typing.ts'
import { atMostEvery, createStateFeed, type StateFeed } from '../conversation/state-feed.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { createStorage } from '../storage/create-storage.ts'
import { createEmitter } from '../util/emitter.ts'
import { AgentActionRuns } from './agent-action-runs.ts'
import type { AgentClientApi, AgentClientEvents, AgentClientOptions } from './agent-client-api.ts'
import { SIGNED_OUT_CODES } from './agent-errors.ts'
import {
  type Agent,
  type AgentMessageBody,
  type AgentMessageDraft,
  type AgentSession,
  type AgentState,
  type ConversationFilter,
  fileLimits,
} from './agent-state.ts'
import { type AgentTeam, createAgentTeam } from './agent-team.ts'
import { type AgentTemplates, createAgentTemplates } from './agent-templates.ts'
import { type AgentWebhooks, createAgentWebhooks } from './agent-webhooks.ts'
import { AgentWriting } from './agent-writing.ts'
import { createConversationChanges } from './conversation-changes.ts'
import { ConversationListStore } from './conversation-list-store.ts'
import { followOpenConversation, OpenConversation } from './open-conversation.ts'
import { createSessionRequests, type SessionRequests } from './session-requests.ts'
import { createSessionRestorer, type SessionRestorer } from './session-restorer.ts'
import { TraceFollower } from './trace-follower.ts'

export function createAgentClient(options: AgentClientOptions): AgentClient {
  return new AgentClient(options)
}

export class AgentClient implements AgentClientApi {
  readonly #request = async <Name extends keyof AgentToServerEvents & string>(
    name: Name,
    payload: RequestOf<AgentToServerEvents, Name>,
  ): Promise<Reply<ValueOf<AgentToServerEvents, Name>>> => {
    const epoch = this.#epoch
    const reply = await this.#connection.request(name, payload)
    if (!reply.ok && epoch === this.#epoch) this.#judge(reply.error.code)
    return reply
  }
  readonly templates: AgentTemplates = createAgentTemplates(this.#request)
  readonly team: AgentTeam = createAgentTeam(this.#request)
  readonly webhooks: AgentWebhooks = createAgentWebhooks(this.#request)
  readonly #changes = createConversationChanges(this.#request, () => this.#open?.id)
  readonly #server: string
  readonly #policy: ReconnectPolicy
  readonly #sessions: SessionRequests
  readonly #restorer: SessionRestorer
  readonly #connection: Connection<ServerToAgentEvents, AgentToServerEvents>
  readonly #events = createEmitter<AgentClientEvents>()
  readonly #list: ConversationListStore
  readonly #trace: TraceFollower
  readonly #runs: AgentActionRuns
  readonly #typing = createOutgoingTyping((typing) => this.#tellTyping(typing))
  #session: AgentSession = { status: 'restoring' }
  #apps: AgentReady['apps'] = []
  #unread = 0
  readonly #storageOf: (agent: AgentId) => ChatStorage
  /** Unsent writing of the signed-in agent. */
  #writing: AgentWriting | null = null
  #open: OpenConversation | null = null
  readonly #feed: StateFeed<AgentState>
  /** Counts sign-ins and sign-outs, so that late answers to an earlier one are dropped. */
  #epoch = 0
  #closed = false

  constructor(options: AgentClientOptions) {
    const { server, policy = createFullJitterPolicy(), ackTimeoutMs } = options
    this.#server = serverAddress(server)
    this.#policy = policy
    this.#feed = createStateFeed(
      () => this.#compose(),
      (state) => {
        if (!this.#closed) this.#events.emit('change', state)
      },
      atMostEvery(options.changeEveryMs ?? 50),
    )
    this.#storageOf =
      options.storageOf ?? ((agent) => createStorage('persistent', `console:${agent}`, server))
    this.#sessions = options.sessions ?? createSessionRequests(server)
    this.#restorer = createSessionRestorer({
      current: () => this.#sessions.current(),
      policy,
      isUnknown: () => this.#session.status === 'restoring',
      found: (agent) => (agent === null ? this.#setSession({ status: 'signed-out' }) : this.#enter(agent)),
      failed: (problem) => this.#setSession({ status: 'restoring', problem }),
    })
    this.#connection = new Connection({
      server,
      namespace: AGENT_NAMESPACE,
      handshake: () => ({ protocolVersion: PROTOCOL_VERSION, release: RELEASE }),
      policy,
      ...(ackTimeoutMs === undefined ? {} : { ackTimeoutMs }),
    })
    const changed = () => this.#changed()
    this.#list = new ConversationListStore({
      fetchPage: (request) => this.#request('conversations:list', request),
      delivered: (held) => this.#mayWrite && this.#connection.notify('conversations:delivered', held),
      changed,
    })
    this.#trace = new TraceFollower({
      fetch: (conversationId) => this.#request('conversation:trace', { conversationId }),
      policy,
      changed,
    })
    this.#runs = new AgentActionRuns({
      ask: (request) => this.#request('action:run', request),
      headOf: (id) => this.#followed(id)?.timeline.cursor ?? this.#list.headOf(id),
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
    if (epoch === this.#epoch && !this.#closed) await this.#enter(agent)
  }

  signInMethods(): Promise<SignInMethods> {
    return this.#sessions.methods()
  }

  async signOut(): Promise<void> {
    await this.#sessions.signOut()
    await this.#writing?.clear()
    this.#leaveSession()
  }

  setFilter(filter: ConversationFilter): void {
    this.#list.setFilter(filter)
  }

  async loadMore(): Promise<void> {
    await this.#list.loadMore()
  }

  open(id: ConversationId): void {
    if (this.#open?.id === id) return
    this.leave()
    this.#open = new OpenConversation({
      id,
      policy: this.#policy,
      isSelf: ({ id: author }) => this.#session.status === 'signed-in' && author === this.#session.agent.id,
      watch: () => this.#request('conversation:watch', { conversationId: id }),
      fetch: (request) => this.#request('messages:fetch', request),
      read: (request) => this.#request('conversation:read', request),
      changed: () => this.#changed(),
      gone: () => void this.#list.load(),
    })
    void this.#writing?.loadDrafts()
    this.#writingChanged()
  }

  leave(): void {
    const open = this.#open
    if (open === null) return
    this.#typing.set(false)
    this.#open = null
    this.#trace.show(null)
    open.close()
    void this.#request('conversation:unwatch', { conversationId: open.id })
    this.#changed()
  }

  async loadOlder(): Promise<void> {
    await this.#open?.loadOlder()
  }

  send(message: AgentMessageDraft): ClientMessageId | null {
    if (this.#open === null || this.#writing === null || !this.#mayWrite) return null
    this.#typing.set(false)
    return this.#writing.send(this.#open.id, message)
  }

  retry(clientId: ClientMessageId): void {
    this.#writing?.retry(clientId)
  }

  discard(clientId: ClientMessageId): void {
    this.#writing?.discard(clientId)
  }

  runAction(conversationId: ConversationId, name: string, params: RunActionRequest['params']): ActionRunId {
    return this.#runs.add(conversationId, { name, params })
  }

  dismissRun(runId: ActionRunId): void {
    this.#runs.dismiss(runId)
  }

  setTyping(typing: boolean): void {
    if (this.#open !== null && this.#mayWrite) this.#typing.set(typing)
  }

  draft(id: ConversationId): string {
    return this.#writing?.draft(id) ?? ''
  }

  setDraft(id: ConversationId, text: string): void {
    this.#writing?.setDraft(id, text)
  }

  async unsentReplies(): Promise<number> {
    return (await this.#writing?.unsentReplies()) ?? 0
  }

  markRead(): void {
    if (this.#mayWrite) void this.#open?.markRead()
  }

  edit(seq: number, body: AgentMessageBody): Promise<void> {
    return this.#changes.edit(seq, body)
  }

  remove(seq: number): Promise<void> {
    return this.#changes.remove(seq)
  }

  closeConversation(): Promise<void> {
    return this.#changes.close()
  }

  handConversation(handler: 'bot' | 'agents'): Promise<void> {
    return this.#changes.hand(handler)
  }

  showIdentityTrace(shown: boolean): void {
    this.#trace.show(shown ? (this.#open?.id ?? null) : null)
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
    this.#open?.close()
    this.#open = null
    this.#writing?.close()
    this.#runs.clear()
    this.#list.clear()
    this.#connection.close()
    this.#events.clear()
  }

  #listen(): void {
    const connection = this.#connection
    connection.on('state', ({ status }) => {
      if (status !== 'connected') this.#writing?.setConnected(false)
      this.#changed()
    })
    connection.on('refused', (error) => this.#judge(error.code))
    connection.onEvent('session:ended', (error) => this.#leaveSession(error.code))
    connection.onEvent('ready', (ready) => this.#ready(ready))
    connection.onEvent('unread', ({ count }) => {
      this.#unread = count
      this.#changed()
    })
    connection.onEvent('conversation:updated', (summary) => this.#list.take(summary))
    connection.onEvent('conversations:deleted', () => void this.#list.load())
    followOpenConversation(connection, () => this.#open)
    connection.onEvent('conversation:traced', ({ conversationId }) => this.#trace.noteNews(conversationId))
    connection.onEvent('action:outcome', (notice) => this.#runs.take(notice))
  }

  get #mayWrite(): boolean {
    return this.#session.status === 'signed-in' && this.#session.agent.role !== 'reader'
  }

  #followed(id: ConversationId): OpenConversation['followed'] | undefined {
    return this.#open?.id === id ? this.#open.followed : undefined
  }

  /** Resolves when the agent's earlier writing is loaded. */
  async #enter(agent: Agent): Promise<void> {
    this.#writing?.close()
    const writing = new AgentWriting({
      storage: this.#storageOf(agent.id),
      server: this.#server,
      connection: this.#connection,
      request: this.#request,
      limits: (conversationId) => fileLimits(this.getState(), conversationId),
      policy: this.#policy,
      changed: () => this.#writingChanged(),
      acknowledged: (message) => this.#followed(message.conversationId)?.timeline.acknowledge(message),
    })
    this.#writing = writing
    this.#setSession({ status: 'signed-in', agent })
    this.#connection.start()
    await writing.load()
  }

  #writingChanged(): void {
    if (this.#open !== null)
      this.#open.followed.timeline.setPending(this.#writing?.pending(this.#open.id) ?? [])
    this.#changed()
  }

  #ready(ready: AgentReady): void {
    this.#apps = ready.apps
    this.#setSession({ status: 'signed-in', agent: ready.agent })
    void this.#list.load()
    this.#open?.reconnected()
    this.#trace.reload()
    // A reader's unsent replies, of before the role changed, stay where they are.
    this.#writing?.setConnected(this.#mayWrite)
    this.#runs.reconnected()
  }

  /** Deletes all state of the agent before anything else is shown. */
  #leaveSession(reason?: ErrorCode): void {
    this.#epoch += 1
    this.#restorer.stop()
    this.#typing.reset()
    this.#trace.show(null)
    this.#open?.close()
    this.#open = null
    this.#runs.clear()
    this.#apps = []
    this.#unread = 0
    this.#list.clear()
    this.#connection.stop()
    const counting = this.#writing?.close()
    this.#writing = null
    const session = { status: 'signed-out', ...(reason !== undefined && { reason }) } as const
    this.#setSession(session)
    void counting?.then((kept) => {
      if (kept > 0 && this.#session === session) this.#setSession({ ...session, kept })
    })
  }

  #judge(code: ErrorCode): void {
    if (SIGNED_OUT_CODES.has(code) && this.#session.status === 'signed-in') this.#leaveSession(code)
  }

  #tellTyping(typing: boolean): void {
    if (this.#open !== null) this.#connection.notify('typing', { conversationId: this.#open.id, typing })
  }

  #compose(): AgentState {
    return {
      connection: this.#connection.state,
      session: this.#session,
      apps: this.#apps,
      list: this.#list.state,
      unread: this.#unread,
      conversation: this.#open?.state(this.#runs.of(this.#open.id)) ?? null,
      identityTrace: this.#trace.state,
    }
  }

  #setSession(session: AgentSession): void {
    this.#session = session
    this.#changed()
  }

  #changed(): void {
    this.#feed.changed()
  }
}
