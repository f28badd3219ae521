/** [ID17] Updates the identity trace of the open conversation while it is shown. */
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
  /** Counts requests, so that the answer to an earlier one is dropped. */
  #epoch = 0
  #attempts = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: TraceFollowerOptions) {
    this.#options = options
  }

  /** `null` while it is not shown. */
  get state(): IdentityTrace | null {
    return this.#state
  }

  /** `null` hides it. */
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

  /** Keeps the shown trace until the answer arrives. */
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
