/** One signed POST to an app's bot. */
import type { BotRequest } from '@chat-widget/protocol'
import { botAnswer } from '@chat-widget/protocol/schemas'
import type { z } from 'zod'
import type { AppConfig } from '../config/config.ts'
import { callJson, OutboundError } from '../outbound/call-json.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'

export type CheckedBotAnswer = z.output<typeof botAnswer>

export type BotCallOutcome =
  | { readonly kind: 'answered'; readonly answer: CheckedBotAnswer }
  /** Worth another try: no answer, an outage, an answer that makes no sense. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The bot refuses this very request. */
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
    })
    return judge(answer.status, answer.body)
  } catch (error) {
    if (error instanceof OutboundError) return { kind: 'failed', reason: error.failure }
    throw error
  }
}

function judge(status: number, body: unknown): BotCallOutcome {
  if (status >= 200 && status < 300) {
    const parsed = botAnswer.safeParse(body ?? {})
    return parsed.success
      ? { kind: 'answered', answer: parsed.data }
      : { kind: 'failed', reason: 'malformed answer' }
  }
  const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 429
  return { kind: isFinal ? 'refused' : 'failed', reason: `status ${status}` }
}
