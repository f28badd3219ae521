/** Turns timeline items into rows, with groups and days. Each row is computed from its neighbours alone. */
import type { TimelineItem, TimelineState } from '@chat-widget/client'
import type { MessageAuthor } from '@chat-widget/protocol'
import { shapeOf } from './kinds/index.ts'

export interface Row {
  readonly key: string
  readonly item: TimelineItem
  /** Begins a group of consecutive messages of one author. */
  readonly first: boolean
  readonly last: boolean
  /** The first message of a day by this device's clock. */
  readonly newDay: boolean
  /** The visitor's newest message, which shows its delivery state. */
  readonly newestOwn: boolean
}

/** Messages further apart begin a new group. */
const GROUP_GAP_MS = 5 * 60_000
const VISITOR: MessageAuthor = { kind: 'visitor' }

/** The client id, which a message keeps from writing to storing. */
export const keyOf = (item: TimelineItem) => (item.kind === 'stored' ? item.message.clientId : item.clientId)
export const authorOf = (item: TimelineItem) => (item.kind === 'stored' ? item.message.author : VISITOR)
export const timeOf = (item: TimelineItem) =>
  new Date(item.kind === 'stored' ? item.message.createdAt : item.createdAt)
export const isOwn = (item: TimelineItem) => authorOf(item).kind === 'visitor'

const isBubble = (item: TimelineItem) => shapeOf(item) === 'bubble'
const isNote = (item: TimelineItem) => shapeOf(item) === 'note'
export const isFailed = (item: TimelineItem) => item.kind === 'pending' && item.state.status === 'failed'
const isSameDay = (a: TimelineItem, b: TimelineItem) => timeOf(a).toDateString() === timeOf(b).toDateString()

function belongTogether(a: TimelineItem | undefined, b: TimelineItem | undefined): boolean {
  if (a === undefined || b === undefined || !isBubble(a) || !isBubble(b)) return false
  const [first, second] = [authorOf(a), authorOf(b)]
  return (
    first.kind === second.kind &&
    first.name === second.name &&
    isSameDay(a, b) &&
    Math.abs(timeOf(b).getTime() - timeOf(a).getTime()) < GROUP_GAP_MS
  )
}

/** Index of the visitor's newest message that did not fail, searched back to `from`; -1 for none. */
function newestOwnIndex(items: readonly TimelineItem[], from: number): number {
  for (let index = items.length - 1; index >= from; index -= 1) {
    const item = items[index]
    if (item !== undefined && isOwn(item) && isBubble(item) && !isFailed(item)) return index
  }
  return -1
}

interface KnownRow {
  readonly before: TimelineItem | undefined
  readonly after: TimelineItem | undefined
  readonly row: Row
}

const known = new WeakMap<TimelineItem, KnownRow>()

/** Rows for `items[start..end)`; an unchanged row is the same object. Its cost depends on the slice only. */
export function rowsOf(items: readonly TimelineItem[], start: number, end: number): Row[] {
  const newest = newestOwnIndex(items, start)
  return items.slice(start, end).map((item, offset) => {
    const index = start + offset
    const [before, after, newestOwn] = [items[index - 1], items[index + 1], index === newest]
    const same = known.get(item)
    if (same?.before === before && same?.after === after && same?.row.newestOwn === newestOwn) return same.row
    const row = {
      key: keyOf(item),
      item,
      first: !belongTogether(before, item),
      last: !belongTogether(item, after),
      newDay: before === undefined || !isSameDay(before, item),
      newestOwn,
    }
    known.set(item, { before, after, row })
    return row
  })
}

type StoredItem = Extract<TimelineItem, { readonly kind: 'stored' }>

const newestStored = (items: readonly TimelineItem[]) =>
  items.findLast((item): item is StoredItem => item.kind === 'stored')

/**
 * Messages of the other side, and notes, that arrived since an earlier timeline, and own ones that failed; none where the
 * later one begins with history. Its cost depends on their number, not on the history's length.
 */
export function arrivals(before: TimelineState, { items }: TimelineState): readonly TimelineItem[] {
  const known = newestStored(before.items)?.message
  const isSame = known?.conversationId === newestStored(items)?.message.conversationId
  if (before.status === 'loading' || (known !== undefined && !isSame)) return []
  const seq = known?.seq ?? 0
  const last = items.findLastIndex((item) => item.kind === 'stored' && item.message.seq <= seq)
  return items.slice(last + 1).filter((item) => {
    if (item.kind === 'stored') return before.status !== 'empty' && (!isOwn(item) || isNote(item))
    const earlier = before.items.findLast((one) => keyOf(one) === keyOf(item))
    return isFailed(item) && earlier && !isFailed(earlier)
  })
}
