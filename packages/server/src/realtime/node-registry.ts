/**
 * Finds out if this node hears the others that use the database: each writes a sign of life into the database, and sends
 * one by the broker ([DL11]).
 */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { NodeStorage } from '../storage/node-storage.ts'

/** A namespace, with the event by which nodes hear of each other. */
interface NodesNamespace {
  on(event: 'node', listener: (id: string, isStart: boolean) => void): unknown
  serverSideEmit(event: 'node', id: string, isStart: boolean): unknown
}

export interface NodeRegistryOptions {
  readonly namespace: NodesNamespace
  readonly nodes: NodeStorage
  readonly logger: Logger
  readonly now: () => number
  /** Time between two signs of life. Milliseconds. */
  readonly beatMs: number
  /** True if this node keeps files where others may not see them. */
  readonly keepsOwnFiles: () => boolean
}

export interface NodeRegistry {
  /** Number of other nodes on the database that this one does not hear. */
  unheard(): number
  /** Idempotent. */
  close(): Promise<void>
}

/** Signs of life after which a node that is not heard counts as one. */
const BEATS = 2
/** Beats after which a node without a sign of life in the database is gone. */
const GONE_BEATS = 6
const HOUR_MS = 3_600_000

export function createNodeRegistry(options: NodeRegistryOptions): NodeRegistry {
  const { namespace, nodes, logger, now, beatMs, keepsOwnFiles } = options
  const id = randomUUID()
  /** Of each node: the latest sign of life in the database by then; the first one, if it was never heard. */
  const heard = new Map<string, number>()
  let seen = new Map<string, number>()
  let unheard: readonly string[] = []
  let isToldOfFiles = false
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  namespace.on('node', (other, isStart) => {
    heard.set(other, seen.get(other) ?? now())
    if (isStart) namespace.serverSideEmit('node', id, false)
  })

  async function beat(isStart: boolean): Promise<void> {
    namespace.serverSideEmit('node', id, isStart)
    try {
      const others = await nodes.beat(id, now(), now() - GONE_BEATS * beatMs)
      compare(new Map(others.map((other) => [other.id, other.seenAt])))
    } catch (error) {
      // /readyz says so by itself.
      logger.debug({ err: error }, 'a sign of life could not be written')
    }
    if (!isClosed) timer = setTimeout(() => void beat(false), beatMs)
  }

  /** Only signs of life that are newer than the last one heard count: a node that died is not missed. */
  function compare(present: ReadonlyMap<string, number>): void {
    // One that died before this node began is in the database for a moment, too.
    const isBesideAnother = [...present].some(([other, at]) => at > (seen.get(other) ?? at))
    if (isBesideAnother && !isToldOfFiles && keepsOwnFiles()) {
      isToldOfFiles = true
      logger.warn(
        'another server uses this database and cannot read files that are kept in the data folder of this one: set the top-level "files" of both to a bucket or to a folder that both see',
      )
    }
    seen = new Map(present)
    for (const known of [...heard.keys()]) if (!seen.has(known)) heard.delete(known)
    for (const [other, at] of seen) if (!heard.has(other)) heard.set(other, at)
    const before = unheard.length
    unheard = [...seen]
      .filter(([other, at]) => at - (heard.get(other) ?? at) > BEATS * beatMs)
      .map(([one]) => one)
    if (unheard.length > before)
      logger.error(
        { servers: unheard.length },
        'another server on this database is not heard: give all of them the same --redis-url, or none; until then devices on it are told at the next head',
      )
    if (unheard.length === 0 && before > 0) logger.info('all servers on this database are heard again')
  }

  const started = beat(true)
  return {
    unheard: () => unheard.length,
    async close() {
      if (isClosed) return
      isClosed = true
      await started
      clearTimeout(timer)
      await nodes.remove(id, now() - HOUR_MS).catch(() => undefined)
    },
  }
}
