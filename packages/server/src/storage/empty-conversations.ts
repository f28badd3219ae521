/**
 * Leaves of conversations only what agents wrote ([PD5]): everything else in them is the customer's, or was said about
 * them. In the transaction of the caller, who has locked them.
 */
import type { ConversationEvent, ConversationId, MessageId } from '@chat-widget/protocol'
import { DELETED_BY_REQUEST } from '@chat-widget/protocol/schemas'
import type { Kysely } from 'kysely'
import { contentOfRow, detailsOf } from '../kinds/index.ts'
import { forgottenEdit } from './append-about.ts'
import { type Counts, chunks, eraseBelongings } from './erase-rows.ts'
import { NOBODY } from './owner.ts'
import type { Tables } from './schema.ts'

type Database = Kysely<Tables>

/** Events that say nothing about the customer. */
const KEPT_EVENTS: ReadonlySet<ConversationEvent['type']> = new Set([
  'handed-to-agents',
  'handed-to-bot',
  'joined',
  'closed',
  'reopened',
  'deleted',
])

const ERASED = {
  kind: 'text',
  text: DELETED_BY_REQUEST,
  details: null,
  about: null,
  author_name: null,
  author_avatar: null,
  changed: 'erased',
} as const

/** Of these conversations, those in which an agent wrote. */
export async function withAgentsWords(
  db: Database,
  ids: readonly ConversationId[],
): Promise<readonly ConversationId[]> {
  const found: ConversationId[] = []
  for (const some of chunks(ids)) {
    const rows = await db
      .selectFrom('messages')
      .select('conversation_id')
      .distinct()
      .where('conversation_id', 'in', some)
      .where('author_kind', '=', 'agent')
      .where('kind', '=', 'text')
      .where('changed', 'is distinct from', 'deleted')
      .execute()
    found.push(...rows.map((row) => row.conversation_id))
  }
  return found
}

export async function emptyConversations(
  db: Database,
  ids: readonly ConversationId[],
  counts: Counts,
): Promise<void> {
  await eraseBelongings(db, ids, counts)
  for (const id of ids) {
    const rows = await db
      .selectFrom('messages')
      .select(['id', 'seq', 'author_kind', 'kind', 'text', 'details'])
      .where('conversation_id', '=', id)
      .execute()
    const erased: MessageId[] = []
    for (const row of rows) {
      const content = contentOfRow(row)
      if (content.kind === 'event') {
        const rest = restOf(content.event, row.seq)
        if (rest !== null) await db.updateTable('messages').set(rest).where('id', '=', row.id).execute()
      } else if (row.author_kind !== 'agent' || content.kind !== 'text') erased.push(row.id)
    }
    for (const some of chunks(erased))
      await counts.add(
        'messages',
        db
          .updateTable('messages')
          .set(ERASED)
          .where('id', 'in', some)
          .executeTakeFirstOrThrow()
          .then(asAffected),
      )
  }
  for (const some of chunks(ids))
    await counts.add(
      'conversations',
      db
        .updateTable('conversations')
        .set((row) => ({
          ...{ owner_kind: NOBODY.kind, owner_id: NOBODY.id, user_identifier: null },
          // Nothing in it asks to be read.
          ...{ status: 'closed', language: null, agent_read_seq: row.ref('head_seq') },
        }))
        .where('id', 'in', some)
        .executeTakeFirstOrThrow()
        .then(asAffected),
    )
}

const asAffected = ({ numUpdatedRows }: { readonly numUpdatedRows: bigint }) => ({
  numAffectedRows: numUpdatedRows,
})

/** Leaves of an event only that there was one; `null`: it says nothing about the customer. */
function restOf(event: ConversationEvent, seq: number): { text: string; details: string | null } | null {
  if (event.type === 'edited') return forgottenEdit(event.of)
  if (KEPT_EVENTS.has(event.type)) return null
  const text = DELETED_BY_REQUEST
  // Clients show it nowhere, as they show where a message was deleted.
  return { text, details: detailsOf({ kind: 'event', text, event: { type: 'deleted', of: seq } }) }
}
