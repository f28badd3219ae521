/** Jobs in the database: see `job-storage.ts`. */
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { SqlDatabase } from './database.ts'
import type { JobKind, JobStorage, Lease, LeasedJob, ListedJob, NewJob } from './job-storage.ts'
import { newOrderedId } from './records.ts'
import type { JobsTable, Tables } from './schema.ts'

type Database = Kysely<Tables>

let lastOrdinal = 0

/** Distance between two jobs of a lane: room for the fewer than 16 that the first one leads to. */
const ORDINAL_STEP = 16

function nextOrdinal(): number {
  lastOrdinal = Math.max(lastOrdinal + ORDINAL_STEP, Date.now() * 1_000)
  return lastOrdinal
}

/** For statements of the transaction that is the jobs' cause. */
export async function addJobs(
  db: Database,
  jobs: readonly NewJob[],
  ordinalOf: (index: number) => number = nextOrdinal,
): Promise<void> {
  if (jobs.length === 0) return
  await db
    .insertInto('jobs')
    .values(
      jobs.map(({ kind, lane, key, payload, dueAt, createdAt, receiver = null }, index) => ({
        ...{ id: newOrderedId(), kind, lane, key, payload: JSON.stringify(payload), receiver },
        ...{ ordinal: ordinalOf(index), created_at: createdAt },
        due_at: kind === 'webhook' ? withItsLane(lane, dueAt) : dueAt,
        ...{ attempts: 0, lease_owner: null, failed_at: null, problem: null },
      })),
    )
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .execute()
}

/** A receiver may be away for a day: what comes meanwhile is not looked at before the job that holds up its lane. */
const withItsLane = (lane: string, dueAt: number) =>
  sql<number>`coalesce((select max(due_at) from jobs where lane = ${lane} and failed_at is null
    and lease_owner is null and due_at > ${dueAt}), ${dueAt})`

