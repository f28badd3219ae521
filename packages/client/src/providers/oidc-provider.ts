/** A provider over a `UserManager` of oidc-client-ts. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

interface OidcUser {
  readonly access_token: string
  readonly id_token?: string | undefined
  readonly expired: boolean | undefined
}

/** The used part of `UserManager`. */
export interface OidcUserManager {
  getUser(): Promise<OidcUser | null>
  signinSilent(): Promise<OidcUser | null>
}

export interface OidcOptions extends TokenContextOptions {
  /** Default `access`. Use `id` if access tokens are opaque; not every issuer renews the ID token. */
  readonly token?: 'access' | 'id'
}

/** Rejects if nobody is signed in, or the silent sign-in fails. */
export function oidcProvider(
  userManager: OidcUserManager,
  options: OidcOptions = {},
): RequestContextProvider {
  return async (needsRefresh, { signal }) => {
    const held = await userManager.getUser()
    signal.throwIfAborted()
    // Without a user a silent sign-in would sign in the issuer's last user, e.g. after a local logout.
    const user = held !== null && (needsRefresh || held.expired) ? await userManager.signinSilent() : held
    const token = options.token === 'id' ? user?.id_token : user?.access_token
    return tokenContext('oidc-client-ts', token, options)
  }
}
