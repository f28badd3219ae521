/** A provider for a site whose own server issues tokens: `POST url` answers `{ "token": "…" }`. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

export interface TokenEndpointOptions extends TokenContextOptions {
  /**
   * On the page's own origin, so that cookies are sent. `fresh=true` is added to the query when a refresh is needed.
   */
  readonly url: string
  /** Sent with the request, e.g. a token against cross-site request forgery. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Reads the token from the answer. Default: the property `token`. */
  readonly readToken?: (body: unknown) => unknown
}

/** The endpoint answered with another status than 2xx, e.g. 401 if nobody is signed in. */
export class TokenEndpointError extends Error {
  override readonly name = 'TokenEndpointError'
  readonly status: number

  constructor(status: number) {
    super(`the token endpoint answered ${status}`)
    this.status = status
  }
}

/** Rejects with `TokenEndpointError`, and with an `Error` if the answer contains no token. */
export function tokenEndpointProvider(options: TokenEndpointOptions): RequestContextProvider {
  const { url, headers = {}, readToken = propertyToken } = options
  return async (needsRefresh, { signal }) => {
    const response = await fetch(needsRefresh ? withFresh(url) : url, {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { accept: 'application/json', ...headers },
      signal,
    })
    if (!response.ok) throw new TokenEndpointError(response.status)
    const token = readToken(await response.json())
    if (typeof token !== 'string') throw new Error('the token endpoint answered without a token')
    return tokenContext('token endpoint', token, options)
  }
}

/** Without `URL`: `url` may be relative, and in Node there is no page to resolve it against. */
function withFresh(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}fresh=true`
}

function propertyToken(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined
}
