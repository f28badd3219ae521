/** Replies that the server has not acknowledged: one at a time per conversation, in order, kept across reloads. */
import {
  type AgentSendRequest,
  type ClientMessageId,
  type ConversationId,
  type ErrorCode,
  FATAL_SEND_CODES,
  type SentMessage,
} from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { randomId } from '../util/random-id.ts'
import { storableBody } from '../util/storable-text.ts'
import type { AgentMessageBody } from './agent-state.ts'

export interface AgentOutboxEntry {
  readonly conversationId: ConversationId
  readonly clientId: ClientMessageId
  readonly body: AgentMessageBody
  /** ISO 8601, by this device's clock. */
  readonly createdAt: string
  readonly state: { readonly status: 'sending' } | { readonly status: 'failed'; readonly code: ErrorCode }
}

export interface AgentOutboxOptions {
  readonly send: (request: AgentSendRequest) => Promise<Reply<SentMessage>>
  readonly policy: ReconnectPolicy
  readonly changed: () => void
  readonly acknowledged: (entry: AgentOutboxEntry, sent: SentMessage) => void
  /** The signed-in agent's store; `null` while nobody is signed in. */
  readonly kept: () => {
    saveReply(entry: AgentOutboxEntry): void
    removeReply(entry: Pick<AgentOutboxEntry, 'clientId'>): void
  } | null
}

export class AgentOutbox {
  readonly #options: AgentOutboxOptions
  readonly #entries = new Map<ClientMessageId, AgentOutboxEntry>()
  /** Conversations whose first entry is under way or waits for its next try. */
  readonly #busy = new Map<ConversationId, ReturnType<typeof setTimeout> | null>()
  #attempts = 0
  /** Replies are restored in the order of their times, so no two have the same. */
  #newestAt = 0
  #closed = false

  constructor(options: AgentOutboxOptions) {
    this.#options = options
  }

  get all(): readonly AgentOutboxEntry[] {
    return [...this.#entries.values()]
  }

  of(conversationId: ConversationId): readonly AgentOutboxEntry[] {
    return this.all.filter((entry) => entry.conversationId === conversationId)
  }

  add(conversationId: ConversationId, body: AgentMessageBody): ClientMessageId {
    const clientId = randomId<ClientMessageId>()
    this.#newestAt = Math.max(Date.now(), this.#newestAt + 1)
    this.#put({
      conversationId,
      clientId,
      body: storableBody(body),
      createdAt: new Date(this.#newestAt).toISOString(),
      state: { status: 'sending' },
    })
    this.#options.changed()
    void this.#next(conversationId)
    return clientId
  }

  retry(clientId: ClientMessageId): void {
    const entry = this.#entries.get(clientId)
    if (entry?.state.status === 'failed') {
      // To the end of the line: what was written later has gone already.
      this.#entries.delete(clientId)
      this.#put({ ...entry, state: { status: 'sending' } })
      this.#options.changed()
      void this.#next(entry.conversationId)
    }
  }

  /** Gives a failed message up; one under way cannot be called back. */
  discard(clientId: ClientMessageId): void {
    if (this.#entries.get(clientId)?.state.status === 'failed') {
      this.#drop(clientId)
      this.#options.changed()
    }
  }

  /** The connection is back: what waits goes now. */
  flush(): void {
    this.#attempts = 0
    for (const [conversationId, timer] of this.#busy) {
      if (timer !== null) {
        clearTimeout(timer)
        this.#busy.delete(conversationId)
      }
    }
    for (const conversationId of new Set(this.all.map((entry) => entry.conversationId))) {
      void this.#next(conversationId)
    }
  }

  /** Replies of before a reload; they go with the next `flush()`. */
  restore(entries: readonly AgentOutboxEntry[]): void {
    for (const entry of entries)
      if (!this.#entries.has(entry.clientId)) this.#entries.set(entry.clientId, entry)
    this.#options.changed()
  }

  /** Empties the memory; what is kept stays. */
  clear(): void {
    this.#entries.clear()
    for (const timer of this.#busy.values()) {
      clearTimeout(timer ?? undefined)
    }
    this.#busy.clear()
  }

  close(): void {
    this.#closed = true
    this.clear()
  }

  #put(entry: AgentOutboxEntry): void {
    this.#entries.set(entry.clientId, entry)
    this.#options.kept()?.saveReply(entry)
  }

  #drop(clientId: ClientMessageId): void {
    this.#entries.delete(clientId)
    this.#options.kept()?.removeReply({ clientId })
  }

  async #next(conversationId: ConversationId): Promise<void> {
    const entry = this.of(conversationId).find(({ state }) => state.status === 'sending')
    if (entry === undefined || this.#busy.has(conversationId) || this.#closed) {
      return
    }
    this.#busy.set(conversationId, null)
    const { clientId, body } = entry
    const reply = await this.#options.send({ conversationId, clientId, body })
    // Cleared meanwhile: the agent signed out, and the answer concerns nobody.
    if (this.#entries.get(clientId) !== entry) {
      return
    }
    this.#busy.delete(conversationId)
    if (reply.ok) {
      this.#attempts = 0
      this.#drop(clientId)
      this.#options.acknowledged(entry, reply.value)
    } else if (FATAL_SEND_CODES.has(reply.error.code)) {
      this.#put({ ...entry, state: { status: 'failed', code: reply.error.code } })
    } else {
      this.#waitFor(conversationId, reply.error.retryAfterMs ?? 0)
    }
    this.#options.changed()
    void this.#next(conversationId)
  }

  #waitFor(conversationId: ConversationId, atLeastMs: number): void {
    this.#attempts += 1
    const delay = Math.max(atLeastMs, this.#options.policy.nextDelayMs(this.#attempts))
    const timer = setTimeout(() => {
      this.#busy.delete(conversationId)
      void this.#next(conversationId)
    }, delay)
    this.#busy.set(conversationId, timer)
  }
}
