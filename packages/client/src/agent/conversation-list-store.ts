/** The list of conversations: loaded in pages, and updated by the server's events. */
import type {
  ConsoleDeliveredRequest,
  ConversationId,
  ConversationPage,
  ConversationSummary,
  ListConversationsRequest,
} from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import type { ConversationFilter, ConversationList } from './agent-state.ts'
import { createDeliveredReporter } from './delivered-reporter.ts'

const PAGE = 50
/** The server's largest page. */
const LARGEST_PAGE = 100

export interface ConversationListOptions {
  readonly fetchPage: (request: ListConversationsRequest) => Promise<Reply<ConversationPage>>
  /** Tells the server what this console holds; may be lost. */
  readonly delivered: (held: ConsoleDeliveredRequest) => void
  readonly changed: () => void
}

export class ConversationListStore {
  readonly #options: ConversationListOptions
  readonly #reporter
  #filter: ConversationFilter = { status: 'open', app: null }
  #status: ConversationList['status'] = 'loading'
  #byId = new Map<ConversationId, ConversationSummary>()
  #cursor: string | null = null
  /** Answers to requests of an earlier generation are dropped. */
  #generation = 0

  constructor(options: ConversationListOptions) {
    this.#options = options
    this.#reporter = createDeliveredReporter(options.delivered)
  }

  get state(): ConversationList {
    return {
      filter: this.#filter,
      status: this.#status,
      conversations: [...this.#byId.values()].sort(newestFirst),
      hasMore: this.#cursor !== null,
    }
  }

  /** The last message's seq of a conversation, as far as the list knows. */
  headOf(id: ConversationId): number {
    return this.#byId.get(id)?.headSeq ?? 0
  }

  setFilter(filter: ConversationFilter): void {
    this.#filter = filter
    this.#byId.clear()
    void this.load()
  }

  clear(): void {
    this.#generation += 1
    this.#reporter.clear()
    this.#filter = { status: 'open', app: null }
    this.#byId.clear()
    this.#cursor = null
    this.#status = 'loading'
    this.#options.changed()
  }

  /** Loads the newest conversations; after a reconnect as many as before. */
  async load(): Promise<void> {
    const generation = ++this.#generation
    const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, this.#byId.size))
    this.#begin()
    const told = new Map<ConversationId, ConversationSummary>()
    this.#told = told
    const reply = await this.#options.fetchPage({ ...this.#query(), limit })
    if (generation !== this.#generation) {
      return
    }
    if (reply.ok) {
      this.#byId = new Map(reply.value.conversations.map((summary) => [summary.id, summary]))
      for (const summary of reply.value.conversations) this.#reporter.take(summary)
      this.#cursor = reply.value.cursor
      // Updates received while the page was loading are at least as new as the page.
      for (const summary of told.values()) {
        this.#place(summary)
      }
    }
    this.#end(reply.ok)
  }

  /** Appends the next page. */
  async loadMore(): Promise<void> {
    if (this.#cursor === null || this.#status === 'loading') {
      return
    }
    const generation = ++this.#generation
    const cursor = this.#cursor
    this.#begin()
    const told = new Map<ConversationId, ConversationSummary>()
    this.#told = told
    const reply = await this.#options.fetchPage({ ...this.#query(), cursor, limit: PAGE })
    if (generation !== this.#generation) {
      return
    }
    if (reply.ok) {
      for (const summary of reply.value.conversations) {
        this.#reporter.take(summary)
        if (!told.has(summary.id)) {
          this.#byId.set(summary.id, summary)
        }
      }
      this.#cursor = reply.value.cursor
    }
    this.#end(reply.ok)
  }

  /** Takes an event: a conversation was created or changed. */
  take(summary: ConversationSummary): void {
    this.#reporter.take(summary)
    this.#told.set(summary.id, summary)
    this.#place(summary)
    this.#options.changed()
  }

  #told = new Map<ConversationId, ConversationSummary>()

  #place(summary: ConversationSummary): void {
    const { status, app } = this.#filter
    if (summary.status === status && (app === null || summary.app === app)) {
      this.#byId.set(summary.id, summary)
    } else {
      this.#byId.delete(summary.id)
    }
  }

  #query(): Pick<ListConversationsRequest, 'status' | 'app'> {
    const { status, app } = this.#filter
    return { status, ...(app === null ? {} : { app }) }
  }

  #begin(): void {
    this.#status = 'loading'
    this.#options.changed()
  }

  #end(ok: boolean): void {
    this.#status = ok ? 'loaded' : 'failed'
    this.#options.changed()
  }
}

/** ISO 8601 in UTC sorts as text, which is much cheaper than parsing thousands of dates. */
function newestFirst(one: ConversationSummary, other: ConversationSummary): number {
  if (one.updatedAt === other.updatedAt) return one.id < other.id ? 1 : -1
  return one.updatedAt < other.updatedAt ? 1 : -1
}