export function createJobStorage(database: SqlDatabase): JobStorage {
  const { locksRows } = database
  const change = (lease: Lease, set: Partial<JobsTable>) =>
    database.write(async (db) => {
      await db.updateTable('jobs').set(set).where(isHeld(lease)).execute()
    })
  return {
    add: (jobs) => database.write((db) => addJobs(db, jobs)),
    lease: ({ kind, owner, held, at, until, limit, busy = [] }) =>
      database.write(async (db) => {
        const free = db
          .selectFrom('jobs')
          .select('id')
          .where('kind', '=', kind)
          .where('failed_at', 'is', null)
          .where('due_at', '<=', at)
          .where((row) => row.or([row('lease_owner', 'is not', null), row.not(row.exists(ahead(row)))]))
          .$if(held.length > 0, (query) => query.where('id', 'not in', held))
          .$if(busy.length > 0, (query) =>
            query.where((row) => row.or([row('receiver', 'is', null), row('receiver', 'not in', busy)])),
          )
          .orderBy('due_at')
          .orderBy('ordinal')
          .limit(limit)
          // A node that leases at the same time takes others.
          .$if(locksRows, (query) => query.forUpdate().skipLocked())
        const rows = await db
          .updateTable('jobs')
          .set((row) => ({ lease_owner: owner, due_at: until, attempts: row('attempts', '+', 1) }))
          .where('id', 'in', free)
          .returningAll()
          .execute()
        return rows
          .toSorted((one, other) => one.ordinal - other.ordinal)
          .map((row) => toLeased(row, kind, owner))
      }),
    renew: (owner, ids, until) =>
      database.write(async (db) => {
        if (ids.length === 0) return []
        const rows = await db
          .updateTable('jobs')
          .set({ due_at: until })
          .where('lease_owner', '=', owner)
          .where('id', 'in', ids)
          .returning('id')
          .execute()
        return rows.map(({ id }) => id)
      }),
    done: (lease, next) =>
      database.write(async (db) => {
        const row = await db
          .deleteFrom('jobs')
          .where(isHeld(lease))
          .returning(['lane', 'ordinal'])
          .executeTakeFirst()
        if (row === undefined) return false
        // Jobs of its own lane come before the ones stored later.
        const inLane = next.filter(({ lane }) => lane === row.lane)
        await addJobs(db, inLane, (index) => row.ordinal + index + 1)
        await addJobs(
          db,
          next.filter(({ lane }) => lane !== row.lane),
        )
        return true
      }),
    retry: (lease, dueAt, problem) =>
      database.write(async (db) => {
        const row = await db
          .updateTable('jobs')
          .set({ lease_owner: null, due_at: dueAt, problem: problem ?? null })
          .where(isHeld(lease))
          .returning('lane')
          .executeTakeFirst()
        if (row === undefined) return
        // Looked at only when their turn may come: a lane that fails for hours must not slow down every look.
        await db
          .updateTable('jobs')
          .set({ due_at: dueAt })
          .where('lane', '=', row.lane)
          .where('failed_at', 'is', null)
          .where('lease_owner', 'is', null)
          .where('due_at', '<', dueAt)
          .execute()
      }),
    release: (lease) =>
      database.write(async (db) => {
        await db
          .updateTable('jobs')
          .set((row) => ({
            lease_owner: null,
            due_at: row.ref('created_at'),
            attempts: row('attempts', '-', 1),
          }))
          .where(isHeld(lease))
          .execute()
      }),
    fail: (lease, at, problem) =>
      change(lease, { lease_owner: null, failed_at: at, problem: problem ?? null }),
    nextDue: (kinds, at) =>
      database.read(async (db) => {
        if (kinds.length === 0) return null
        const row = await db
          .selectFrom('jobs')
          .select(({ fn }) => fn.min('due_at').as('next'))
          .where('kind', 'in', kinds)
          .where('failed_at', 'is', null)
          .where('due_at', '>', at)
          .executeTakeFirst()
        return row?.next ?? null
      }),
    releaseAll: () =>
      database.write(async (db) => {
        await db
          .updateTable('jobs')
          .set((row) => ({ lease_owner: null, due_at: row.ref('created_at') }))
          .where('lease_owner', 'is not', null)
          .execute()
      }),
    count: () =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('jobs')
          .select(['kind', ({ fn }) => fn.countAll<number | string>().as('all')])
          .select(({ fn }) => fn.count<number | string>('failed_at').as('failed'))
          .groupBy('kind')
          .orderBy('kind')
          .execute()
        return rows.map(({ kind, all, failed }) => ({
          kind,
          pending: Number(all) - Number(failed),
          failed: Number(failed),
        }))
      }),
    list: ({ kind, onlyFailed, after, limit }) =>
      database.read(async (db) => {
        const rows = await db
          .selectFrom('jobs')
          .selectAll()
          .where('kind', '=', kind)
          .$if(onlyFailed, (query) => query.where('failed_at', 'is not', null))
          .$if(after !== undefined, (query) =>
            query.where(sql<boolean>`(ordinal, id) > (${after?.ordinal}, ${after?.id})`),
          )
          .orderBy('ordinal')
          .orderBy('id')
          .limit(limit)
          .execute()
        return rows.map((row) => toListed(row, kind))
      }),
  }
}

const isHeld =
  ({ id, owner, attempts }: Lease) =>
  (row: ExpressionBuilder<Tables, 'jobs'>) =>
    row.and([row('id', '=', id), row('lease_owner', '=', owner), row('attempts', '=', attempts)])

/** Another job of the lane that is leased, or was stored before. */
const ahead = (row: ExpressionBuilder<Tables, 'jobs'>) =>
  row
    .selectFrom('jobs as other')
    .select('other.id')
    .whereRef('other.lane', '=', 'jobs.lane')
    .where('other.failed_at', 'is', null)
    .where((other) =>
      other.or([
        other('other.lease_owner', 'is not', null),
        sql<boolean>`(other.ordinal, other.id) < (jobs.ordinal, jobs.id)`,
      ]),
    )

const toFacts = <Kind extends JobKind>(row: JobsTable, kind: Kind) => ({
  ...{ id: row.id, kind, lane: row.lane, key: row.key, createdAt: row.created_at },
  ...(row.receiver !== null && { receiver: row.receiver }),
  ...{ payload: JSON.parse(row.payload), attempts: row.attempts },
})

export const toListed = <Kind extends JobKind>(row: JobsTable, kind: Kind): ListedJob<Kind> => ({
  ...toFacts(row, kind),
  ...{ ordinal: row.ordinal, dueAt: row.due_at, isLeased: row.lease_owner !== null },
  ...{ failedAt: row.failed_at, problem: row.problem },
})

const toLeased = <Kind extends JobKind>(row: JobsTable, kind: Kind, owner: string): LeasedJob<Kind> => ({
  ...toFacts(row, kind),
  owner,
})
