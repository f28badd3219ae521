/** Asks the company's own endpoint whom a context identifies. */
import { randomUUID } from 'node:crypto'
import { ChatError, LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { ContextConfig } from '../config/config.ts'
import { firstIssue } from '../config/configuration-error.ts'
import { secretList } from '../config/secret.ts'
import { callJson, type OutboundAnswer, OutboundError } from '../outbound/call-json.ts'
import { createCallerBreaker } from '../outbound/caller-breaker.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'
import type { Context } from './context.ts'
import { type ContextVerifier, checkVerified, type Verified, type VerifyRequest } from './context-verifier.ts'

type IntrospectConfig = Extract<ContextConfig, { kind: 'introspect' }>

const TIMEOUT_MS = 10_000
/** Failures of one visitor, and of all, that open the circuit. */
const FAILURES = 5
const OPEN_MS = 10_000

/** Numbers are accepted: many databases number their users, and frameworks send the number. */
const subject = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().min(1).max(LIMITS.userIdentifierLength))

/**
 * Not a strict object: the endpoint belongs to the company, and may send further keys. These must have the right type.
 */
const introspection = z.object({
  active: z.boolean().optional(),
  userIdentifier: subject.optional(),
  sub: subject.optional(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number().nullable().optional(),
  /** Seconds since the epoch, as in token introspection (RFC 7662). */
  exp: z.number().optional(),
})
type Introspection = z.infer<typeof introspection>

interface Confirmation {
  readonly told: Introspection
  /** The whole answer, unchanged. */
  readonly claims: Context
}

export interface IntrospectOptions {
  readonly now: () => number
  /** The clock of the breaker, in milliseconds; never set back. Default: since the process began. */
  readonly elapsed?: () => number
  /** Milliseconds. Default 10 000. */
  readonly timeoutMs?: number
}

/**
 * 2xx with `{ userIdentifier | sub, expiresAt? | exp? }` confirms; any other 2xx, and any 4xx but 408 and 429, refuses;
 * anything else is an outage.
 */
export function createIntrospectVerifier(
  config: IntrospectConfig,
  { now, elapsed, timeoutMs = TIMEOUT_MS }: IntrospectOptions,
): ContextVerifier {
  const breaker = createCallerBreaker({
    failures: FAILURES,
    networks: FAILURES,
    openMs: OPEN_MS,
    isFailure: isOutage,
    ...(elapsed !== undefined && { now: elapsed }),
  })

  async function ask({ userIdentifier, context, signal }: VerifyRequest): Promise<Confirmation | 'refused'> {
    const body = JSON.stringify({ userIdentifier, context })
    const signed =
      config.secret === undefined
        ? {}
        : signWebhook(secretList(config.secret), { id: randomUUID(), body, at: now() })
    // Private addresses are allowed, as the operator names the endpoint, which often runs in the same network.
    const call = {
      method: 'POST',
      headers: signed,
      body,
      signal,
      timeoutMs,
      allowPrivateAddress: true,
    } as const
    try {
      return read(await callJson({ url: new URL(config.url), ...call }))
    } catch (error) {
      throw isUnreadable(error) ? malformed(`it is ${error.failure}, where JSON is expected`, error) : error
    }
  }

  return {
    async verify(request, caller) {
      const answer = await breaker
        .run(caller, () => ask(request))
        .catch((cause: unknown) => {
          throw cause instanceof ChatError ? cause : unavailable(cause)
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

/** Throws for an answer that neither confirms nor refuses. */
function read({ status, body }: OutboundAnswer): Confirmation | 'refused' {
  if (isSuccess(status)) {
    const { success, data, error } = introspection.safeParse(body)
    if (success) return { told: data, claims: body as Context }
    const { key, problem } = firstIssue(error)
    throw malformed(key === '' ? problem : `${key}: ${problem}`, error)
  }
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

const isSuccess = (status: number): boolean => status >= 200 && status < 300

function isUnreadable(error: unknown): error is OutboundError {
  if (!(error instanceof OutboundError) || !isSuccess(error.status)) return false
  return error.failure === 'not-json' || error.failure === 'too-large'
}

/**
 * True for outages: a device that disconnects, or a context that is refused, says nothing about the company's server.
 */
function isOutage(error: unknown): boolean {
  if (error instanceof ChatError) return false
  return !(error instanceof OutboundError && error.failure === 'aborted')
}

/** The company answered without confirming; the same context would get the same answer. */
function malformed(problem: string, cause: Error): ChatError {
  return new ChatError(
    'context-invalid',
    `The company's answer about the context is malformed: ${problem}.`,
    {
      cause,
    },
  )
}

function unavailable(cause: unknown): ChatError {
  return new ChatError('verifier-unavailable', 'The company could not be asked about the context.', { cause })
}
