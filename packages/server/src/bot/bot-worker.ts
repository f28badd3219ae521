/** Brings to the bots what the database owes them: each conversation's in order, also across a restart. */
import type { BotDelivery } from '../storage/storage.ts'
import { type BotDeskOptions, createBotDesk, type ReplayedAction } from './bot-desk.ts'
import { createLanes, rest } from './lanes.ts'

export interface BotWorker {
  /** Goes on, in the background, with what an earlier run of the server left undone. */
  start(): void
  deliver(delivery: BotDelivery): void
  /** Runs an action that waited for a sign-in, after what the bot is busy with in this conversation. */
  replayAction(action: ReplayedAction): void
  readonly pendingCount: number
  /** Stops after the calls under way; the rest stays in the database. Idempotent. */
  close(): Promise<void>
}

export interface BotWorkerOptions extends Omit<BotDeskOptions, 'signal' | 'tuning'> {
  /** `botRestMs`: how long a conversation's work rests when the server itself could not go on. */
  readonly tuning: BotDeskOptions['tuning'] & { readonly botRestMs: number }
}

type Job =
  | { readonly kind: 'delivery'; readonly delivery: BotDelivery }
  | { readonly kind: 'action'; readonly action: ReplayedAction }

export function createBotWorker(options: BotWorkerOptions): BotWorker {
  const { storage, tuning, logger } = options
  const stop = new AbortController()
  const desk = createBotDesk({ ...options, signal: stop.signal })
  const owed = new Set<string>()
  /** Made before the older ones were read from the database; `null` once they were. */
  let early: BotDelivery[] | null = []
  let starting: Promise<void> = Promise.resolve()
  const lanes = createLanes<Job>({ run, restMs: tuning.botRestMs, signal: stop.signal, logger })

  function enqueue(delivery: BotDelivery, place: 'first' | 'last' = 'last'): void {
    // What is made while the server starts may be told and also found in the database.
    if (owed.has(delivery.id)) return
    owed.add(delivery.id)
    lanes.add(delivery.conversationId, { kind: 'delivery', delivery }, place)
  }

  async function run(job: Job): Promise<void> {
    switch (job.kind) {
      case 'delivery': {
        const results = await desk.runDelivery(job.delivery)
        await storage.botDeliveries.done(job.delivery.id)
        owed.delete(job.delivery.id)
        // Before anything that came later: they belong to this delivery.
        for (const result of results.toReversed()) enqueue(result, 'first')
        return
      }
      case 'action': {
        const result = await desk.runReplay(job.action)
        if (result !== null) enqueue(result, 'first')
        return
      }
      default:
        job satisfies never
    }
  }

  async function resume(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        const older = await storage.botDeliveries.pending()
        for (const delivery of [...older, ...(early ?? [])]) enqueue(delivery)
        early = null
        return
      } catch {
        logger.error('what the bots are owed could not be read; it is tried again')
        await rest(tuning.botRestMs, stop.signal)
      }
    }
  }

  return {
    start() {
      starting = resume()
    },
    deliver(delivery) {
      if (early === null) enqueue(delivery)
      else early.push(delivery)
    },
    replayAction: (action) => lanes.add(action.conversationId, { kind: 'action', action }),
    get pendingCount() {
      return owed.size + (early?.length ?? 0)
    },
    async close() {
      stop.abort()
      await starting
      await lanes.close()
    },
  }
}
