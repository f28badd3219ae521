/** Verifies another server's decisions: signed ones, unless the configuration trusts the server unsigned. */
import { type AuthenticationRequestStatus, foldEmail } from '@chat-widget/protocol'
import { errors, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { ForwardConfig } from '../config/config.ts'
import { createIssuerKeys } from '../identity/issuer-keys.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { DeliveryRefused } from './authentication-requests.ts'
import { subjectOf } from './request-record.ts'

/**
 * Resolves with the status that the answer proves. Rejects with `DeliveryRefused` for an answer that is not trusted,
 * and with any other error if it could not be checked.
 */
export type VerifyForwardedAnswer = (
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

/** Seconds by which the other server's clock may be behind. */
const CLOCKS_APART = 60

export function createForwardedDecisionVerifier(config: ForwardConfig): VerifyForwardedAnswer {
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
  // Checked with the configuration; jose would accept any audience if none is given.
  if (audience === undefined) throw new TypeError('a signed decision needs an audience')
  const keys = createIssuerKeys(jwksUrl)
  return async (response: string): Promise<JWTPayload> => {
    try {
      return await keys.verify(response, {
        algorithms: [algorithm],
        // With or without a trailing slash it is the same server.
        issuer: [withoutSlash(issuer), `${withoutSlash(issuer)}/`],
        audience,
        requiredClaims: ['jti', 'iat', 'decision', 'subject'],
      })
    } catch (error) {
      // The error's text may repeat claims of the other server, which are not ours to log.
      if (isRefusal(error)) throw new DeliveryRefused(`the signed decision is not accepted: ${error.code}`)
      throw error
    }
  }
}

/** A missing key says nothing about the decision, as keys are rotated. */
function isRefusal(error: unknown): error is errors.JOSEError {
  return error instanceof errors.JOSEError && !(error instanceof errors.JWKSNoMatchingKey)
}

function problemOf(payload: JWTPayload, status: string, record: AuthenticationRequestRecord): string | null {
  const { jti, iat = 0, decision, subject } = payload
  if (jti !== record.id) return 'the signed decision is of another request'
  if (decision !== status) return `it is ${status}, and the signed decision says otherwise`
  if (typeof subject !== 'string' || !isAsked(subject, record))
    return 'somebody else decided than who was asked'
  // The request's creator chooses its id: the other server may know that id already, with an old approval.
  if (iat + CLOCKS_APART < record.createdAt / 1_000) return 'the signed decision is older than the request'
  return null
}

function isAsked(subject: string, { addressee }: AuthenticationRequestRecord): boolean {
  // The Kelvin sign becomes an ASCII `k` in lower case, and so another person's address.
  if (!/^[\x21-\x7e]*$/.test(subject)) return false
  const said = addressee.kind === 'email' ? foldEmail(subject) : subject
  return said === subjectOf(addressee)
}
