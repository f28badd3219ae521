/** @internal Login inside the chat, by email or identifier: loaded when a visitor first uses it. */
export {
  type BuiltInLogin,
  type BuiltInLoginOutcome,
  type BuiltInLoginProblem,
  type BuiltInLoginState,
  createBuiltInLogin,
} from './built-in-login.ts'
export type { BuiltInLoginPorts } from './built-in-login-ports.ts'
