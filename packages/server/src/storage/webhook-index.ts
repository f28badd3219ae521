/** Deliveries to webhooks by webhook and state: the expressions of an index, which queries have to repeat to the letter. */
import { sql } from 'kysely'

export type DeliveryState = typeof FRESH | typeof FAILING | typeof GIVEN_UP

export const FRESH = 0
/** Tried without success, and to be tried again. */
export const FAILING = 1
export const GIVEN_UP = 2

/** The webhook's key, in the lane: see `webhook-jobs.ts`. */
export const DELIVERY_KEY = sql<string>`substr(lane, 9, 16)`
export const DELIVERY_STATE = sql<DeliveryState>`case when failed_at is not null then 2 when problem is not null then 1 else 0 end`
