/** The customers' orders. */

export type OrderStatus = 'preparing' | 'on its way' | 'delivered'

export interface Order {
  readonly id: string
  readonly item: string
  readonly status: OrderStatus
  /** Day of arrival: ISO 8601, UTC, e.g. `2026-11-23`. */
  readonly eta: string
}

const DAY_MS = 24 * 60 * 60 * 1_000

/** The calendar day `days` after `now`, as in `Order.eta`. */
export function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10)
}

/** Newest first; days are relative to `now`, so the demo is never outdated. */
export function ordersOf(customerId: string, now: Date): readonly Order[] {
  switch (customerId) {
    case 'alex@example.com':
      return [{ id: 'NW-1042', item: 'Trail jacket', status: 'on its way', eta: dayAfter(now, 1) }]
    case 'sam@example.com':
      return [
        { id: 'NW-1057', item: 'Ridge backpack', status: 'preparing', eta: dayAfter(now, 4) },
        { id: 'NW-0988', item: 'Fell tent', status: 'delivered', eta: dayAfter(now, -6) },
      ]
    default:
      return []
  }
}
