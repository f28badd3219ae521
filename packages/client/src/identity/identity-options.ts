/** Dependencies of an identity, and its events. */
import type { Authenticated, ChatError } from '@chat-widget/protocol'
import type { ChatClientEvents } from '../chat-client-api.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { DepartureOptions } from './departure.ts'
import type { SignInOptions } from './sign-in.ts'

/** Loads the code that signs users in; rejects if it cannot be loaded. */
export type LoadSignIn = () => Promise<Pick<typeof import('./sign-in.ts'), 'createSignIn'>>

export interface IdentityOptions extends Omit<SignInOptions, 'tabs'>, Omit<DepartureOptions, 'tabs'> {
  readonly tabs: Pick<Tabs, 'join' | 'tell' | 'ask' | 'on' | 'turn'>
  readonly connection: DepartureOptions['connection'] & {
    /** Reconnects, with the session that the identity has then. */
    restart(): void
  }
  /** Connects, and keeps connected. */
  readonly start: () => void
  /** True if the tabs of an anonymous visitor share a session. */
  readonly sharesAnonymous: boolean
  /** The secret of an anonymous visitor's session, if it is known. */
  readonly anonymousSecret: () => string | undefined
  /** Called when an anonymous visitor became a user. */
  readonly adopted: () => void
  /**
   * Deletes all data of an owner, and of anonymous visitors, on screen and in storage; on screen before it returns.
   * `departure`: id of the sign-out.
   */
  readonly purge: (owner: string, departure: string) => Promise<void>
  /** Called when the visitor has signed out, and the next one may be signing in already. */
  readonly departed: () => void
  /** Waits between retries. Default: full jitter. */
  readonly policy?: ReconnectPolicy
  /** Default: the chunk beside this file. */
  readonly load?: LoadSignIn | undefined
}

export interface IdentityEvents {
  /** The machine handled an event, or the identity was closed. */
  step: undefined
  change: ChatClientEvents['identity-change']
  /** Emitted before the `change` to `identified`. */
  authenticated: Authenticated
  /** The user is identified after the host was asked for them; not emitted for a renewal. */
  'signed-in': undefined
  /** Reason why re-authentication is required. */
  failed: ChatError
}
