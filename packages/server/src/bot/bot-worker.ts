/** Delivers stored work to the bots: each conversation's in order, also across a restart. */
import type { ConversationId } from '@chat-widget/protocol'
import { createBackgroundTask } from '../jobs/background-task.ts'
import { createLanes } from '../jobs/lanes.ts'
import { derivedClientId } from '../storage/derived-client-id.ts'
import type { ConversationRecord } from '../storage/storage.ts'
import { type BotDeliveryRunnerOptions, createBotDeliveryRunner } from './bot-delivery-runner.ts'

export interface BotWorkerOptions extends Omit<BotDeliveryRunnerOptions, 'signal' | 'tuning'> {
  /** `botRestMs`: pause before a conversation's work is tried again when the server itself failed. */
  readonly tuning: BotDeliveryRunnerOptions['tuning'] & { readonly botRestMs: number }
}

const PAGE = 1_000

export function createBotWorker(options: BotWorkerOptions) {
  const { storage, tuning, logger, now } = options
  const stop = new AbortController()
  const runner = createBotDeliveryRunner({ ...options, signal: stop.signal })
  /** Conversations whose lane has yet to read. */
  const queued = new Set<ConversationId>()
  const retried = { restMs: tuning.botRestMs, signal: stop.signal, logger }
  const lanes = createLanes<ConversationId>({ run, ...retried })
  const resume = createBackgroundTask({
    run: wakeAll,
    failure: 'deliveries to bots could not be read',
    ...retried,
  })
  const handOverWithoutBot = createBackgroundTask({
    run: handOverAllWithoutBot,
    failure: 'conversations without a bot could not be handed over',
    ...retried,
  })

  function wake(conversationId: ConversationId): void {
    if (queued.has(conversationId) || stop.signal.aborted) return
    queued.add(conversationId)
    lanes.add(conversationId, conversationId)
  }

  /** The database holds the order; a lane only knows that there may be something. */
  async function run(conversationId: ConversationId): Promise<void> {
    queued.delete(conversationId)
    while (!stop.signal.aborted) {
      const delivery = await storage.botDeliveries.next(conversationId)
      if (delivery === null) return
      const results = await runner.run(delivery)
      await storage.botDeliveries.done(delivery.id, results, now())
    }
  }

  /** [BT3] Conversations that wait for a bot that was taken out of the configuration go to the agents. */
  async function handOverAllWithoutBot(): Promise<void> {
    for (const { id: app, bot } of options.apps.values()) {
      if (bot !== undefined) continue
      let waiting: readonly ConversationRecord[]
      do {
        waiting = await storage.conversations.ofBot(app, PAGE)
        for (const { id, headSeq } of waiting) {
          if (stop.signal.aborted) return
          await options.conversations.handOver(id, 'bot-failed', derivedClientId('no-bot', id, headSeq))
        }
      } while (waiting.length === PAGE)
    }
  }

  async function wakeAll(): Promise<void> {
    let after: ConversationId | null = null
    do {
      const page: readonly ConversationId[] = await storage.botDeliveries.conversations({
        after,
        limit: PAGE,
      })
      for (const conversationId of page) wake(conversationId)
      after = page.length < PAGE ? null : (page.at(-1) ?? null)
    } while (after !== null && !stop.signal.aborted)
  }

  return {
    /**
     * Resumes, in the background, all stored deliveries: at the start, and after a write that may have stored more than
     * is known.
     */
    resume: resume.ask,
    /**
     * [BT3] Hands over, in the background, conversations that wait for a bot that is not configured: at the start and
     * after a reload.
     */
    handOverWithoutBot: handOverWithoutBot.ask,
    /** Called when a delivery was stored for this conversation. */
    wake,
    /** Stops after the calls under way; the rest stays in the database. Idempotent. */
    async close(): Promise<void> {
      stop.abort()
      await Promise.all([resume.idle(), handOverWithoutBot.idle()])
      await lanes.close()
    },
  }
}
