/** One login inside the chat: whom to ask, the wait for their answer, and what came of it. */
import type { BuiltInMethod, ErrorCode } from '@chat-widget/protocol'
import type { BuiltInLoginPorts } from './built-in-login-ports.ts'

export type BuiltInLoginState =
  /** Looks whether a request is under way, from before a reload. */
  | { readonly status: 'loading' }
  /** Nobody is asked yet. `problem`: why the last try came to nothing. */
  | { readonly status: 'idle'; readonly problem: BuiltInLoginProblem | null }
  | { readonly status: 'asking'; readonly method: BuiltInMethod; readonly address: string }
  | {
      readonly status: 'waiting'
      readonly method: BuiltInMethod
      readonly address: string
      readonly bindingCode: string
      /** Milliseconds since the epoch, by this device's clock. */
      readonly expiresAt: number
      readonly resendAt: number
      /** Why the person could not be asked again. */
      readonly problem: BuiltInLoginProblem | null
    }
  /** Approved; what comes of it is told by the identity. */
  | { readonly status: 'signing-in' }
  /** Nothing else changed. `locked`: too many wrong codes. `canceled`: by the visitor, or replaced by another request. */
  | { readonly status: 'ended'; readonly outcome: 'denied' | 'expired' | 'canceled' | 'locked' }

export interface BuiltInLoginProblem {
  /** `bad-request`: the address is none. `rate-limited`: too many; `retryAt` says when it may be tried again. */
  readonly code: ErrorCode
  /** Milliseconds since the epoch, by this device's clock. */
  readonly retryAt: number | null
}

export interface BuiltInLogin {
  readonly state: BuiltInLoginState
  /** Returns the unsubscribe. */
  on(name: 'change', listener: (state: BuiltInLoginState) => void): () => void
  /** Asks, or says in `idle` why not. Offline it waits for the connection. */
  ask(method: BuiltInMethod, address: string): Promise<void>
  /** Asks the same person once more: a new code, and the one before is worthless. */
  resend(): Promise<void>
  /** Takes the request back. */
  cancel(): void
  /** Lets go of timers and listeners; what is under way stays so, for the next one. Idempotent. */
  close(): void
}

export function createBuiltInLogin(_ports: BuiltInLoginPorts): BuiltInLogin {
  throw new Error('not made yet')
}
