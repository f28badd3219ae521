/** Releases the work that login cards block: in the transaction of the sign-in that answers them, once ([ID15]). */
import type { ConversationId, VisitorId } from '@chat-widget/protocol'
import type { ExpressionBuilder, Transaction } from 'kysely'
import { eventContent } from '../kinds/event.ts'
import { resumeRuns } from './action-runs.ts'
import { storeAppends } from './append-group.ts'
import { botJob } from './append-jobs.ts'
import type { SqlDatabase } from './database.ts'
import { derivedClientId } from './derived-client-id.ts'
import { addJobs } from './jobs.ts'
import type { LoginCardsTable, Tables } from './schema.ts'
import type {
  AppendRequest,
  AppendResult,
  BlockedWork,
  BotWork,
  ReleasedWork,
  UserRecord,
} from './storage.ts'

type Database = Transaction<Tables>

export const NOTHING_RELEASED: ReleasedWork = { events: [], actionRuns: [] }
/** Keeps the statements far below the databases' limits of parameters. */
const CHUNK = 200

/**
 * Locks, in the order of ids, the user's conversations with unanswered cards, and all of the anonymous visitor who
 * becomes the user. Resolves with those that have such cards.
 */
export async function lockReleasable(
  db: Database,
  user: UserRecord,
  visitorId: VisitorId | null,
  locksRows: boolean,
): Promise<readonly ConversationId[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('id')
    .select((row) => row.exists(waitingCards(row)).as('has_cards'))
    .where((where) =>
      where.or([
        where.and([
          where('owner_kind', '=', 'user'),
          where('owner_id', '=', user.id),
          where.exists(waitingCards(where)),
        ]),
        ...(visitorId === null
          ? []
          : [
              where.and([
                where('owner_kind', '=', 'visitor'),
                where('owner_id', '=', visitorId),
                where('app', '=', user.app),
              ]),
            ]),
      ]),
    )
    .orderBy('id')
    .$if(locksRows, (query) => query.forUpdate())
    .execute()
  return rows.flatMap((row) => (row.has_cards ? [row.id] : []))
}

const waitingCards = (row: ExpressionBuilder<Tables, 'conversations'>) =>
  row
    .selectFrom('login_cards')
    .select('message_id')
    .whereRef('login_cards.conversation_id', '=', 'conversations.id')
    .where('taken_at', 'is', null)

/** Takes the cards of these conversations, which belong to the user and are locked. */
export async function releaseBlocked(
  db: Database,
  database: Pick<SqlDatabase, 'together'>,
  user: UserRecord,
  conversationIds: readonly ConversationId[],
  when: Pick<AppendRequest, 'at' | 'webhooksOf'>,
): Promise<ReleasedWork> {
  const { at } = when
  const events: ReleasedWork['events'][number][] = []
  const actionRuns: ReleasedWork['actionRuns'][number][] = []
  for (let from = 0; from < conversationIds.length; from += CHUNK) {
    const cards = await take(db, conversationIds.slice(from, from + CHUNK), at)
    events.push(...(await recordSignedIn(db, database, user, cards, when)))
    const owed = cards.flatMap((card) => botWorkOf(card))
    if (owed.length > 0) {
      const jobs = owed.map(([id, work]) => botJob({ id, app: user.app }, work, at))
      await addJobs(db, jobs)
    }
    const runs = cards.flatMap(({ blocked }) => (blocked.kind === 'action-run' ? [blocked.runId] : []))
    await resumeRuns(db, runs, at)
    actionRuns.push(...runs)
  }
  return { events, actionRuns }
}

type Card = Pick<LoginCardsTable, 'conversation_id' | 'message_id'> & { readonly blocked: BlockedWork }

async function take(db: Database, ids: readonly ConversationId[], at: number): Promise<readonly Card[]> {
  const rows = await db
    .updateTable('login_cards')
    .set({ taken_at: at })
    .where('conversation_id', 'in', ids)
    .where('taken_at', 'is', null)
    .returning(['conversation_id', 'message_id', 'seq', 'blocked'])
    .execute()
  const seen = new Set<string>()
  return rows
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ conversation_id, message_id, blocked }) => {
      // Two cards may block the same message; it is replayed once.
      const key = `${conversation_id} ${blocked}`
      const isRepeated = seen.has(key)
      seen.add(key)
      const work: BlockedWork = isRepeated ? { kind: 'nothing' } : JSON.parse(blocked)
      return { conversation_id, message_id, blocked: work }
    })
}

/** Adds an event to each conversation, once. */
async function recordSignedIn(
  db: Database,
  { together }: Pick<SqlDatabase, 'together'>,
  user: UserRecord,
  cards: readonly Card[],
  when: Pick<AppendRequest, 'at' | 'webhooksOf'>,
): Promise<ReleasedWork['events']> {
  const firsts = new Map(cards.toReversed().map((card) => [card.conversation_id, card]))
  const requests = [...firsts.values()].map(
    ({ conversation_id, message_id }): AppendRequest => ({
      conversationId: conversation_id,
      clientId: derivedClientId('signed-in', message_id),
      author: { kind: 'system' },
      body: eventContent({ type: 'signed-in', userIdentifier: user.userIdentifier }),
      ...when,
      as: null,
      notifyBot: false,
      takeOver: false,
    }),
  )
  if (requests.length === 0) return []
  // The conversations are locked already.
  const results: readonly AppendResult[] = await storeAppends(db, requests, { locksRows: false, together })
  return results.flatMap((result) =>
    result.ok && result.created ? [{ message: result.message, conversation: result.conversation }] : [],
  )
}

function botWorkOf({
  conversation_id,
  message_id,
  blocked,
}: Card): readonly (readonly [ConversationId, BotWork])[] {
  switch (blocked.kind) {
    case 'message':
      return [[conversation_id, { kind: 'message', messageId: blocked.messageId }]]
    case 'action': {
      const { name, params } = blocked
      return [[conversation_id, { kind: 'action', name, params, key: `login.${message_id}` }]]
    }
    case 'action-run':
    case 'nothing':
      return []
    default:
      return blocked satisfies never
  }
}
