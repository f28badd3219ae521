/** Forwards requests to a server with QuantAuth's interface, which asks the person, and fetches its decision. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AuthenticationRequestBody, AuthenticationRequestStatus } from '@chat-widget/protocol'
import { AUTHENTICATION_REQUEST_LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { ForwardConfig } from '../config/config.ts'
import { callJson } from '../outbound/call-json.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import {
  type AuthenticationRequestProvider,
  DeliveryRefused,
  type ProvidedRequest,
} from './authentication-requests.ts'
import { createForwardedDecisionVerifier, withoutSlash } from './forwarded-decision.ts'

export interface ForwardingTuning {
  /** Seconds for which one call waits for the decision. */
  readonly sliceSeconds: number
  /** Least time between two calls if the server answers before the wait is over. Milliseconds. */
  readonly paceMs: number
  /** Time that an answer may take beyond the wait. Milliseconds. */
  readonly answerMs: number
}

const DEFAULT_TUNING: ForwardingTuning = { sliceSeconds: 25, paceMs: 2_000, answerMs: 10_000 }

/** Statuses that say that the request itself is wrong; any other failure may pass. */
const REFUSALS: readonly number[] = [400, 409, 422]

export function createForwardingProvider(
  config: ForwardConfig,
  tuning: Partial<ForwardingTuning> = {},
): AuthenticationRequestProvider {
  const { sliceSeconds, paceMs, answerMs } = { ...DEFAULT_TUNING, ...tuning }
  const app = config.app === undefined ? '' : `apps/${encodeURIComponent(config.app)}/`
  const url = new URL(`${withoutSlash(config.url)}/v1/${app}authentication-request/`)
  const headers = config.apiKey === undefined ? {} : { authorization: `Token ${config.apiKey}` }
  const verifyAnswer = createForwardedDecisionVerifier(config)

  /** Sends the request under our id, so a repeated call attaches to the running request and asks nobody twice. */
  async function post(request: ProvidedRequest, waitSeconds: number): Promise<AuthenticationRequestStatus> {
    const { record, signal } = request
    const answer = await callJson({
      url,
      method: 'POST',
      headers,
      body: JSON.stringify({ ...bodyOf(record), wait_for_response: waitSeconds }),
      signal,
      timeoutMs: waitSeconds * 1_000 + answerMs,
      // Allowed, as the operator wrote the address.
      allowPrivateAddress: true,
    })
    if (REFUSALS.includes(answer.status))
      throw new DeliveryRefused(`the server that is asked answered ${answer.status}`)
    if (answer.status !== 200) throw new Error(`the server that is asked answered ${answer.status}`)
    const status = await verifyAnswer(answer.body, record)
    if (record.binding === 'code' && status === 'pending') await takeCode(request, answer.body)
    return status
  }

  /** Fails closed: a request with digits is not decided without them ([AR2]). */
  async function takeCode({ record, showCode }: ProvidedRequest, answer: unknown): Promise<void> {
    const parsed = codeShape.safeParse(answer)
    if (parsed.success) return showCode(parsed.data.binding_code)
    await cancelRemotely(record)
    throw new DeliveryRefused('the server that is asked gives no binding code')
  }

  /**
   * Cancels, so that the person is not left with a question whose answer has no effect. They may have answered by now.
   */
  async function cancelRemotely({ id }: AuthenticationRequestRecord): Promise<void> {
    const cancel = new URL(`${id}/cancel`, url)
    const call = {
      url: cancel,
      method: 'POST',
      headers,
      timeoutMs: answerMs,
      allowPrivateAddress: true,
    } as const
    await callJson(call).catch(() => undefined)
  }

  return {
    async ask(request) {
      const status = await post(request, 0)
      // Nobody can have seen the digits yet, unless the request was asked before a crash and that was not stored.
      if (status === 'approved' && request.record.binding === 'code')
        throw new DeliveryRefused('it is approved before its binding code could be shown')
      return status
    },
    async follow(request) {
      // After a restart the digits are needed now, not when the wait is over.
      const needsCode = request.record.binding === 'code' && request.code === null
      const pace = delay(paceMs, undefined, { signal: request.signal })
      // If the call fails first, nobody handles the timer's rejection.
      pace.catch(() => undefined)
      const status = await post(request, needsCode ? 0 : sliceSeconds)
      if (status === 'pending') await pace
      return status
    },
  }
}

const codeShape = z.object({
  binding_code: z.string().regex(new RegExp(`^[0-9]{${AUTHENTICATION_REQUEST_LIMITS.bindingDigits}}$`)),
})

function bodyOf({ id, addressee, claims, binding, createdAt, expiresAt }: AuthenticationRequestRecord) {
  if (addressee.kind !== 'email') throw new DeliveryRefused('only requests by email are forwarded')
  const lifetimeSeconds = (expiresAt - createdAt) / 1_000
  const { applicationTitle, userName, userIp, userOrigin } = claims
  return {
    email: addressee.email,
    application_title: applicationTitle,
    authentication_request_id: id,
    ...(userName === null ? {} : { user_name: userName }),
    ...(userIp === null ? {} : { user_ip: userIp }),
    ...(userOrigin === null ? {} : { user_origin: userOrigin }),
    // QuantAuth has neither of the two fields, no digits, and these 15 minutes.
    ...(binding === 'none' ? {} : { binding }),
    ...(lifetimeSeconds === AUTHENTICATION_REQUEST_LIMITS.lifetimeSeconds
      ? {}
      : { expires_in: lifetimeSeconds }),
  } satisfies AuthenticationRequestBody
}
