/** Collects appends while the disk is busy and stores them as one group, with one fsync for all. */
import { ChatError } from '@chat-widget/protocol'
import { textHash } from '../text/text-hash.ts'
import type { AppendRequest, AppendResult } from './storage.ts'

/** Keeps a group's statements far below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const GROUP_SIZE = 200
/** Most appends waiting in one lane; beyond it an append is `unavailable` at once, and the device keeps its message. */
const MOST_WAITING = 10_000

interface Waiting {
  readonly request: AppendRequest
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
}

export interface AppendQueue {
  append(request: AppendRequest): Promise<AppendResult>
  /** Resolves when every append requested so far is settled. */
  idle(): Promise<void>
}

/** One conversation's appends always use the same lane, so seq follows their order of calls. */
export function createAppendQueue(options: {
  readonly mostWaiting?: number
  readonly lanes: number
  readonly store: (requests: readonly AppendRequest[]) => Promise<readonly AppendResult[]>
}): AppendQueue {
  const lanes = Array.from({ length: options.lanes }, () =>
    createLane(options.store, options.mostWaiting ?? MOST_WAITING),
  )
  const laneOf = (request: AppendRequest) => lanes[textHash(request.conversationId) % lanes.length]
  return {
    append(request) {
      const lane = laneOf(request)
      if (lane === undefined) throw new RangeError('an append queue needs a lane')
      return lane.append(request)
    },
    async idle() {
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
  }
}

type Store = (requests: readonly AppendRequest[]) => Promise<readonly AppendResult[]>

function createLane(store: Store, mostWaiting: number): AppendQueue {
  let waiting: Waiting[] = []
  let draining: Promise<void> | null = null

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP_SIZE)
      waiting = waiting.slice(GROUP_SIZE)
      await storeGroup(group)
    }
    draining = null
  }

  /** Finds a request that the database refuses by halving the group, in order, so that the others are stored. */
  async function storeGroup(group: readonly Waiting[]): Promise<void> {
    let results: readonly AppendResult[]
    try {
      results = await store(group.map(({ request }) => request))
    } catch (error) {
      if (group.length > 1 && error instanceof ChatError && error.code === 'internal') {
        const middle = Math.ceil(group.length / 2)
        await storeGroup(group.slice(0, middle))
        await storeGroup(group.slice(middle))
        return
      }
      for (const { reject } of group) reject(error)
      return
    }
    group.forEach(({ resolve, reject }, index) => {
      const result = results[index]
      if (result === undefined) reject(new ChatError('internal', 'a group lost a result'))
      else resolve(result)
    })
  }

  return {
    append: (request) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= mostWaiting) {
          reject(new ChatError('unavailable', 'too many messages wait to be stored', { retryAfterMs: 1_000 }))
          return
        }
        waiting.push({ request, resolve, reject })
        // Starts in a microtask, so that appends that arrive together are stored together.
        draining ??= Promise.resolve().then(drain)
      }),
    idle: async () => {
      await draining
    },
  }
}
