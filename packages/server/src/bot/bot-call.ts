/** One signed POST to an app's bot. */
import { type BotRequest, LIMITS } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { secretList } from '../config/secret.ts'
import { callJson, OutboundError } from '../outbound/call-json.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'
import { type CheckedBotAnswer, readBotAnswer } from './bot-answer.ts'

/** Time in which a bot writes its answer. Milliseconds. */
const STREAM_MS = 60_000

export type BotCallOutcome =
  | {
      readonly kind: 'answered'
      readonly answer: CheckedBotAnswer
      /** Unusable items of the answer. */
      readonly problems: readonly string[]
    }
  /** Worth a retry: no answer, or an outage. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** A retry would be refused too: the bot rejects this very request, or does not answer as a bot. */
  | { readonly kind: 'refused'; readonly reason: string }

export async function callBot(
  bot: NonNullable<AppConfig['bot']>,
  request: BotRequest,
  options: {
    readonly webhookId: string
    readonly timeoutMs: number
    readonly at: number
    /** Told the text that the bot has written so far. False ends the call, as failed. */
    readonly writing: (text: string) => boolean
  },
): Promise<BotCallOutcome> {
  const body = JSON.stringify(request)
  let text = ''
  try {
    const answer = await callJson({
      url: new URL(bot.url),
      method: 'POST',
      // The signature covers the time, so each try is signed anew under the same id.
      headers: signWebhook(secretList(bot.secret), { id: options.webhookId, body, at: options.at }),
      body,
      timeoutMs: options.timeoutMs,
      // Allowed, as the operator names the bot, which often runs in the same private network.
      allowPrivateAddress: true,
      // Accepts any content type: small servers often send JSON as text.
      anyType: true,
      lines: {
        mostMs: STREAM_MS,
        onLine(line) {
          const delta = deltaIn(line)
          if (delta === null) return true
          text = (text + delta).slice(0, LIMITS.textLength)
          return options.writing(text)
        },
      },
    })
    if (deltaIn(answer.body) !== null) return { kind: 'failed', reason: 'no answer at the end of its text' }
    return outcomeOf(answer.status, answer.body)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    const { failure, status } = error
    return isSuccess(status) && (failure === 'not-json' || failure === 'too-large')
      ? { kind: 'refused', reason: `malformed answer: ${failure}` }
      : { kind: 'failed', reason: failure }
  }
}

/** A piece of the text that the bot is writing; `null`: its answer. */
function deltaIn(line: unknown): string | null {
  if (typeof line !== 'object' || line === null || !('delta' in line)) return null
  return typeof line.delta === 'string' ? line.delta : ''
}

function outcomeOf(status: number, body: unknown): BotCallOutcome {
  if (isSuccess(status)) {
    const { answer, problems } = readBotAnswer(body)
    if (answer !== null) return { kind: 'answered', answer, problems }
    return { kind: 'refused', reason: `malformed answer: ${problems.join('; ')}` }
  }
  const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 429
  return { kind: isFinal ? 'refused' : 'failed', reason: `status ${status}` }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
