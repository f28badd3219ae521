/** Sentences and cards about orders. */
import type { BotAnswerItem } from '@chat-widget/protocol'
import { dayAfter, type Order, type OrderStatus } from '../shop/orders.ts'

const STATUSES: readonly OrderStatus[] = ['preparing', 'on its way', 'delivered']

/**
 * Returns the orders of an API answer, or `null` if it has none. The bot trusts the chat server, not the shape of a
 * body.
 */
export function readOrders(body: unknown): readonly Order[] | null {
  if (typeof body !== 'object' || body === null || !('orders' in body) || !Array.isArray(body.orders))
    return null
  return body.orders.every(isOrder) ? body.orders : null
}

function isOrder(value: unknown): value is Order {
  if (typeof value !== 'object' || value === null) return false
  const { id, item, status, eta } = value as Record<string, unknown>
  return (
    typeof id === 'string' &&
    typeof item === 'string' &&
    typeof eta === 'string' &&
    STATUSES.some((known) => known === status)
  )
}

export function describeOrders(orders: readonly Order[], now: Date): string {
  if (orders.length === 0) return 'I looked, but there is no order under your name yet.'
  return orders.map((order) => describeOrder(order, now)).join('\n')
}

export const orderCards = (orders: readonly Order[]): BotAnswerItem => ({
  cards: orders.map(({ id, item, status }) => ({
    title: item,
    text: `${id} · ${status}`,
    buttons: [{ label: 'Send it back', value: `return ${id}` }],
  })),
})

function describeOrder({ id, item, status, eta }: Order, now: Date): string {
  const which = `Your order ${id} (${item})`
  const day = nameDay(eta, now)
  switch (status) {
    case 'preparing':
      return `${which} is being packed and arrives ${day}.`
    case 'on its way':
      return `${which} is on its way and arrives ${day}.`
    case 'delivered':
      return `${which} was delivered ${day}.`
    default:
      status satisfies never
      return which
  }
}

function nameDay(eta: string, now: Date): string {
  if (eta === dayAfter(now, 0)) return 'today'
  if (eta === dayAfter(now, 1)) return 'tomorrow'
  if (eta === dayAfter(now, -1)) return 'yesterday'
  const date = new Date(`${eta}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return eta
  return `on ${date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })}`
}
