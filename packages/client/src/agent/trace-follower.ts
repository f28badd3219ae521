/** [ID17] Keeps the identity trace of the open conversation current while somebody looks at it. */
import type { ConversationId, ConversationTrace } from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { IdentityTrace } from './agent-state.ts'

export interface TraceFollowerOptions {
  readonly fetch: (conversationId: ConversationId) => Promise<Reply<ConversationTrace>>
  readonly policy: ReconnectPolicy
  readonly changed: () => void
}

export class TraceFollower {
  readonly #options: TraceFollowerOptions
  #id: ConversationId | null = null
  #state: IdentityTrace | null = null
  /** Counts what makes an answer on its way one of an earlier question. */
  #epoch = 0
  #attempts = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: TraceFollowerOptions) {
    this.#options = options
  }

  /** `null` while nobody looks. */
  get state(): IdentityTrace | null {
    return this.#state
  }

  /** `null`: nobody looks any more. */
  show(id: ConversationId | null): void {
    if (id === this.#id) {
      return
    }
    this.#id = id
    this.#epoch += 1
    clearTimeout(this.#timer)
    this.#state = id === null ? null : { status: 'loading' }
    this.#options.changed()
    this.reload()
  }

  noteNews(id: ConversationId): void {
    if (id === this.#id) {
      this.reload()
    }
  }

  /** What is shown stays until the answer is there. */
  reload(): void {
    this.#attempts = 0
    void this.#fetch()
  }

  async #fetch(): Promise<void> {
    const id = this.#id
    if (id === null) {
      return
    }
    clearTimeout(this.#timer)
    this.#epoch += 1
    const epoch = this.#epoch
    const reply = await this.#options.fetch(id)
    if (epoch !== this.#epoch) {
      return
    }
    if (reply.ok) {
      this.#state = { status: 'loaded', entries: reply.value.entries }
    } else {
      if (this.#state?.status !== 'loaded') {
        this.#state = { status: 'failed', code: reply.error.code }
      }
      this.#attempts += 1
      const delay = Math.max(reply.error.retryAfterMs ?? 0, this.#options.policy.nextDelayMs(this.#attempts))
      this.#timer = setTimeout(() => void this.#fetch(), delay)
    }
    this.#options.changed()
  }
}
