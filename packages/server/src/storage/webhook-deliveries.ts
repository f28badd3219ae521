/** Deliveries in the database: see `webhook-delivery-storage.ts`. */
import { type AppId, ChatError, LIMITS } from '@chat-widget/protocol'
import { type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { findAgent } from './agents.ts'
import { addAudit } from './audit.ts'
import { decodeTimeCursor, encodeTimeCursor } from './cursor.ts'
import type { SqlDatabase } from './database.ts'
import type { ListedJob } from './job-storage.ts'
import { toListed } from './jobs.ts'
import type { Tables } from './schema.ts'
import type { DeliveryCounts, WebhookDeliveryStorage } from './webhook-delivery-storage.ts'
import {
  DELIVERY_KEY,
  DELIVERY_STATE,
  type DeliveryState,
  FAILING,
  FRESH,
  GIVEN_UP,
} from './webhook-index.ts'
import { prefixOf } from './webhook-target.ts'

export function createWebhookDeliveries(database: SqlDatabase): WebhookDeliveryStorage {
  return {
    counts: (keys) =>
      database.read(async (db) => {
        const counts = new Map<string, DeliveryCounts>()
        for (const key of keys) {
          const count = async (state: DeliveryState) => {
            const some = db
              .selectFrom('jobs')
              .select(sql`1`.as('one'))
              .where(sql<boolean>`kind = 'webhook'`)
              .where(DELIVERY_KEY, '=', key)
              .where(DELIVERY_STATE, '=', state)
              .limit(LIMITS.countedDeliveries + 1)
            const { counted } = await db
              .selectFrom(some.as('some'))
              .select(({ fn }) => fn.countAll<number | string>().as('counted'))
              .executeTakeFirstOrThrow()
            return Number(counted)
          }
          const [fresh, failing, givenUp] = [await count(FRESH), await count(FAILING), await count(GIVEN_UP)]
          counts.set(key, { waiting: fresh + failing, failing, givenUp })
        }
        return counts
      }),
    list: ({ apps, state, cursor, limit }) =>
      database.read(async (db) => {
        let query = db.selectFrom('jobs').selectAll().where('kind', '=', 'webhook').where(isOf(apps))
        if (state === 'waiting') {
          query = query.where('failed_at', 'is', null).orderBy('key')
          if (cursor !== undefined) query = query.where('key', '>', decodeTimeCursor(cursor).id)
        } else {
          query = query.where('failed_at', 'is not', null).orderBy('failed_at', 'desc').orderBy('id', 'desc')
          if (cursor !== undefined) {
            const { at, id } = decodeTimeCursor(cursor)
            query = query.where(sql<boolean>`(failed_at, id) < (${at}, ${id})`)
          }
        }
        const rows = await query.limit(limit + 1).execute()
        const shown = rows.slice(0, limit)
        const last = rows.length > limit ? shown.at(-1) : undefined
        return {
          deliveries: shown.map((row) => toListed(row, 'webhook')),
          cursor:
            last === undefined
              ? null
              : encodeTimeCursor({
                  at: last.failed_at ?? 0,
                  id: last.failed_at === null ? last.key : last.id,
                }),
        }
      }),
    replay: ({ id, limit, by, authorize, at }) =>
      database.write(async (db) => {
        let apps: readonly AppId[] | undefined
        if (by.kind === 'agent') {
          const asker = await findAgent(db, by.id)
          if (asker === null) throw new ChatError('unauthenticated', 'The account was removed.')
          authorize?.(asker)
          apps = asker.apps
        }
        const chosen = db
          .selectFrom('jobs')
          .select('id')
          .where('kind', '=', 'webhook')
          .where(isOf(apps))
          .$if(id !== null, (query) => query.where('key', '=', id ?? ''))
          .$if(id === null, (query) =>
            query.where('failed_at', 'is not', null).orderBy('failed_at').orderBy('id'),
          )
          .limit(limit)
        const rows = await db
          .updateTable('jobs')
          .set({ failed_at: null, due_at: at, created_at: at, attempts: 0, problem: null })
          .where('id', 'in', chosen)
          // One that is under way is being tried.
          .where('lease_owner', 'is', null)
          .returning('payload')
          .execute()
        const counts = new Map<AppId, number>()
        for (const { payload } of rows) {
          const { app } = JSON.parse(payload) as ListedJob<'webhook'>['payload']
          counts.set(app, (counts.get(app) ?? 0) + 1)
        }
        for (const [app, deliveries] of counts)
          await addAudit(db, {
            kind: 'deliveries-replayed',
            by,
            about: null,
            app,
            at,
            details: { deliveries },
          })
        return rows.length
      }),
  }
}

const isOf = (apps: readonly AppId[] | undefined) => (row: ExpressionBuilder<Tables, 'jobs'>) =>
  apps === undefined
    ? sql<SqlBool>`1 = 1`
    : row.or(
        apps.map((app) => {
          const prefix = prefixOf(app)
          return sql<SqlBool>`substr(receiver, 1, ${prefix.length}) = ${prefix}`
        }),
      )
