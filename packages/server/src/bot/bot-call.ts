/** One signed POST to an app's bot. */
import type { BotRequest } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { callJson, OutboundError } from '../outbound/call-json.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'
import { type CheckedBotAnswer, readBotAnswer } from './bot-answer.ts'

export type BotCallOutcome =
  | {
      readonly kind: 'answered'
      readonly answer: CheckedBotAnswer
      /** What of the answer cannot be used. */
      readonly problems: readonly string[]
    }
  /** Worth another try: no answer, or an outage. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The bot would answer the same again: it refuses this very request, or does not speak as a bot does. */
  | { readonly kind: 'refused'; readonly reason: string }

export async function callBot(
  bot: NonNullable<AppConfig['bot']>,
  request: BotRequest,
  options: { readonly webhookId: string; readonly timeoutMs: number; readonly at: number },
): Promise<BotCallOutcome> {
  const body = JSON.stringify(request)
  try {
    const answer = await callJson({
      url: new URL(bot.url),
      method: 'POST',
      // The time is part of the signature, so each try is signed anew under the same id.
      headers: signWebhook(bot.secret, { id: options.webhookId, body, at: options.at }),
      body,
      timeoutMs: options.timeoutMs,
      // The bot is named by the operator, and often stands in the same private network.
      allowPrivateAddress: true,
      // Whatever its type says: small servers often send JSON as text.
      anyType: true,
    })
    return judge(answer.status, answer.body)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    const { failure, status } = error
    return isSuccess(status) && (failure === 'not-json' || failure === 'too-large')
      ? { kind: 'refused', reason: `malformed answer: ${failure}` }
      : { kind: 'failed', reason: failure }
  }
}

function judge(status: number, body: unknown): BotCallOutcome {
  if (isSuccess(status)) {
    const { answer, problems } = readBotAnswer(body)
    if (answer !== null) return { kind: 'answered', answer, problems }
    return { kind: 'refused', reason: `malformed answer: ${problems.join('; ')}` }
  }
  const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 429
  return { kind: isFinal ? 'refused' : 'failed', reason: `status ${status}` }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
