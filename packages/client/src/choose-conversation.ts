/**
 * Starts or shows a conversation, for the visitor who asked for it and for no later one ([ID12]). Loaded when a visitor
 * first does so.
 */
import { ChatError, type Conversation } from '@chat-widget/protocol'
import type { Reply } from './connection/event-maps.ts'
import { type ObservableConnection, whenState } from './connection/when-connected.ts'
import type { Draft } from './conversation/draft.ts'
import { type Place, swapDrafts } from './conversation/kept-drafts.ts'
import type { Identity } from './identity/run.ts'
import type { ChatStorage } from './storage/chat-storage.ts'

export interface ChooseConversationPorts {
  readonly identity: Pick<Identity, 'visit' | 'owner' | 'settled' | 'isLeaving'>
  readonly connection: ObservableConnection
  readonly mergePolicy: 'merge' | 'separate'
  readonly storage: ChatStorage
  readonly draft: () => Draft
  /** It is the current one from now on, as if the server had said so ([DL15]). */
  readonly chosen: (conversation: Conversation) => void
}

/**
 * Requests the conversation by `ask`; `by`: who asked for it; `left`: the conversation shown until then, which keeps its
 * draft.
 */
export async function chooseConversation(
  { identity, connection, mergePolicy, storage, draft, chosen }: ChooseConversationPorts,
  by: Pick<Identity, 'visit' | 'owner'>,
  ask: () => Promise<Reply<Conversation>>,
  left: () => Place,
): Promise<Conversation> {
  const { visit, owner } = by
  await identity.settled()
  // The first attempt to connect has ended, whether or not it succeeded.
  await whenState(connection, (state) => state.status !== 'connecting')
  if (visit.aborted) throw visit.reason
  const reply = await ask()
  if (reply.ok && !visit.aborted) await swapDrafts(storage, draft(), identity.owner, left(), reply.value)
  if (visit.aborted) throw visit.reason
  if (!reply.ok) throw new ChatError(reply.error.code, reply.error.message)
  // If conversations stay separate, it is the anonymous visitor's, and no longer wanted.
  if (mergePolicy === 'separate' && owner !== identity.owner)
    throw new ChatError('identity-changed', 'who asked for it has signed in')
  chosen(reply.value)
  return reply.value
}
