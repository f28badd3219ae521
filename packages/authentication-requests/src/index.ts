/** Asks people, out of band, whether they are the one who wants in. */
export {
  type AuthenticationRequestStatus,
  type BindingMode,
  ChatError,
  type ErrorCode,
} from '@chat-widget/protocol'
export type * from './authentication-client-api.ts'
export { createAuthenticationClient } from './create-authentication-client.ts'
