/** Asks people, out of band, to confirm that it is they who sign in. */
export {
  type AuthenticationRequestStatus,
  type BindingMode,
  ChatError,
  type ErrorCode,
} from '@chat-widget/protocol'
export type * from './authentication-client-api.ts'
export { createAuthenticationClient } from './create-authentication-client.ts'
