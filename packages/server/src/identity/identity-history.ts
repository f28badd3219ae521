/**
 * [ID17] History of the identity of each conversation's visitor: transitions that devices report, and those that the
 * server saw.
 */
import type { ConversationId, IdentityTraceEntry, IdentityTransition } from '@chat-widget/protocol'
import type { traceRequest } from '@chat-widget/protocol/schemas'
import type { z } from 'zod'
import type { IdentityTraceRecord, Storage } from '../storage/storage.ts'

export interface IdentityHistoryOptions {
  readonly storage: Pick<Storage, 'identityTraces'>
  readonly changed: (conversationId: ConversationId) => void
  readonly now: () => number
}

export type IdentityHistory = ReturnType<typeof createIdentityHistory>

export function createIdentityHistory({ storage, changed, now }: IdentityHistoryOptions) {
  /** Orders transitions of the same millisecond. */
  let noted = 0

  async function add(conversationId: ConversationId, records: readonly IdentityTraceRecord[]): Promise<void> {
    if (await storage.identityTraces.add(conversationId, records)) changed(conversationId)
  }

  return {
    /**
     * Stores a device's report, with its times converted to the server's clock. `find`: looks up the conversation it
     * belongs to, if any.
     */
    async tell(
      find: () => Promise<ConversationId | null>,
      { sentAt, entries }: z.output<typeof traceRequest>,
    ): Promise<void> {
      const sent = Date.parse(sentAt)
      // Read before the look-up: events that follow at once, like the end of a sign-out reported here, may overtake it.
      const received = now()
      const records = entries.map(({ seq, at, from, to, cause, code, tab }): IdentityTraceRecord => {
        const deviceAt = Date.parse(at)
        return {
          key: `${tab}:${seq}`,
          source: 'device',
          tab,
          ordinal: seq,
          // No transition is in the future, whatever the device's clock says.
          at: received - Math.max(0, sent - deviceAt),
          deviceAt,
          from,
          to,
          cause,
          code: code ?? null,
        }
      })
      const conversationId = await find()
      if (conversationId !== null) await add(conversationId, records)
    },
    /** Stores a transition that the server sees now; of several with the same key, the first. */
    async note(
      find: () => Promise<ConversationId | null>,
      key: string,
      { from, to, cause, code }: IdentityTransition,
    ): Promise<void> {
      noted += 1
      const record: IdentityTraceRecord = {
        key,
        source: 'server',
        tab: 'server',
        ordinal: noted,
        at: now(),
        deviceAt: null,
        from,
        to,
        cause,
        code: code ?? null,
      }
      const conversationId = await find()
      if (conversationId !== null) await add(conversationId, [record])
    },
    /** Oldest first. */
    list: async (conversationId: ConversationId): Promise<readonly IdentityTraceEntry[]> =>
      toEntries(await storage.identityTraces.list(conversationId)),
  }
}

/**
 * Sorts by time. The order within one tab is certain, while its batches took different times to arrive: if the two
 * disagree the later entry is moved up.
 */
function toEntries(records: readonly IdentityTraceRecord[]): readonly IdentityTraceEntry[] {
  const latest = new Map<string, number>()
  return records
    .toSorted((one, other) => one.ordinal - other.ordinal)
    .map((record) => {
      const own = record.source === 'device' ? record.tab : record.key
      const at = Math.max(record.at, latest.get(own) ?? record.at)
      latest.set(own, at)
      return { record, at }
    })
    .sort((one, other) => one.at - other.at || rank(one.record) - rank(other.record))
    .map(({ record, at }) => toEntry(record, at))
}

/** Within a millisecond, the device reported the beginning, e.g. of a sign-out, and the server saw the end. */
const rank = ({ source }: IdentityTraceRecord) => (source === 'device' ? 0 : 1)

function toEntry(record: IdentityTraceRecord, time: number): IdentityTraceEntry {
  const { tab, deviceAt, from, to, cause, code } = record
  const transition = {
    at: new Date(time).toISOString(),
    from,
    to,
    cause,
    ...(code === null ? {} : { code }),
  }
  return deviceAt === null
    ? { ...transition, source: 'server', tab: 'server' }
    : { ...transition, source: 'device', tab, deviceAt: new Date(deviceAt).toISOString() }
}
