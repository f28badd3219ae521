/** A provider over the `Auth` of Firebase Authentication. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

/** The used part of `Auth`. */
export interface FirebaseAuth {
  readonly currentUser: { getIdToken(forceRefresh?: boolean): Promise<string> } | null
  authStateReady(): Promise<void>
}

/** Rejects if nobody is signed in, or if Firebase refuses a token. */
export function firebaseProvider(
  auth: FirebaseAuth,
  options: TokenContextOptions = {},
): RequestContextProvider {
  return async (needsRefresh, { signal }) => {
    // Until then `currentUser` is null even if somebody signed in on an earlier page.
    await auth.authStateReady()
    signal.throwIfAborted()
    return tokenContext('Firebase', await auth.currentUser?.getIdToken(needsRefresh), options)
  }
}
