/** Positions in lists at which the next page begins: opaque to clients. */
import { ChatError, type ConversationId } from '@chat-widget/protocol'

export type ListOrder = 'created' | 'updated'

/** A position in a list of conversations. */
export interface ListPosition {
  readonly order: ListOrder
  /** Creation time of the page's last conversation or, in the order `updated`, its last message's as of `start`. */
  readonly at: number
  readonly id: ConversationId
  /** The latest time in the list when the walk began. */
  readonly start: number
}

export function encodeCursor({ order, at, id, start }: ListPosition): string {
  return Buffer.from(`${order} ${at} ${id} ${start}`).toString('base64url')
}

/** A position in a list that is ordered by time and id. */
interface TimePosition {
  readonly at: number
  readonly id: string
}

export const encodeTimeCursor = ({ at, id }: TimePosition): string =>
  Buffer.from(`${at} ${id}`).toString('base64url')

/** Throws `bad-request` for anything not made by `encodeTimeCursor`. */
export function decodeTimeCursor(cursor: string): TimePosition {
  const match = /^(\d{1,15}) ([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null) throw notGiven()
  return { at: Number(match[1]), id: match[2] ?? '' }
}

const notGiven = () => new ChatError('bad-request', 'cursor: not one that a list gave')

/** Throws `bad-request` for anything not made by `encodeCursor`. */
export function decodeCursor(cursor: string): ListPosition {
  const text = Buffer.from(cursor, 'base64url').toString()
  const match = /^(created|updated) (\d{1,15}) ([\w-]{1,64}) (\d{1,15})$/.exec(text)
  if (match === null) throw notGiven()
  const [, order, at, id, start] = match
  return {
    order: order as ListOrder,
    at: Number(at),
    id: id as ConversationId,
    start: Number(start),
  }
}
