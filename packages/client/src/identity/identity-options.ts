/** What the identity needs, and what it tells. */
import type { Authenticated, AuthenticateRequest, ChatError, IdentityReceipt } from '@chat-widget/protocol'
import type { IdentityState } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { RequestTrace } from './trace-reporter.ts'

export interface IdentityOptions {
  readonly authenticate: (request: AuthenticateRequest) => Promise<Reply<Authenticated>>
  readonly mergePolicy: 'merge' | 'separate'
  readonly providerTimeoutMs: number
  readonly tabs: Tabs
  /** Connects anew, with the session that the identity holds then. */
  readonly reconnect: () => void
  /** By which the server is told of transitions. Default: nobody is told. */
  readonly request?: RequestTrace
  /** Waits between tries. Default: full jitter. */
  readonly policy?: ReconnectPolicy
}

export interface IdentityEvents {
  change: { readonly identity: IdentityState; readonly receipt?: IdentityReceipt }
  /** Told before the `change` to `identified`. */
  authenticated: Authenticated
  /** The host was asked for the user, and they are identified: no mere renewal. */
  'signed-in': undefined
  /** Why re-authentication is required. */
  failed: ChatError
}
