/** A provider over the `Auth` of Firebase Authentication. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

/** The part of `Auth` that is used. */
export interface FirebaseAuth {
  readonly currentUser: { getIdToken(forceRefresh?: boolean): Promise<string> } | null
  authStateReady(): Promise<void>
}

/** Rejects when nobody is signed in, or Firebase refuses a token. */
export function firebaseProvider(
  auth: FirebaseAuth,
  options: TokenContextOptions = {},
): RequestContextProvider {
  return async (needsRefresh, { signal }) => {
    // Until then `currentUser` is null for somebody who signed in on an earlier page.
    await auth.authStateReady()
    signal.throwIfAborted()
    return tokenContext('Firebase', await auth.currentUser?.getIdToken(needsRefresh), options)
  }
}
