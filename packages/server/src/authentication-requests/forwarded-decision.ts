/** Whether another server's word about a request is to be believed: only what it signed, unless it is trusted unsigned. */
import { type AuthenticationRequestStatus, foldEmail } from '@chat-widget/protocol'
import { errors, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { ForwardConfig } from '../config/config.ts'
import { createIssuerKeys } from '../identity/issuer-keys.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { DeliveryRefused } from './authentication-requests.ts'
import { subjectOf } from './request-record.ts'

/**
 * The status that the answer proves. Rejects with `DeliveryRefused` for an answer that is not believed, and with
 * anything else where it could not be checked.
 */
export type JudgeAnswer = (
  answer: unknown,
  record: AuthenticationRequestRecord,
) => Promise<AuthenticationRequestStatus>

const STATUSES = {
  pending: true,
  approved: true,
  denied: true,
  expired: true,
  canceled: true,
  unauthorized: true,
  errored: true,
} as const satisfies Record<AuthenticationRequestStatus, true>

const answerShape = z.object({
  authentication_request_id: z.string(),
  authentication_request_status: z.string(),
  authentication_request_response: z.unknown(),
})

/** How far the other server's clock may be behind. Seconds. */
const CLOCKS_APART = 60

export function createJudge(config: ForwardConfig): JudgeAnswer {
  const verify = config.trustUnsigned === true ? null : createDecisionVerifier(config)
  return async (answer, record) => {
    const parsed = answerShape.safeParse(answer)
    if (!parsed.success) throw new Error('the answer is none about an authentication request')
    const { authentication_request_id: id, authentication_request_response: response } = parsed.data
    const status = parsed.data.authentication_request_status
    if (id.toLowerCase() !== record.id) throw new DeliveryRefused('the answer is about another request')
    if (!isStatus(status)) throw new DeliveryRefused('the answer has an unknown status')
    if (verify === null || (status !== 'approved' && status !== 'denied')) return status
    if (typeof response !== 'string') throw new DeliveryRefused(`it is ${status}, and nobody signed for that`)
    const problem = problemOf(await verify(response), status, record)
    if (problem !== null) throw new DeliveryRefused(problem)
    return status
  }
}

const isStatus = (status: string): status is AuthenticationRequestStatus => Object.hasOwn(STATUSES, status)

export const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

function createDecisionVerifier(config: ForwardConfig) {
  const { url, jwksUrl = `${withoutSlash(url)}/.well-known/jwks.json` } = config
  const { issuer = url, audience = config.app, algorithm = 'ES256' } = config
  // The configuration is checked when it is read; jose would take none for any.
  if (audience === undefined) throw new TypeError('a signed decision needs an audience')
  const keys = createIssuerKeys(jwksUrl)
  return async (response: string): Promise<JWTPayload> => {
    try {
      return await keys.verify(response, {
        algorithms: [algorithm],
        // With and without a slash at the end it is the same server.
        issuer: [withoutSlash(issuer), `${withoutSlash(issuer)}/`],
        audience,
        requiredClaims: ['jti', 'iat', 'decision', 'subject'],
      })
    } catch (error) {
      // Its text may repeat claims, which are the other server's to say and not ours to log.
      if (isRefusal(error)) throw new DeliveryRefused(`the signed decision is not accepted: ${error.code}`)
      throw error
    }
  }
}

/** A key that is missing says nothing about the decision, for keys are changed. */
function isRefusal(error: unknown): error is errors.JOSEError {
  return error instanceof errors.JOSEError && !(error instanceof errors.JWKSNoMatchingKey)
}

function problemOf(payload: JWTPayload, status: string, record: AuthenticationRequestRecord): string | null {
  const { jti, iat = 0, decision, subject } = payload
  if (jti !== record.id) return 'the signed decision is of another request'
  if (decision !== status) return `it is ${status}, and the signed decision says otherwise`
  if (typeof subject !== 'string' || !isAsked(subject, record))
    return 'somebody else decided than who was asked'
  // Who makes a request chooses its id: it may be one that the other server knows already, with an old approval.
  if (iat + CLOCKS_APART < record.createdAt / 1_000) return 'the signed decision is older than the request'
  return null
}

function isAsked(subject: string, { addressee }: AuthenticationRequestRecord): boolean {
  // One foreign letter, the Kelvin sign, would become an ASCII one in lower case, and so another person's address.
  if (!/^[\x21-\x7e]*$/.test(subject)) return false
  const said = addressee.kind === 'email' ? foldEmail(subject) : subject
  return said === subjectOf(addressee)
}
