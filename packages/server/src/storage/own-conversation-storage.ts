/** A visitor's own conversations in the storage. */
import type { AppId, ConversationId, ConversationSummary, OwnConversationPage } from '@chat-widget/protocol'
import type { Owner } from './owner.ts'

export interface OwnConversationsQuery {
  readonly owner: Owner
  readonly app: AppId
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface OwnConversationStorage {
  /** Conversations with at least one message, newest first; as many as fit into an answer ([DL9]). */
  listOwn(query: OwnConversationsQuery): Promise<OwnConversationPage>
  /** True if the owner has an open conversation in the app. */
  hasOpen(owner: Owner, app: AppId): Promise<boolean>
  /** The ratings of those conversations that have one. */
  ratingsOf(
    ids: readonly ConversationId[],
  ): Promise<ReadonlyMap<ConversationId, NonNullable<ConversationSummary['rated']>>>
}
