/** [WB2] Tells a webhook of one event, as a job. */
import type { AppId, WebhookRequest } from '@chat-widget/protocol'
import type { AppConfig, WebhookConfig } from '../config/config.ts'
import { secretList } from '../config/secret.ts'
import { visitorOf } from '../conversations/summaries.ts'
import { JobFailure, type JobHandler, type RunningJob } from '../jobs/job-queue.ts'
import { callJson, OutboundError } from '../outbound/call-json.ts'
import { CircuitOpenError, createCallerBreaker } from '../outbound/caller-breaker.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'
import type { Storage } from '../storage/storage.ts'
import { builtInMethodOf } from '../storage/user-key.ts'
import { webhookKey } from './webhook-targets.ts'

export interface WebhookDeliveryOptions {
  readonly storage: Pick<Storage, 'conversations' | 'messages' | 'users'>
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly tuning: {
    readonly webhookTimeoutMs: number
    readonly webhookBackoffMs: readonly [number, number]
    readonly webhookPatienceMs: number
  }
  readonly now: () => number
}

type Delivery = RunningJob<'webhook'>

/** Deliveries of a node under way. */
const DELIVERIES_AT_ONCE = 500
/** Of those, one receiver's. */
const DELIVERIES_OF_RECEIVER = 20
/** Conversations with failures in a row, without a success in between, after which a receiver is left alone. */
const FAILED_CONVERSATIONS = 10
const PAUSE_MS = 30_000
/** The receiver wants no more of them. */
const GONE = 410

export function createWebhookDelivery(options: WebhookDeliveryOptions): JobHandler<'webhook'> {
  const { apps, tuning, now } = options
  const breakers = new WeakMap<WebhookConfig, ReturnType<typeof createCallerBreaker>>()

  function breakerOf(webhook: WebhookConfig) {
    const known = breakers.get(webhook)
    if (known !== undefined) return known
    const breaker = createCallerBreaker({
      ...{ failures: Number.POSITIVE_INFINITY, networks: FAILED_CONVERSATIONS, openMs: PAUSE_MS },
      isFailure: (error) => error instanceof JobFailure,
    })
    breakers.set(webhook, breaker)
    return breaker
  }

  async function post(webhook: WebhookConfig, request: WebhookRequest, { key, signal }: Delivery) {
    const body = JSON.stringify(request)
    let status: number
    try {
      const answer = await callJson({
        url: new URL(webhook.url),
        method: 'POST',
        // The signature covers the time, so each try is signed anew under the same id.
        headers: signWebhook(secretList(webhook.secret), { id: key, body, at: now() }),
        ...{ body, signal, timeoutMs: tuning.webhookTimeoutMs },
        // Allowed, as the operator names the receiver, which often runs in the same private network.
        ...{ allowPrivateAddress: true, anyType: true },
      })
      status = answer.status
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      // A success may say anything.
      if (!isSuccess(error.status)) throw new JobFailure(error.failure)
      status = error.status
    }
    if (!isSuccess(status)) throw new JobFailure(`status ${status}`, status === GONE)
  }

  return {
    ...{ atOnce: DELIVERIES_AT_ONCE, ofReceiver: DELIVERIES_OF_RECEIVER },
    ...{ tries: Number.POSITIVE_INFINITY, patienceMs: tuning.webhookPatienceMs },
    backoff: { baseMs: tuning.webhookBackoffMs[0], capMs: tuning.webhookBackoffMs[1] },
    async run(delivery) {
      const { app, webhook: key } = delivery.payload
      const webhook = apps.get(app)?.webhooks?.find((one) => webhookKey(app, one) === key)
      if (webhook === undefined) throw new JobFailure('not configured any more', true)
      const request = await requestOf(options, delivery)
      // Erased meanwhile.
      if (request === null) return []
      const caller = { visitor: delivery.lane, network: delivery.lane }
      try {
        await breakerOf(webhook).run(caller, () => post(webhook, request, delivery))
      } catch (error) {
        throw error instanceof CircuitOpenError ? new JobFailure('paused after failures') : error
      }
      return []
    },
  }
}

async function requestOf(
  { storage }: Pick<WebhookDeliveryOptions, 'storage'>,
  { payload: { app, at, event } }: Delivery,
): Promise<WebhookRequest | null> {
  const base = { app, timestamp: new Date(at).toISOString() }
  if (event.type === 'user.identified') {
    const user = await storage.users.find(event.userId)
    if (user === null) return null
    const { userIdentifier, method } = user
    const visitor = { verified: true, userIdentifier, ...builtInMethodOf(method) } as const
    return { type: event.type, ...base, visitor, conversations: event.conversations }
  }
  const { conversationId: id, status, handler } = event
  const record = await storage.conversations.find(id)
  if (record === null) return null
  const of = { ...base, conversation: { id, status, handler }, visitor: visitorOf(record) }
  if (event.type !== 'message.created') return { type: event.type, ...of }
  const message = await storage.messages.find(event.messageId)
  return message === null ? null : { type: event.type, ...of, message }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
