/** [PD2] The rest of an erasure: devices are told, bytes of files removed, the database's files cleaned. */
import type { AppId, ConversationId, SessionId } from '@chat-widget/protocol'
import type { FileStore } from '../files/stores/file-store.ts'
import type { JobHandler, JobQueue } from '../jobs/job-queue.ts'
import { scrubJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type { Broadcaster } from './broadcaster.ts'

interface ErasureOptions {
  readonly storage: Pick<Storage, 'persons'>
  readonly store: Pick<FileStore, 'remove' | 'removeUpload'>
  /** Have the sessions' contexts in memory, on any node. */
  readonly holders: readonly ({ forget(sessions: readonly SessionId[]): void } | null)[]
  readonly broadcaster: Pick<Broadcaster, 'eraseSessions' | 'conversationExpired' | 'conversationsDeleted'>
  /** Tells agents of a conversation that changed. */
  readonly tellAgents: (id: ConversationId) => void
  /** Tells agents how many messages are unread. */
  readonly tellUnread: () => void
  readonly now: () => number
}

/** It has to be done some day. */
const UNTIL_DONE = { tries: Number.POSITIVE_INFINITY, backoff: { baseMs: 1_000, capMs: 10 * 60_000 } }

/**
 * Time until agents are told: they read their lists again, once for many erasures, and less often while conversations that
 * grew old are deleted by the thousand. Milliseconds.
 */
const GATHER_MS = { person: 250, expired: 2_000 }

function createErasureJob(
  { store, holders, broadcaster, tellAgents, tellUnread, now }: ErasureOptions,
  lastScrub: () => number | null,
): JobHandler<'erasure'> {
  const erasedIn = new Set<AppId>()
  const waiting = new Map<number, NodeJS.Timeout>()
  function tellDeleted(): void {
    for (const timer of waiting.values()) clearTimeout(timer)
    waiting.clear()
    for (const app of erasedIn) broadcaster.conversationsDeleted(app)
    erasedIn.clear()
    tellUnread()
  }
  return {
    ...{ ...UNTIL_DONE, atOnce: 2 },
    async run({ payload: { app, sessions, conversations = [], expired = [], files, isPerson }, signal }) {
      for (const holder of holders) holder?.forget(sessions)
      broadcaster.eraseSessions(sessions)
      for (const id of conversations) tellAgents(id)
      for (const one of expired) broadcaster.conversationExpired(one)
      if (app !== undefined) {
        const wait = isPerson ? GATHER_MS.person : GATHER_MS.expired
        if (!waiting.has(wait)) waiting.set(wait, setTimeout(tellDeleted, wait).unref())
        erasedIn.add(app)
      }
      for (const id of files) {
        signal.throwIfAborted()
        await store.removeUpload(id)
        await store.remove(id)
      }
      return isPerson ? [scrubJob(now(), lastScrub())] : []
    },
  }
}

function createScrubJob(
  { storage }: Pick<ErasureOptions, 'storage'>,
  onBegin: () => void,
): JobHandler<'scrub'> {
  return {
    ...{ ...UNTIL_DONE, atOnce: 1 },
    async run() {
      onBegin()
      await storage.persons.scrub()
      return []
    },
  }
}

export function handleErasures(jobs: Pick<JobQueue, 'handle'>, options: ErasureOptions): void {
  let lastScrub: number | null = null
  const onScrub = () => {
    lastScrub = options.now()
  }
  jobs.handle(
    'erasure',
    createErasureJob(options, () => lastScrub),
  )
  jobs.handle('scrub', createScrubJob(options, onScrub))
}
