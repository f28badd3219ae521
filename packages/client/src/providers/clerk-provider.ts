/** A provider over a `Clerk` object. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

/** The used part of `Clerk`. */
export interface Clerk {
  readonly session?:
    | { getToken(options: { skipCache: boolean; template?: string }): Promise<string | null> }
    | null
    | undefined
}

export interface ClerkOptions extends TokenContextOptions {
  /** A JWT template that sets `aud`, which Clerk's plain session token lacks and the server requires. Default: none. */
  readonly template?: string
}

/** `clerk.load()` must have resolved. Rejects if nobody is signed in, or with Clerk's own error. */
export function clerkProvider(clerk: Clerk, options: ClerkOptions = {}): RequestContextProvider {
  const template = options.template === undefined ? {} : { template: options.template }
  return async (needsRefresh) =>
    tokenContext('Clerk', await clerk.session?.getToken({ skipCache: needsRefresh, ...template }), options)
}
