/** Follows one conversation: watches it, fetches what is missing, and keeps receipts and typing current. */
import type {
  ClientMessageId,
  ConversationId,
  ConversationSummary,
  ErrorCode,
  FetchedMessages,
  FetchMessagesRequest,
  Message,
  MessageAuthor,
} from '@chat-widget/protocol'
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { MessageWindow } from '../timeline/message-window.ts'

const PAGE = 50
const GAP_PAGE = 200
/** A typing note that is not repeated is over: the one that ends it may be lost. */
const TYPING_TTL_MS = 8_000

interface ConversationRequests {
  watch(id: ConversationId): Promise<Reply<ConversationSummary>>
  fetch(request: FetchMessagesRequest): Promise<Reply<FetchedMessages>>
  read(id: ConversationId, seq: number): Promise<Reply<null>>
}

export interface ConversationFollowerOptions {
  readonly id: ConversationId
  readonly requests: ConversationRequests
  readonly policy: ReconnectPolicy
  readonly changed: () => void
}

export type FollowerState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly code: ErrorCode }
  | {
      readonly status: 'open'
      readonly summary: ConversationSummary
      readonly messages: readonly Message[]
      readonly hasOlder: boolean
      readonly typing: MessageAuthor | null
    }

export class ConversationFollower {
  readonly id: ConversationId
  readonly #options: ConversationFollowerOptions
  readonly #window = new MessageWindow(0)
  /** Whether the first page is there. */
  #loaded = false
  #summary: ConversationSummary | null = null
  #failed: ErrorCode | null = null
  #typing: MessageAuthor | null = null
  #typingTimer: ReturnType<typeof setTimeout> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #attempts = 0
  #syncing = false
  #syncAgain = false
  /** Not watched since the last connection was made. */
  #watching = false
  #readSeq = 0
  #closed = false

  constructor(options: ConversationFollowerOptions) {
    this.id = options.id
    this.#options = options
    void this.#sync()
  }

  get state(): FollowerState {
    if (this.#failed !== null) {
      return { status: 'failed', code: this.#failed }
    }
    if (this.#summary === null || !this.#loaded) {
      return { status: 'loading' }
    }
    return {
      status: 'open',
      summary: this.#summary,
      messages: this.#window.messages,
      hasOlder: this.#window.first > 1,
      typing: this.#typing,
    }
  }

  has(clientId: ClientMessageId): boolean {
    return this.#window.messages.some((message) => message.clientId === clientId)
  }

  /** The newest message that is here without a gap. */
  get lastSeq(): number {
    return this.#window.last
  }

  /** A new connection knows of no watching: watch again, and fetch what was missed meanwhile. */
  reconnected(): void {
    this.#watching = false
    this.#attempts = 0
    void this.#sync()
  }

  receive(message: Message): void {
    this.#window.receive([message])
    if (message.author.kind === this.#typing?.kind) {
      this.setTyping(null)
    }
    this.#afterNews()
  }

  noteHead(seq: number): void {
    this.#window.raiseHead(seq)
    this.#afterNews()
  }

  takeSummary(summary: ConversationSummary): void {
    this.#merge(summary)
    // Often told just before the message itself: taking it from here saves a fetch.
    if (summary.lastMessage !== null) {
      this.#window.receive([summary.lastMessage])
    }
    this.#afterNews()
  }

  #merge(summary: ConversationSummary): void {
    const { agentReadSeq = 0, visitorReadSeq = 0 } = this.#summary ?? {}
    this.#summary = {
      ...summary,
      agentReadSeq: Math.max(agentReadSeq, summary.agentReadSeq),
      visitorReadSeq: Math.max(visitorReadSeq, summary.visitorReadSeq),
    }
    this.#window.raiseHead(summary.headSeq)
  }

  takeReceipt(reader: 'visitor' | 'agent', seq: number): void {
    if (this.#summary !== null) {
      const key = reader === 'visitor' ? 'visitorReadSeq' : 'agentReadSeq'
      this.#summary = { ...this.#summary, [key]: Math.max(this.#summary[key], seq) }
      this.#options.changed()
    }
  }

  setTyping(author: MessageAuthor | null): void {
    clearTimeout(this.#typingTimer)
    this.#typing = author
    if (author !== null) {
      this.#typingTimer = setTimeout(() => this.setTyping(null), TYPING_TTL_MS)
    }
    this.#options.changed()
  }

  /** The agent has seen everything up to the cursor. Told to the server once per seq. */
  async markRead(): Promise<void> {
    const seq = this.#window.last
    if (seq <= Math.max(this.#readSeq, this.#summary?.agentReadSeq ?? 0)) {
      return
    }
    const before = this.#readSeq
    this.#readSeq = seq
    const reply = await this.#options.requests.read(this.id, seq)
    if (reply.ok) {
      this.takeReceipt('agent', seq)
    } else if (this.#readSeq === seq) {
      this.#readSeq = before
    }
  }

  /** Prepends the page before the first message; answers the error if that fails. */
  async loadOlder(): Promise<ReplyError | null> {
    if (this.#window.first <= 1) {
      return null
    }
    const reply = await this.#options.requests.fetch({
      conversationId: this.id,
      before: this.#window.first,
      limit: PAGE,
    })
    if (!reply.ok) {
      return reply.error
    }
    this.#window.prepend(reply.value.messages)
    this.#options.changed()
    return null
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#typingTimer)
    clearTimeout(this.#retryTimer)
  }

  #afterNews(): void {
    this.#options.changed()
    if (this.#loaded && this.#window.lacks) {
      void this.#sync()
    }
  }

  /** One run at a time; news during a run lead to another one. */
  async #sync(): Promise<void> {
    if (this.#syncing) {
      this.#syncAgain = true
      return
    }
    this.#syncing = true
    clearTimeout(this.#retryTimer)
    const error = await this.#step()
    this.#syncing = false
    if (this.#closed) {
      return
    }
    if (error === null) {
      this.#attempts = 0
      this.#failed = null
    } else if (error.code === 'not-found') {
      this.#failed = error.code
    } else {
      this.#attempts += 1
      const delay = Math.max(error.retryAfterMs ?? 0, this.#options.policy.nextDelayMs(this.#attempts))
      this.#retryTimer = setTimeout(() => void this.#sync(), delay)
    }
    this.#options.changed()
    if (this.#syncAgain) {
      this.#syncAgain = false
      void this.#sync()
    }
  }

  async #step(): Promise<ReplyError | null> {
    const { requests } = this.#options
    const conversationId = this.id
    if (!this.#watching) {
      const reply = await requests.watch(conversationId)
      if (!reply.ok) {
        return reply.error
      }
      this.#watching = true
      this.#merge(reply.value)
    }
    if (!this.#loaded) {
      const reply = await requests.fetch({ conversationId, limit: PAGE })
      if (!reply.ok) {
        return reply.error
      }
      this.#window.begin(reply.value.messages)
      this.#window.raiseHead(reply.value.headSeq)
      this.#loaded = true
    }
    while (this.#window.lacks && !this.#closed) {
      const after = this.#window.last
      const reply = await requests.fetch({ conversationId, after, limit: GAP_PAGE })
      if (!reply.ok) {
        return reply.error
      }
      this.#window.receive(reply.value.messages)
      if (this.#window.last === after) {
        return { code: 'internal', message: 'the server named a head that it does not have' }
      }
    }
    return null
  }
}
