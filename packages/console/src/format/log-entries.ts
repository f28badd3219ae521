/** Turns a timeline into entries of the log: days, notes, actions, and groups of messages by one author. */
import type { AgentActionRun, AgentTimelineItem } from '@chat-widget/client/agent'
import type { Message, MessageAuthor } from '@chat-widget/protocol'
import { isNote, isRevision } from '../kinds/index.ts'
import { dayKey } from './time.ts'

/** Messages further apart begin a new group, with a time of its own. */
const GROUP_GAP_MS = 5 * 60_000

export type MessageItem = Exclude<AgentTimelineItem, { kind: 'run' }>

export type LogEntry =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'run'; readonly key: string; readonly run: AgentActionRun }
  | { readonly kind: 'note'; readonly key: string; readonly message: Message }
  | {
      readonly kind: 'group'
      readonly key: string
      readonly author: MessageAuthor
      readonly items: readonly MessageItem[]
    }

/** Keeps the given order; never sorts by time. */
export function logEntries(items: readonly AgentTimelineItem[], own: MessageAuthor): readonly LogEntry[] {
  const entries: LogEntry[] = []
  let group: { author: MessageAuthor; items: MessageItem[]; last: string } | null = null
  let day = ''
  for (const item of items) {
    if (item.kind === 'stored' && isRevision(item.message)) continue
    const at = itemTime(item)
    if (dayKey(at) !== day) {
      day = dayKey(at)
      group = null
      entries.push({ kind: 'day', key: `day-${itemKey(item)}`, at })
    }
    if (item.kind === 'run') {
      group = null
      entries.push({ kind: 'run', key: itemKey(item), run: item.run })
      continue
    }
    if (item.kind === 'stored' && isNote(item.message)) {
      group = null
      entries.push({ kind: 'note', key: itemKey(item), message: item.message })
      continue
    }
    const author = item.kind === 'stored' ? item.message.author : own
    if (group !== null && sameAuthor(group.author, author) && gapMs(group.last, at) < GROUP_GAP_MS) {
      group.items.push(item)
      group.last = at
      continue
    }
    group = { author, items: [item], last: at }
    entries.push({ kind: 'group', key: itemKey(item), author, items: group.items })
  }
  return entries
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

function sameAuthor(one: MessageAuthor, other: MessageAuthor): boolean {
  return one.kind === other.kind && one.id === other.id && one.name === other.name
}

function gapMs(from: string, to: string): number {
  return Math.abs(Date.parse(to) - Date.parse(from))
}
