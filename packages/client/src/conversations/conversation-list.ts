/** All of a visitor's conversations, newest first: what the client knows, and further pages as they are asked for. */
import {
  ChatError,
  type ConversationId,
  type OwnConversation,
  type OwnConversationPage,
} from '@chat-widget/protocol'
import type { ChatClientApi } from '../chat-client-api.ts'
import type { ChatState } from '../chat-state.ts'
import { type DraftTexts, keptDrafts } from '../conversation/kept-drafts.ts'
import { during } from '../util/during.ts'

/** A conversation in the list. */
export interface ListedConversation extends OwnConversation {
  /** Text being written in it. */
  readonly draft: string
  /** Number of messages written in it that the server does not have yet. */
  readonly unsent: number
}

export interface ConversationList {
  /** Newest first, with what is known by now. */
  readonly conversations: readonly ListedConversation[]
  /** True if the server has older ones. */
  readonly hasMore: boolean
  /** Loads the next page. Rejects with the code of the failure. */
  loadMore(): Promise<void>
}

/** Pages kept beyond the first: those loaded first are the newest. */
const PAGES_AT_MOST = 50

/** `changed`: called when more is known, beside the client's own `change`. */
export function createConversationList(
  client: Pick<ChatClientApi, 'getState' | 'parts'>,
  changed: () => void = () => {},
): ConversationList {
  const { parts } = client
  let visit = parts.identity.visit
  /** Of the conversations that are not shown, as of when `shown` was. */
  let drafts: DraftTexts = {}
  let shown: ConversationId | null | undefined
  let older = new Map<ConversationId, OwnConversation>()
  /** The cursor after the last loaded page; `undefined`: that of the first page. */
  let next: string | null | undefined
  let pages = 0
  let loading: Promise<void> | undefined

  /** [ID12] Nothing of the visitor before is shown. */
  function forget(): void {
    if (visit === parts.identity.visit) return
    visit = parts.identity.visit
    drafts = {}
    shown = undefined
    older = new Map()
    next = undefined
    pages = 0
    loading = undefined
  }

  async function load(): Promise<void> {
    const cursor = next ?? parts.conversations.page.cursor
    if (cursor === null) return
    const reply = await during(visit, parts.request('conversations:list', { cursor }))
    if (visit.aborted) throw visit.reason
    if (!reply.ok) throw new ChatError(reply.error.code, reply.error.message)
    for (const one of reply.value.conversations) older.set(one.id, one)
    pages += 1
    next = pages < PAGES_AT_MOST ? reply.value.cursor : null
  }

  /** They change when the visitor goes to another conversation. */
  function readDrafts(current: ConversationId | null): void {
    if (current === shown) return
    shown = current
    const of = visit
    void keptDrafts(parts.storage, parts.identity.owner).then((texts) => {
      if (of !== visit) return
      drafts = texts
      changed()
    })
  }

  return {
    get conversations() {
      forget()
      const state = client.getState()
      readDrafts(state.conversation?.id ?? null)
      return listed(state, older, drafts, parts)
    },
    get hasMore() {
      forget()
      return (next === undefined ? parts.conversations.page.cursor : next) !== null
    },
    loadMore() {
      forget()
      loading ??= load().finally(() => {
        loading = undefined
      })
      return loading
    },
  }
}

function listed(
  { conversations, conversation }: ChatState,
  older: ReadonlyMap<ConversationId, OwnConversation>,
  drafts: DraftTexts,
  ports: Pick<ChatClientApi['parts'], 'belongings' | 'conversations'>,
): readonly ListedConversation[] {
  const { belongings } = ports
  const entries = belongings.outgoing.outbox.items()
  const newest = new Set(conversations.map(({ id }) => id))
  const { page } = ports.conversations
  return [
    ...conversations.map((one) => withAgent(one, page)),
    ...[...older.values()].filter(({ id }) => !newest.has(id)),
  ]
    .sort((one, other) => (one.lastMessage.createdAt < other.lastMessage.createdAt ? 1 : -1))
    .map((one) => ({
      ...one,
      draft: one.id === conversation?.id ? belongings.draft.text : (drafts[one.id] ?? ''),
      // One that names no conversation goes to the current one.
      unsent: entries.filter(({ entry }) => (entry.conversationId ?? conversation?.id) === one.id).length,
    }))
}

/** Of the current one, the client knows the last message itself, and of the agent what the server told. */
function withAgent(one: OwnConversation, page: OwnConversationPage): OwnConversation {
  const agent = page.conversations.find(({ id }) => id === one.id)?.agent
  return agent === undefined ? one : { ...one, agent }
}
