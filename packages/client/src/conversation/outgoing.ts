/** The visitor's own messages from `send()` to the ack: outbox entries, and the promises for them. */
import {
  ChatError,
  type ClientMessageId,
  type ConversationId,
  type ErrorCode,
  LIMITS,
  type Message,
} from '@chat-widget/protocol'
import type { FileDraft, MessageDraft, OutgoingBody } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import type { PendingMessage } from '../current-conversation.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import type { ResilientStorage } from '../storage/resilient-storage.ts'
import { pause } from '../util/pause.ts'
import { randomId } from '../util/random-id.ts'
import { storableBody, storableText } from '../util/storable-text.ts'
import { Outbox } from './outbox.ts'
import type { AddressedEntry } from './outbox-entry.ts'
import { createStoredOutbox } from './outbox-store.ts'
import { bodyOfFile, isFile, uploads } from './outgoing-file.ts'

interface Waiter {
  readonly resolve: (message: Message) => void
  readonly reject: (error: ChatError) => void
}

const KEPT = 'kept, or on its way'

/** Longest wait for the store when the client is closed: the browser's own has answered by then. Milliseconds. */
const WRITTEN_WITHIN_MS = 6_000

export interface Outgoing {
  readonly outbox: Outbox<OutgoingBody>
  /** Resolves with the acknowledged message; it may take days. An answer goes to the conversation `shown`. */
  send(message: string | MessageDraft, owner: string, shown: ConversationId | null): Promise<Message>
  /** Unacknowledged messages of the current conversation. */
  pending(conversationId: ConversationId | null): readonly PendingMessage[]
  /** Rejects the promises for entries in the outbox, of one owner or of all; the entries stay. */
  release(code: ErrorCode, message: string, owner?: string): void
  /** Resolves when everything is stored, `besides` included, and each `send()` is settled. */
  close(besides: Promise<unknown>): Promise<void>
}

export function createOutgoing(
  storage: Pick<ResilientStorage, 'saved'>,
  entries: ChatStorage,
  send: (entry: AddressedEntry<OutgoingBody>) => Promise<Reply<Message>>,
): Outgoing {
  const outbox = new Outbox({ store: createStoredOutbox<OutgoingBody>(entries), send })
  const waiters = new Map<ClientMessageId, Waiter>()

  function takeWaiter(clientId: ClientMessageId): Waiter | undefined {
    const waiter = waiters.get(clientId)
    waiters.delete(clientId)
    return waiter
  }
  const reject = (clientId: ClientMessageId, code: ErrorCode, message: string) =>
    takeWaiter(clientId)?.reject(new ChatError(code, message))

  outbox.on('sent', (message) => takeWaiter(message.clientId)?.resolve(message))
  outbox.on('failed', ({ entry, code, message }) => reject(entry.clientId, code, message))
  outbox.on('dropped', ({ clientId }) => reject(clientId, 'identity-changed', 'given up'))
  outbox.on('taken', ({ clientId }) => reject(clientId, 'send-pending', KEPT))

  return {
    outbox,
    async send(message, owner, shown) {
      const clientId = randomId<ClientMessageId>()
      const body =
        typeof message !== 'string' && 'file' in message
          ? bodyOfFile(message, clientId, entries)
          : bodyOf(message)
      const isText = typeof body === 'string'
      const problem = isText && problemOf(body)
      if (problem) throw problem
      const acknowledged = new Promise<Message>((resolve, reject) =>
        waiters.set(clientId, { resolve, reject }),
      )
      const createdAt = new Date().toISOString()
      void outbox.add({
        clientId,
        conversationId: isText || isFile(body) ? null : shown,
        body,
        owner,
        createdAt,
      })
      return acknowledged
    },
    pending: (conversationId) =>
      outbox
        .items()
        .filter(({ entry }) => entry.conversationId === null || entry.conversationId === conversationId)
        .map(({ entry, state }) => ({
          kind: 'pending',
          clientId: entry.clientId,
          text: textOf(entry.body),
          body: entry.body,
          upload: uploads.get(entry.body as object),
          createdAt: entry.createdAt,
          state,
        })),
    release(code, message, owner) {
      for (const clientId of waiters.keys())
        if (owner === undefined || outbox.find(clientId)?.entry.owner === owner)
          reject(clientId, code, message)
    },
    async close(besides) {
      outbox.close()
      const written = new AbortController()
      void Promise.allSettled([outbox.written(), besides]).then(() => written.abort())
      await pause(WRITTEN_WITHIN_MS, written.signal)
      const isKept = storage.saved === 'persistent'
      for (const clientId of waiters.keys()) {
        const item = outbox.find(clientId)
        if (item?.isTried || (isKept && item?.isKept)) reject(clientId, 'send-pending', KEPT)
        else reject(clientId, 'closed', 'not kept')
      }
    },
  }
}

/** A copy: the host may change its object before it is sent. */
function bodyOf(message: string | Exclude<MessageDraft, FileDraft>): OutgoingBody {
  if (typeof message === 'string') return storableText(message)
  if ('reply' in message) return storableBody({ text: message.reply.value, ...message })
  return 'values' in message ? storableBody(message) : storableText(message.text)
}

const textOf = (body: OutgoingBody): string =>
  typeof body === 'string'
    ? body
    : 'values' in body
      ? Object.values(body.values).join('\n')
      : (body.text ?? '')

function problemOf(text: string): ChatError | null {
  if (text.trim() === '') return new ChatError('bad-request', 'text must not be empty')
  if (text.length <= LIMITS.textLength) return null
  return new ChatError('too-large', `text must have at most ${LIMITS.textLength} characters`)
}
