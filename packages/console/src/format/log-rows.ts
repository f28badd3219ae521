/** Turns a part of a timeline into rows of the log, each with its day and its place in a group of messages by one author. */
import type { AgentTimelineItem } from '@chat-widget/client/agent'
import type { HistoryWindow } from '@chat-widget/client/history'
import type { MessageAuthor } from '@chat-widget/protocol'
import { isNote, isRevision } from '../kinds/index.ts'
import { dayKey } from './time.ts'

/** Messages further apart begin a new group, with a time of its own. */
const GROUP_GAP_MS = 5 * 60_000

export interface LogRow {
  readonly key: string
  readonly item: AgentTimelineItem
  /** Time of the first item of a day; `null`: the day goes on. */
  readonly day: string | null
  /** `null` for notes and actions, which belong to no group. */
  readonly author: MessageAuthor | null
  /** Begins a group. */
  readonly first: boolean
  /** Ends a group. */
  readonly last: boolean
}

/** Rows for `items[start..end)`, in the given order: never sorted by time. Their cost is the part's length. */
export function logRows(
  items: readonly AgentTimelineItem[],
  { start, end }: HistoryWindow,
  own: MessageAuthor,
): readonly LogRow[] {
  const rows: LogRow[] = []
  let before = neighbour(items, start, -1)
  for (let index = start; index < end; index += 1) {
    const item = items[index]
    if (item === undefined || isHidden(item)) continue
    const after = neighbour(items, index, 1)
    rows.push({
      key: itemKey(item),
      item,
      day: before !== undefined && isSameDay(before, item) ? null : itemTime(item),
      author: authorOf(item, own),
      first: !belongTogether(before, item, own),
      last: !belongTogether(item, after, own),
    })
    before = item
  }
  return rows
}

/** True for what is seen where it happened: an earlier message says that it was edited or deleted ([SH5]). */
const isHidden = (item: AgentTimelineItem) => item.kind === 'stored' && isRevision(item.message)

function neighbour(
  items: readonly AgentTimelineItem[],
  from: number,
  step: 1 | -1,
): AgentTimelineItem | undefined {
  let index = from + step
  for (let item = items[index]; item !== undefined; index += step, item = items[index])
    if (!isHidden(item)) return item
  return undefined
}

function authorOf(item: AgentTimelineItem, own: MessageAuthor): MessageAuthor | null {
  if (item.kind === 'run') return null
  if (item.kind === 'pending') return own
  return isNote(item.message) ? null : item.message.author
}

function belongTogether(
  one: AgentTimelineItem | undefined,
  other: AgentTimelineItem | undefined,
  own: MessageAuthor,
): boolean {
  if (one === undefined || other === undefined) return false
  const [first, second] = [authorOf(one, own), authorOf(other, own)]
  return (
    first !== null &&
    second !== null &&
    sameAuthor(first, second) &&
    isSameDay(one, other) &&
    gapMs(itemTime(one), itemTime(other)) < GROUP_GAP_MS
  )
}

/** The key stays the same when a pending message is acknowledged. */
export function itemKey(item: AgentTimelineItem): string {
  switch (item.kind) {
    case 'stored':
      return item.message.clientId
    case 'pending':
      return item.clientId
    case 'run':
      return item.run.runId
    default:
      return item satisfies never
  }
}

function itemTime(item: AgentTimelineItem): string {
  switch (item.kind) {
    case 'stored':
      return item.message.createdAt
    case 'pending':
      return item.createdAt
    case 'run':
      return item.run.startedAt
    default:
      return item satisfies never
  }
}

const isSameDay = (one: AgentTimelineItem, other: AgentTimelineItem) =>
  dayKey(itemTime(one)) === dayKey(itemTime(other))

function sameAuthor(one: MessageAuthor, other: MessageAuthor): boolean {
  return one.kind === other.kind && one.id === other.id && one.name === other.name
}

function gapMs(from: string, to: string): number {
  return Math.abs(Date.parse(to) - Date.parse(from))
}
