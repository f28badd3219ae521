/** Talks to the issuer of a single sign-on, by openid-client. Loaded when somebody first signs in by it. */
import { isDeepStrictEqual } from 'node:util'
import { BrokenCircuitError } from 'cockatiel'
import * as oidc from 'openid-client'
import type { IssuerConfig } from '../../config/config.ts'
import { readText } from '../../outbound/read-text.ts'
import { createRestingBreaker } from '../../outbound/resting-breaker.ts'
import { SingleSignOnError } from './single-sign-on-error.ts'

/** Secrets of a sign-in between its begin and the issuer's answer. */
export interface SignInSecrets {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export type Claims = Readonly<Record<string, unknown>>

export interface IssuerAnswer {
  readonly issuer: string
  readonly subject: string
  /** Claims of the ID token and, if it lacks one that is needed, of the userinfo endpoint. */
  readonly claims: readonly Claims[]
}

export type IssuerClient = ReturnType<typeof createIssuerClient>

/** Time that the issuer has for each answer. */
const TIMEOUT_SECONDS = 10
const ANSWER_BYTES = 256 * 1024
/** Age at which the issuer's configuration, and its keys with it, is read again. */
const KEPT_MS = 10 * 60_000
/** Pause after the configuration could not be read: else each click would call a dead issuer. */
const REST_MS = 5_000

interface IssuerClientOptions {
  /** Names of claims without which the userinfo endpoint is asked. */
  readonly needs: readonly string[]
  /** Largest difference between the clocks of the issuer and of this server. */
  readonly clockSkewMs: number
  readonly now: () => number
}

export function createIssuerClient(issuer: IssuerConfig, { needs, clockSkewMs, now }: IssuerClientOptions) {
  const url = new URL(issuer.url)
  const breaker = createRestingBreaker({ restMs: REST_MS })
  let kept: { readonly until: number; readonly configuration: Promise<oidc.Configuration> } | null = null

  function configuration(): Promise<oidc.Configuration> {
    if (kept !== null && now() < kept.until) return kept.configuration
    const reading = { until: now() + KEPT_MS, configuration: breaker.execute(discover) }
    kept = reading
    reading.configuration.catch(() => {
      if (kept === reading) kept = null
    })
    return reading.configuration
  }

  async function discover(): Promise<oidc.Configuration> {
    const insecure = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []
    const found = await oidc.discovery(url, issuer.clientId, undefined, oidc.None(), {
      timeout: TIMEOUT_SECONDS,
      [oidc.customFetch]: boundedFetch,
      execute: insecure,
    })
    const server = found.serverMetadata()
    // The library lets some issuers stand for many tenants, each with administrators of its own.
    if (new URL(server.issuer).href !== url.href)
      throw new SingleSignOnError('failed', 'the issuer names itself otherwise')
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server
    const authenticate = methods.includes('client_secret_basic')
      ? oidc.ClientSecretBasic
      : oidc.ClientSecretPost
    const client = new oidc.Configuration(
      server,
      issuer.clientId,
      { [oidc.clockTolerance]: clockSkewMs / 1_000 },
      authenticate(issuer.clientSecret),
    )
    client.timeout = TIMEOUT_SECONDS
    client[oidc.customFetch] = boundedFetch
    for (const allow of insecure) allow(client)
    // By default a token that came straight from the issuer is believed without its signature.
    oidc.enableNonRepudiationChecks(client)
    return client
  }

  async function userInfo(
    client: oidc.Configuration,
    token: string,
    { subject, idToken }: { readonly subject: string; readonly idToken: Claims },
  ): Promise<readonly Claims[]> {
    const hasAll = needs.every((name) => idToken[name] !== undefined)
    if (hasAll || client.serverMetadata().userinfo_endpoint === undefined) return []
    return [{ ...(await oidc.fetchUserInfo(client, token, subject)) }]
  }

  return {
    /** Resolves with the issuer's page, and with the secrets that its answer is checked by. */
    async begin(redirectUri: string): Promise<{ readonly page: URL; readonly secrets: SignInSecrets }> {
      const client = await configuration().catch(toSingleSignOnError)
      const secrets = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      }
      const page = oidc.buildAuthorizationUrl(client, {
        redirect_uri: redirectUri,
        scope: issuer.scopes.join(' '),
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
        state: secrets.state,
        nonce: secrets.nonce,
      })
      if (page.protocol !== 'https:' && page.protocol !== url.protocol)
        throw new SingleSignOnError('failed', 'the issuer’s page is not https')
      return { page, secrets }
    },

    /** Redeems the code of a callback, whose address is the redirect URI with the issuer's query. */
    async finish(callback: URL, { state, nonce, verifier }: SignInSecrets): Promise<IssuerAnswer> {
      try {
        const client = await configuration()
        const tokens = await oidc.authorizationCodeGrant(client, callback, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
          idTokenExpected: true,
        })
        const idToken = tokens.claims()
        if (idToken === undefined) throw new SingleSignOnError('failed', 'no ID token')
        const of = { subject: idToken.sub, idToken: { ...idToken } }
        return {
          issuer: idToken.iss,
          subject: idToken.sub,
          claims: [of.idToken, ...(await userInfo(client, tokens.access_token, of))],
        }
      } catch (error) {
        return toSingleSignOnError(error)
      }
    },

    isFor: (other: IssuerConfig) => isDeepStrictEqual(other, issuer),
  }
}

class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError'
}

/** As `fetch`, without redirects, with a bound on the answer. The address is the operator's, so it may be a private one. */
async function boundedFetch(url: string, options: oidc.CustomFetchOptions): Promise<Response> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, { ...options, redirect: 'manual' } as RequestInit)
    text = await readText(response, ANSWER_BYTES)
  } catch (cause) {
    throw new IssuerAwayError('The issuer gave no whole answer.', { cause })
  }
  const { status, headers } = response
  if (status >= 500) throw new IssuerAwayError(`The issuer answered ${status}.`)
  return new Response(text === '' ? null : text, { status, headers })
}

/** Codes of OAuth and of the library; anything else might be somebody's text. */
const CODE = /^[A-Za-z][A-Za-z0-9_]{0,63}$/
const codeIn = (value: unknown): string => (typeof value === 'string' && CODE.test(value) ? value : 'unknown')

/** Rethrows what the library threw, of whose messages and causes some hold tokens. */
function toSingleSignOnError(error: unknown): never {
  if (error instanceof SingleSignOnError) throw error
  if (error instanceof oidc.AuthorizationResponseError) {
    const isCancelled = error.error === 'access_denied'
    throw new SingleSignOnError(isCancelled ? 'cancelled' : 'failed', `authorization: ${codeIn(error.error)}`)
  }
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof IssuerAwayError || cause instanceof BrokenCircuitError)
      throw new SingleSignOnError('unreachable', 'no answer of the issuer')
  if (error instanceof oidc.ResponseBodyError)
    throw new SingleSignOnError('failed', `token: ${codeIn(error.error)}`)
  const code = error instanceof Error && 'code' in error ? codeIn(error.code) : 'unknown'
  throw new SingleSignOnError('failed', claimOf(error) === null ? code : `${code}: ${claimOf(error)}`)
}

/** Name of the claim that is wrong, if it is one of OpenID Connect's own. */
function claimOf(error: unknown): string | null {
  for (let cause = error; typeof cause === 'object' && cause !== null; ) {
    const { claim, attribute, cause: next } = cause as Record<string, unknown>
    for (const name of [claim, attribute]) if (typeof name === 'string' && CODE.test(name)) return name
    cause = next
  }
  return null
}
