/** Asks the company's own endpoint who a context belongs to. */
import { randomUUID } from 'node:crypto'
import { ChatError, LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { ContextConfig } from '../config/config.ts'
import { callJson, type OutboundAnswer, OutboundError } from '../outbound/call-json.ts'
import { createCircuitBreaker } from '../outbound/circuit-breaker.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'
import type { Context } from './context.ts'
import { type ContextVerifier, checkVerified, type Verified, type VerifyRequest } from './context-verifier.ts'

type IntrospectConfig = Extract<ContextConfig, { kind: 'introspect' }>

const TIMEOUT_MS = 10_000
const FAILURES = 5
const OPEN_MS = 10_000

const subject = z.string().min(1).max(LIMITS.userIdentifierLength)

/** Not a strict object: the endpoint is the company's, and may tell more than we ask. What it tells has to fit. */
const introspection = z.object({
  active: z.boolean().optional(),
  userIdentifier: subject.optional(),
  sub: subject.optional(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number().nullable().optional(),
  /** Seconds since the epoch, as token introspection (RFC 7662) has it. */
  exp: z.number().optional(),
})
type Introspection = z.infer<typeof introspection>

interface Confirmation {
  readonly told: Introspection
  /** The whole answer, as it came. */
  readonly claims: Context
}

export interface IntrospectOptions {
  readonly now: () => number
  /** Default 10 000. */
  readonly timeoutMs?: number
}

/**
 * 2xx with `{ userIdentifier | sub, expiresAt? | exp? }` is a yes; `{ "active": false }`, no subject, and any other
 * 4xx than 408 and 429 a no; everything else an outage. Five outages in a row, and the company is left alone for 10 s.
 */
export function createIntrospectVerifier(
  config: IntrospectConfig,
  { now, timeoutMs = TIMEOUT_MS }: IntrospectOptions,
): ContextVerifier {
  const breaker = createCircuitBreaker({
    failures: FAILURES,
    openMs: OPEN_MS,
    // Devices that leave say nothing about the company; or they could cut everybody off.
    isFailure: (error) => !(error instanceof OutboundError && error.failure === 'aborted'),
    now,
  })

  async function ask({ userIdentifier, context, signal }: VerifyRequest): Promise<Confirmation | 'refused'> {
    const body = JSON.stringify({ userIdentifier, context })
    const signed =
      config.secret === undefined ? {} : signWebhook(config.secret, { id: randomUUID(), body, at: now() })
    // The endpoint is named by the operator, and often stands in the same private network.
    const call = {
      method: 'POST',
      headers: signed,
      body,
      signal,
      timeoutMs,
      allowPrivateAddress: true,
    } as const
    return read(await callJson({ url: new URL(config.url), ...call }))
  }

  return {
    async verify(request) {
      const answer = await breaker
        .run(() => ask(request))
        .catch((cause: unknown) => {
          throw unavailable(cause)
        })
      const verified = answer === 'refused' ? [] : verifiedOf(answer)
      const [first] = verified.map((one) => checkVerified(one, request, now))
      if (first === undefined) {
        throw new ChatError('context-invalid', 'The company did not confirm the context.')
      }
      return first
    },
  }
}

/** Throws at an answer that is neither yes nor no. */
function read({ status, body }: OutboundAnswer): Confirmation | 'refused' {
  if (status >= 200 && status < 300) return { told: introspection.parse(body), claims: body as Context }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return 'refused'
  throw new Error(`The company answered ${status}.`)
}

/** One for each subject that the answer names, so that all of them are checked. */
function verifiedOf({ told, claims }: Confirmation): readonly Verified[] {
  const { active, userIdentifier, sub, expiresAt, exp } = told
  if (active === false) return []
  const ends = [expiresAt ?? null, exp === undefined ? null : Math.floor(exp * 1_000)]
  const given = ends.filter((end) => end !== null)
  const end = given.length === 0 ? null : Math.min(...given)
  return [userIdentifier, sub].flatMap((name) =>
    name === undefined ? [] : [{ userIdentifier: name, expiresAt: end, claims }],
  )
}

function unavailable(cause: unknown): ChatError {
  return new ChatError('verifier-unavailable', 'The company could not be asked about the context.', { cause })
}
