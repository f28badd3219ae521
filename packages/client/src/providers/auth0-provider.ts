/** A provider over an `Auth0Client` of auth0-spa-js. */
import type { RequestContextProvider } from '../chat-state.ts'
import { nobodySignedIn, type TokenContextOptions, tokenContext } from './token-context.ts'

/** The used part of `Auth0Client`. */
export interface Auth0Client {
  getTokenSilently(options: { cacheMode: 'on' | 'off' }): Promise<string | undefined>
}

/**
 * The client needs `authorizationParams.audience`, without which Auth0 issues opaque tokens. Rejects if nobody is
 * signed in (then Auth0's `login_required` is the cause), or with Auth0's own error.
 */
export function auth0Provider(
  client: Auth0Client,
  options: TokenContextOptions = {},
): RequestContextProvider {
  return async (needsRefresh) => {
    const token = await client
      .getTokenSilently({ cacheMode: needsRefresh ? 'off' : 'on' })
      .catch((cause: unknown) => {
        throw isLoginRequired(cause) ? nobodySignedIn('Auth0', cause) : cause
      })
    return tokenContext('Auth0', token, options)
  }
}

function isLoginRequired(cause: unknown): boolean {
  return cause instanceof Error && 'error' in cause && cause.error === 'login_required'
}
