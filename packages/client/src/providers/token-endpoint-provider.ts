/** A provider for a site whose own server hands out tokens: `POST url` answers `{ "token": "…" }`. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

export interface TokenEndpointOptions extends TokenContextOptions {
  /** Of the page's own origin, whose cookies go along. `fresh=true` is added to the query when a refresh is needed. */
  readonly url: string
  /** Sent along, e.g. a token against cross-site request forgery. Default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Finds the token in the answer. Default: the property `token`. */
  readonly readToken?: (body: unknown) => unknown
}

/** The endpoint answered with another status than 2xx, e.g. 401 when nobody is signed in. */
export class TokenEndpointError extends Error {
  override readonly name = 'TokenEndpointError'
  readonly status: number

  constructor(status: number) {
    super(`the token endpoint answered ${status}`)
    this.status = status
  }
}

/** Rejects with `TokenEndpointError`, and with an `Error` when the answer holds no token. */
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

/** By hand: `url` may be relative, and there is no page to resolve it against in Node. */
function withFresh(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}fresh=true`
}

function propertyToken(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined
}
