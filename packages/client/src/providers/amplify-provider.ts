/** A provider over Amplify's `fetchAuthSession`, for users of Amazon Cognito. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

interface AmplifyToken {
  /** Returns the token's text. */
  toString(): string
}

/** The used part of `fetchAuthSession` of `aws-amplify/auth`. */
export type FetchAuthSession = (options: { forceRefresh: boolean }) => Promise<{
  readonly tokens?: { readonly idToken?: AmplifyToken; readonly accessToken: AmplifyToken }
}>

export interface AmplifyOptions extends TokenContextOptions {
  /** Default `id`: Cognito's access tokens have no `aud`, which the server requires of a JWT. */
  readonly token?: 'access' | 'id'
}

/** Rejects if nobody is signed in, or with Amplify's own error. */
export function amplifyProvider(
  fetchAuthSession: FetchAuthSession,
  options: AmplifyOptions = {},
): RequestContextProvider {
  return async (needsRefresh) => {
    const { tokens } = await fetchAuthSession({ forceRefresh: needsRefresh })
    const token = options.token === 'access' ? tokens?.accessToken : tokens?.idToken
    return tokenContext('Amplify', token?.toString(), options)
  }
}
