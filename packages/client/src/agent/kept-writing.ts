/** An agent's drafts and unsent replies, kept in the browser until they are sent: for that agent, and no other. */
import type { AgentId, ConversationId } from '@chat-widget/protocol'
import { localArea } from '../browser/browser.ts'
import type { AgentOutboxEntry } from './agent-outbox.ts'

/** The part of `localStorage` that is used. */
export type WritingStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export interface KeptWriting {
  /** In the order in which they were written. */
  replies(): readonly AgentOutboxEntry[]
  saveReply(entry: AgentOutboxEntry): void
  removeReply(entry: Pick<AgentOutboxEntry, 'clientId'>): void
  draft(conversationId: ConversationId): string
  /** An empty text deletes the draft. */
  saveDraft(conversationId: ConversationId, text: string): void
  /** Drafts and replies. */
  readonly count: number
  clear(): void
}

/** Drafts end with their conversation on the screen, rather than be kept for ever. */
const DRAFTS_AT_MOST = 200

function memory(): WritingStorage {
  const values = new Map<string, string>()
  return {
    get length() {
      return values.size
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

/** `localStorage`, or memory where the page has none or may not use it. */
export const browserWriting = (): WritingStorage => localArea() ?? memory()

/** Whatever is not understood is left alone: a newer version may have written it. */
function readReply(text: string | null): AgentOutboxEntry | null {
  try {
    const entry = JSON.parse(text ?? '') as Partial<AgentOutboxEntry> | null
    const isReply =
      typeof entry?.clientId === 'string' &&
      typeof entry.conversationId === 'string' &&
      typeof entry.createdAt === 'string' &&
      typeof entry.body === 'object' &&
      (entry.state?.status === 'sending' || entry.state?.status === 'failed')
    return isReply ? (entry as AgentOutboxEntry) : null
  } catch {
    return null
  }
}

export function createKeptWriting(agent: AgentId, storage: WritingStorage): KeptWriting {
  const replyPrefix = `chat-console:${agent}:reply:`
  const draftPrefix = `chat-console:${agent}:draft:`
  /** Where the browser refuses to keep a draft, the page has it. */
  const drafts = new Map<ConversationId, string>()
  // One key for each, so that two windows of an agent never write over each other's.
  const keys = (prefix: string) =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter(
      (key): key is string => key?.startsWith(prefix) === true,
    )
  const save = (key: string, value: string) => {
    try {
      storage.setItem(key, value)
    } catch {
      // Full or refused: it goes on living in the page.
    }
  }
  return {
    replies: () =>
      keys(replyPrefix)
        .flatMap((key) => readReply(storage.getItem(key)) ?? [])
        .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1)),
    saveReply: (entry) => save(replyPrefix + entry.clientId, JSON.stringify(entry)),
    removeReply: ({ clientId }) => storage.removeItem(replyPrefix + clientId),
    draft: (conversationId) =>
      drafts.get(conversationId) ?? storage.getItem(draftPrefix + conversationId) ?? '',
    saveDraft(conversationId, text) {
      const key = draftPrefix + conversationId
      drafts.delete(conversationId)
      if (text === '') return storage.removeItem(key)
      const kept = keys(draftPrefix)
      if (!kept.includes(key) && kept[0] !== undefined && kept.length >= DRAFTS_AT_MOST)
        storage.removeItem(kept[0])
      save(key, text)
      if (storage.getItem(key) !== text) drafts.set(conversationId, text)
    },
    get count() {
      return keys(replyPrefix).length + keys(draftPrefix).length
    },
    clear() {
      for (const key of [...keys(replyPrefix), ...keys(draftPrefix)]) storage.removeItem(key)
    },
  }
}
