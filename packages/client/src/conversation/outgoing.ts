/** The visitor's own messages from `send()` to the ack: outbox entries, and the promises for them. */
import {
  ChatError,
  type ClientMessageId,
  type ConversationId,
  type ErrorCode,
  LIMITS,
  type Message,
} from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import type { PendingMessage } from '../current-conversation.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { ResilientStorage } from '../storage/resilient-storage.ts'
import { pause } from '../util/pause.ts'
import { randomId } from '../util/random-id.ts'
import { storableText } from '../util/storable-text.ts'
import { Outbox } from './outbox.ts'
import type { AddressedEntry, OutboxGate } from './outbox-entry.ts'
import { createStoredOutbox } from './outbox-store.ts'

interface Waiter {
  readonly resolve: (message: Message) => void
  readonly reject: (error: ChatError) => void
}

const KEPT = 'kept, or on its way'

/** Longest wait for the store when the client is closed: the browser's own has answered by then. Milliseconds. */
const WRITTEN_WITHIN_MS = 6_000

export class Outgoing {
  readonly #storage: Pick<ResilientStorage, 'saved'>
  readonly outbox: Outbox<string>
  readonly #waiters = new Map<ClientMessageId, Waiter>()

  constructor(
    storage: Pick<ResilientStorage, 'saved'>,
    entries: ChatStorage,
    send: (entry: AddressedEntry<string>) => Promise<Reply<Message>>,
  ) {
    this.#storage = storage
    this.outbox = new Outbox({ store: createStoredOutbox<string>(entries), send })
    this.outbox.on('sent', (message) => this.#takeWaiter(message.clientId)?.resolve(message))
    this.outbox.on('failed', ({ entry, code, message }) => this.#reject(entry.clientId, code, message))
    this.outbox.on('dropped', ({ clientId }) =>
      this.#reject(clientId, 'identity-changed', 'the message was given up'),
    )
    this.outbox.on('taken', ({ clientId }) =>
      this.#reject(clientId, 'send-pending', `a user’s from now on; ${KEPT}`),
    )
  }

  /** Resolves with the acknowledged message; it may take days. */
  send(written: string, owner: string): Promise<Message> {
    const text = storableText(written)
    const problem = problemOf(text)
    if (problem !== null) return Promise.reject(problem)
    const clientId = randomId<ClientMessageId>()
    return new Promise((resolve, reject) => {
      this.#waiters.set(clientId, { resolve, reject })
      const createdAt = new Date().toISOString()
      void this.outbox.add({ clientId, conversationId: null, body: text, owner, createdAt })
    })
  }

  setGate(owner: string, gate: OutboxGate): void {
    this.outbox.setGate(owner, gate)
  }

  /** Unacknowledged messages of the current conversation. */
  pending(conversationId: ConversationId | null): readonly PendingMessage[] {
    return this.outbox
      .items()
      .filter(({ entry }) => entry.conversationId === null || entry.conversationId === conversationId)
      .map(({ entry, state }) => ({
        kind: 'pending',
        clientId: entry.clientId,
        text: entry.body,
        createdAt: entry.createdAt,
        state,
      }))
  }

  /** Rejects the promises for entries in the outbox, of one owner or of all; the entries stay. */
  release(code: ErrorCode, message: string, owner?: string): void {
    for (const clientId of this.#waiters.keys())
      if (owner === undefined || this.outbox.find(clientId)?.entry.owner === owner)
        this.#reject(clientId, code, message)
  }

  /** Resolves when everything is stored, `besides` included, and each `send()` is settled. */
  async close(besides: Promise<unknown>): Promise<void> {
    this.outbox.close()
    const written = new AbortController()
    void Promise.allSettled([this.outbox.written(), besides]).then(() => written.abort())
    await pause(WRITTEN_WITHIN_MS, written.signal)
    const isKept = this.#storage.saved === 'persistent'
    for (const clientId of this.#waiters.keys()) {
      const item = this.outbox.find(clientId)
      if (item?.isTried || (isKept && item?.isKept)) this.#reject(clientId, 'send-pending', `closed; ${KEPT}`)
      else this.#reject(clientId, 'closed', 'the message is not kept')
    }
  }

  #reject(clientId: ClientMessageId, code: ErrorCode, message: string): void {
    this.#takeWaiter(clientId)?.reject(new ChatError(code, message))
  }

  #takeWaiter(clientId: ClientMessageId): Waiter | undefined {
    const waiter = this.#waiters.get(clientId)
    this.#waiters.delete(clientId)
    return waiter
  }
}

function problemOf(text: string): ChatError | null {
  if (text.trim() === '') return new ChatError('bad-request', 'text must not be empty')
  if (text.length <= LIMITS.textLength) return null
  return new ChatError('too-large', `text must have at most ${LIMITS.textLength} characters`)
}
