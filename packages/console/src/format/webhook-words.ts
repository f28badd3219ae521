/** Sentences about webhooks and their deliveries. */
import { ChatError, type WebhookDeliveryInfo } from '@chat-widget/protocol'
import { words } from '../words/words.ts'
import { teamErrorText } from './team-words.ts'
import { fullTime } from './time.ts'

export const webhookErrorText = (error: unknown): string =>
  error instanceof ChatError && error.code === 'not-found'
    ? words().webhooks.done
    : teamErrorText(error, 'change')

/** The reason for which a delivery failed last; the server's words for it are few. */
export function problemText(problem: string): string {
  const { problems } = words().webhooks
  const status = /^status (\d+)$/.exec(problem)?.[1]
  if (status !== undefined) return problems.status(status)
  switch (problem) {
    case 'unreachable':
      return problems.unreachable
    case 'timeout':
      return problems.timeout
    case 'not configured any more':
      return problems.unconfigured
    case 'paused after failures':
      return problems.paused
    default:
      return problems.other(problem)
  }
}

/** Tries so far, and the time of the next one or of the last. */
export function triesText({ state, stateAt, tries }: WebhookDeliveryInfo): string {
  const { webhooks } = words()
  const when =
    state === 'under-way'
      ? webhooks.underWay
      : state === 'waiting'
        ? webhooks.next(fullTime(stateAt))
        : fullTime(stateAt)
  return tries === 0 ? when : `${webhooks.tries(tries)} · ${when}`
}
