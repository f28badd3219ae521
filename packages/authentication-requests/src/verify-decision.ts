/** Accepts a decision only if the server signed it, for this app, this request and the person who was asked. */
import {
  type Addressee,
  type AuthenticationRequestAnswer,
  ChatError,
  type DecisionClaims,
  foldEmail,
} from '@chat-widget/protocol'
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Verdict } from './response.ts'

export interface VerifierOptions {
  readonly server: string
  readonly issuer: string
  readonly app: string | null
  readonly fetch: typeof globalThis.fetch
  readonly signal: AbortSignal
}

/** `asked`: the person, if this client knows. */
export type VerifyAnswer = (answer: AuthenticationRequestAnswer, asked: Addressee | null) => Promise<Verdict>

/** Least time between two fetches of the keys. */
const LEAST_MS = 1_000

/** Rejects with a `ChatError` if the keys cannot be fetched; any mismatch resolves as `errored`. */
export function createVerifier(options: VerifierOptions): VerifyAnswer {
  let fetchedAt = Number.NEGATIVE_INFINITY
  // Keys are cached for ten minutes.
  const keys = createRemoteJWKSet(new URL(`${options.server}/.well-known/jwks.json`), {
    cooldownDuration: Number.POSITIVE_INFINITY,
    async [customFetch](url, init) {
      const startedAt = performance.now()
      const response = await fetchKeys(options, url, init)
      fetchedAt = startedAt
      return response
    },
  })

  /** Fetches the keys again for an unknown `kid`, as the server may have a new one; at most once a second. */
  const keyOf: JWTVerifyGetKey = async (header, token) => {
    const askedAt = performance.now()
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || fetchedAt >= askedAt) throw error
      const waitMs = fetchedAt + LEAST_MS - askedAt
      if (waitMs > 0) throw keysMissing(error, waitMs)
      await keys.reload()
      return keys(header, token)
    }
  }

  const verify = async (answer: AuthenticationRequestAnswer, asked: Addressee | null): Promise<Verdict> => {
    const { authentication_request_status: status, authentication_request_response: token } = answer
    if (status !== 'approved' && status !== 'denied') return undecided(status)
    if (typeof token !== 'string') return refused(`it is ${status}, and nobody signed for that`)
    const { payload } = await jwtVerify<DecisionClaims>(token, keyOf, {
      algorithms: ['ES256'],
      // With or without a trailing slash it is the same server.
      issuer: [options.issuer, `${options.issuer}/`],
      requiredClaims: ['aud', 'jti', 'iat', 'decision', 'decided_at', 'subject'],
    })
    if (typeof payload.aud !== 'string' || (options.app !== null && payload.aud !== options.app))
      return refused('the decision is for another app')
    if (payload.jti !== answer.authentication_request_id) return refused('the decision is of another request')
    if (payload.decision !== status) return refused(`it is ${status}, and the decision says otherwise`)
    if (typeof payload.subject !== 'string' || payload.subject === '')
      return refused('the decision does not say whose it is')
    if (asked !== null && !isAsked(asked, payload.subject))
      return refused('somebody else decided than who was asked')
    return { status, subject: payload.subject }
  }

  return async (answer, asked) => {
    try {
      return await verify(answer, asked)
    } catch (error) {
      if (error instanceof ChatError || options.signal.aborted) throw error
      if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) throw keysMissing(error)
      return refused(error instanceof Error ? error.message : 'it could not be verified')
    }
  }
}

const refused = (reason: string): Verdict => ({
  status: 'errored',
  reason: `the decision was not accepted: ${reason}`,
})

/** A status of a later version may mean anything, so it means no approval ([AR9]). */
function undecided(
  status: Exclude<AuthenticationRequestAnswer['authentication_request_status'], 'approved' | 'denied'>,
): Verdict {
  switch (status) {
    case 'pending':
    case 'expired':
    case 'canceled':
    case 'unauthorized':
      return { status }
    case 'errored':
      return { status, reason: 'the request could not be delivered' }
    default:
      status satisfies never
      return { status: 'errored', reason: 'the server answered with an unknown status' }
  }
}

function isAsked(asked: Addressee, subject: string): boolean {
  return asked.kind === 'email' ? foldEmail(subject) === foldEmail(asked.email) : subject === asked.identifier
}

async function fetchKeys(
  options: VerifierOptions,
  url: string,
  init: { readonly headers: Headers; readonly signal: AbortSignal },
): Promise<Response> {
  try {
    const signal = AbortSignal.any([init.signal, options.signal])
    // A cached answer might lack new keys.
    const response = await options.fetch(url, {
      headers: init.headers,
      redirect: 'error',
      cache: 'no-cache',
      signal,
    })
    // Read here, so that a broken connection, or an error page, is an outage instead of a mismatch.
    return Response.json(await response.json())
  } catch (error) {
    throw keysMissing(error)
  }
}

const keysMissing = (cause: unknown, retryAfterMs?: number) =>
  new ChatError('unavailable', 'the keys that decisions are signed with cannot be had', {
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
