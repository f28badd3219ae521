/** A provider over a client of Supabase. */
import type { RequestContextProvider } from '../chat-state.ts'
import { nobodySignedIn, type TokenContextOptions, tokenContext } from './token-context.ts'

interface SupabaseAnswer {
  readonly data: { readonly session: { readonly access_token: string } | null }
  readonly error: Error | null
}

/** The used part of `SupabaseClient`. */
export interface SupabaseClient {
  readonly auth: {
    getSession(): Promise<SupabaseAnswer>
    refreshSession(): Promise<SupabaseAnswer>
  }
}

/** Rejects if nobody is signed in (then `AuthSessionMissingError` is the cause), or with Supabase's own error. */
export function supabaseProvider(
  { auth }: SupabaseClient,
  options: TokenContextOptions = {},
): RequestContextProvider {
  return async (needsRefresh) => {
    const { data, error } = await (needsRefresh ? auth.refreshSession() : auth.getSession())
    if (error?.name === 'AuthSessionMissingError') throw nobodySignedIn('Supabase', error)
    if (error !== null) throw error
    return tokenContext('Supabase', data.session?.access_token, options)
  }
}
