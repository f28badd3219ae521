/** Shared by all ready-made providers: the shape of the context, and the error without a token. */
import type { RequestContext } from '../chat-state.ts'

export interface TokenContextOptions {
  /** Makes the context from the token. Default: `{ Auth: { Token } }`, read by the server at `Auth.Token`. */
  readonly toContext?: (token: string) => RequestContext
}

/**
 * Throws if there is no token: nobody is signed in, and no user is invented ([ID14]). `source` is named in the message.
 */
export function tokenContext(
  source: string,
  token: string | null | undefined,
  { toContext = (Token) => ({ Auth: { Token } }) }: TokenContextOptions,
): RequestContext {
  if (typeof token !== 'string' || token === '') throw nobodySignedIn(source)
  return toContext(token)
}

export function nobodySignedIn(source: string, cause?: unknown): Error {
  return new Error(`${source}: nobody is signed in`, cause === undefined ? undefined : { cause })
}
