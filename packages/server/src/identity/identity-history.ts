/** [ID17] How the identity of each conversation's visitor came about: what devices tell, and what the server saw. */
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
  /** Orders what is seen in the same millisecond. */
  let noted = 0

  async function add(conversationId: ConversationId, records: readonly IdentityTraceRecord[]): Promise<void> {
    if (await storage.identityTraces.add(conversationId, records)) changed(conversationId)
  }

  return {
    /** Keeps what a device tells now, at the times it happened by the server's clock. `find`: where it belongs, if anywhere. */
    async tell(
      find: () => Promise<ConversationId | null>,
      { sentAt, entries }: z.output<typeof traceRequest>,
    ): Promise<void> {
      const sent = Date.parse(sentAt)
      // Not after the look-up: what follows at once, like the end of the sign-out that is told here, may overtake it.
      const received = now()
      const records = entries.map(({ seq, at, from, to, cause, code, tab }): IdentityTraceRecord => {
        const deviceAt = Date.parse(at)
        return {
          key: `${tab}:${seq}`,
          source: 'device',
          tab,
          ordinal: seq,
          // Nothing has happened in the future, whatever the device's clock says.
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
    /** Keeps what the server sees now; the first of those with the same key. */
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
 * The order of one tab is known for certain, while each of its batches took another time to arrive: where the two
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

/** Within a millisecond the server has seen the end of what a device told at its beginning, like a sign-out. */
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
