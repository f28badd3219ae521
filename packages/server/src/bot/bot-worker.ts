/** Deliveries to bots as jobs, each conversation's in order; and conversations whose bot is gone. */
import { createBackgroundTask } from '../jobs/background-task.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import { derivedClientId } from '../storage/derived-client-id.ts'
import type { ConversationRecord } from '../storage/storage.ts'
import { type BotDeliveryRunnerOptions, createBotDeliveryRunner } from './bot-delivery-runner.ts'

export interface BotWorkerOptions extends Omit<BotDeliveryRunnerOptions, 'tuning'> {
  readonly jobs: Pick<JobQueue, 'handle'>
  /** `botRestMs`: pause after the server itself failed. */
  readonly tuning: BotDeliveryRunnerOptions['tuning'] & { readonly botRestMs: number }
}

const PAGE = 1_000

export function createBotWorker(options: BotWorkerOptions) {
  const { storage, jobs, tuning, logger } = options
  const stop = new AbortController()
  jobs.handle('bot-delivery', createBotDeliveryRunner(options))
  const handOverWithoutBot = createBackgroundTask({
    run: handOverAllWithoutBot,
    failure: 'conversations without a bot could not be handed over',
    ...{ restMs: tuning.botRestMs, signal: stop.signal, logger },
  })

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

  return {
    /**
     * [BT3] Hands over, in the background, conversations that wait for a bot that is not configured: at the start and
     * after a reload.
     */
    handOverWithoutBot: handOverWithoutBot.ask,
    /** Idempotent. */
    async close(): Promise<void> {
      stop.abort()
      await handOverWithoutBot.idle()
    },
  }
}
