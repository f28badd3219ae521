/** The agent's open conversation: watched, caught up with after each reconnect, and composed for the screen. */
import type {
  ConversationId,
  ConversationSummary,
  ErrorCode,
  FetchedMessages,
  FetchMessagesRequest,
  MessageAuthor,
  ReadRequest,
  ServerToAgentEvents,
} from '@chat-widget/protocol'
import type { EventsFrom, Reply, ReplyError } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { FollowedConversation } from '../conversation/followed-conversation.ts'
import { pause } from '../util/pause.ts'
import { chatError } from './agent-errors.ts'
import type { AgentActionRun, AgentTimelineItem, OpenConversation as State } from './agent-state.ts'

export interface OpenConversationOptions {
  readonly id: ConversationId
  readonly watch: () => Promise<Reply<ConversationSummary>>
  readonly fetch: (request: FetchMessagesRequest) => Promise<Reply<FetchedMessages>>
  readonly read: (request: ReadRequest) => Promise<Reply<null>>
  /** The agent of this window. */
  readonly isSelf: (author: MessageAuthor) => boolean
  readonly policy: ReconnectPolicy
  readonly changed: () => void
  /** Called if there is no such conversation (any more). */
  readonly gone: () => void
}

export type PendingReply = Extract<AgentTimelineItem, { kind: 'pending' }>

export class OpenConversation {
  readonly id: ConversationId
  readonly followed: FollowedConversation<PendingReply>
  readonly #options: OpenConversationOptions
  #summary: ConversationSummary | null = null
  #failed: ErrorCode | null = null
  #isWatching = false
  #isClosed = false
  /** Aborted to retry at once. */
  #wait = new AbortController()

  constructor(options: OpenConversationOptions) {
    const { id, isSelf, fetch, read } = options
    this.id = id
    this.#options = options
    this.followed = new FollowedConversation({
      side: 'agent',
      isSelf,
      read,
      fetch: (request) =>
        request.before === undefined ? this.#insist(() => fetch(request)) : this.#fetchOlder(request),
    })
    this.followed.on('change', options.changed)
    this.followed.timeline.open(id)
    void this.#watch()
  }

  state(runs: readonly AgentActionRun[]): State {
    const { id, followed } = this
    if (this.#failed !== null) return { status: 'failed', id, code: this.#failed }
    const { items, hasOlder, status } = followed.timeline.view
    if (this.#summary === null || status !== 'loaded') return { status: 'loading', id }
    // [PD5] What an action told of a customer who was erased goes, too.
    const shown = this.#summary.erased ? [] : runs
    const summary = {
      ...this.#summary,
      agentReadSeq: followed.confirmedSeq,
      visitorReadSeq: followed.timeline.peer.read,
    }
    const first = followed.timeline.messages[0]?.seq ?? 1
    return {
      status: 'open',
      id,
      summary,
      items: withRuns(items, shown, first),
      hasOlder,
      typing: followed.typing,
    }
  }

  /** A new connection has no subscription: subscribes again, and fetches missed messages. */
  reconnected(): void {
    this.#wait.abort()
    this.#wait = new AbortController()
    void this.#watch()
  }

  takeSummary(summary: ConversationSummary): void {
    if (this.#keep(summary)) this.followed.open(summary, true)
    // Often sent just before the message itself: using it here saves a fetch.
    if (summary.lastMessage !== null) this.followed.timeline.receive([summary.lastMessage])
    this.followed.learn(summary)
    this.#options.changed()
  }

  async markRead(): Promise<void> {
    await this.followed.markRead()
    this.#options.changed()
  }

  /** Prepends the page before the first message; rejects if it cannot be loaded. */
  async loadOlder(): Promise<void> {
    this.#pageError = null
    await this.followed.timeline.loadOlder()
    if (this.#pageError !== null) throw chatError(this.#pageError)
  }

  close(): void {
    this.#isClosed = true
    this.#wait.abort()
    this.followed.close()
  }

  #pageError: ReplyError | null = null

  async #fetchOlder(request: FetchMessagesRequest): Promise<Reply<FetchedMessages>> {
    const reply = await this.#options.fetch(request)
    if (!reply.ok) this.#pageError = reply.error
    return reply
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return
    this.#isWatching = true
    const reply = await this.#insist(() => this.#options.watch())
    this.#isWatching = false
    if (this.#isClosed) return
    this.#failed = reply.ok ? null : reply.error.code
    if (reply.ok) {
      this.#keep(reply.value)
      this.followed.open(reply.value, true)
    } else this.#options.gone()
    this.#options.changed()
  }

  /** [PD5] Returns true if its customer was erased: it is to be loaded again, as nothing of them may stay on the screen. */
  #keep(summary: ConversationSummary): boolean {
    const isErased = summary.erased === true && this.#summary !== null && !this.#summary.erased
    this.#summary = summary
    if (isErased) this.followed.clear()
    return isErased
  }

  /** Retries until there is an answer, which may be that there is no such conversation. */
  async #insist<Value>(ask: () => Promise<Reply<Value>>): Promise<Reply<Value>> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await ask()
      if (reply.ok || reply.error.code === 'not-found' || this.#isClosed) return reply
      const delay = Math.max(reply.error.retryAfterMs ?? 0, this.#options.policy.nextDelayMs(attempt))
      await pause(delay, this.#wait.signal)
      if (this.#isClosed) return reply
    }
  }
}

/** Passes what the server tells of the conversation that is open at the time. */
export function followOpenConversation(
  server: EventsFrom<ServerToAgentEvents>,
  open: () => OpenConversation | null,
): void {
  server.onEvent('conversation:updated', (summary) => {
    if (open()?.id === summary.id) open()?.takeSummary(summary)
  })
  // The open one may be among them.
  server.onEvent('conversations:deleted', () => open()?.reconnected())
  server.onEvent('message', (message) => open()?.followed.timeline.receive([message]))
  server.onEvent('head', (head) => open()?.followed.timeline.head(head.conversationId, head.headSeq))
  server.onEvent('receipt', (receipt) => open()?.followed.takeReceipt(receipt))
  server.onEvent('delivered', (receipt) => open()?.followed.takeDelivered(receipt))
  server.onEvent('typing', (typing) => open()?.followed.takeTyping(typing))
}

/** Puts runs after the message they began at, and before pending messages. */
function withRuns(
  items: readonly AgentTimelineItem[],
  runs: readonly AgentActionRun[],
  firstSeq: number,
): readonly AgentTimelineItem[] {
  // Runs from before the first loaded message come with its page.
  const waiting = runs
    .filter(({ afterSeq }) => afterSeq >= firstSeq - 1)
    .sort((one, other) => one.afterSeq - other.afterSeq)
    .map((run) => ({ kind: 'run', run }) as const)
  const placed: AgentTimelineItem[] = []
  for (const item of items) {
    const seq = item.kind === 'stored' ? item.message.seq : Number.POSITIVE_INFINITY
    for (let [next] = waiting; next !== undefined && next.run.afterSeq < seq; [next] = waiting) {
      placed.push(next)
      waiting.shift()
    }
    placed.push(item)
  }
  return [...placed, ...waiting]
}
