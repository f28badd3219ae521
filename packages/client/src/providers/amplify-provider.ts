/** A provider over Amplify's `fetchAuthSession`, for users of Amazon Cognito. */
import type { RequestContextProvider } from '../chat-state.ts'
import { type TokenContextOptions, tokenContext } from './token-context.ts'

interface AmplifyToken {
  /** The token's text. */
  toString(): string
}

/** `fetchAuthSession` of `aws-amplify/auth`, as far as it is used. */
export type FetchAuthSession = (options: { forceRefresh: boolean }) => Promise<{
  readonly tokens?: { readonly idToken?: AmplifyToken; readonly accessToken: AmplifyToken }
}>

export interface AmplifyOptions extends TokenContextOptions {
  /** Default `id`: Cognito's access tokens have no `aud`, which the server requires of a JWT. */
  readonly token?: 'access' | 'id'
}

/** Rejects when nobody is signed in, or with Amplify's own error. */
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
