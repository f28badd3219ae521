/** The surroundings of an identity, and its events. */
import type { Authenticated, ChatError } from '@chat-widget/protocol'
import type { ChatClientEvents } from '../chat-client-api.ts'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { DepartureOptions } from './departure.ts'
import type { SignInOptions } from './sign-in.ts'

/** Brings the code that signs users in; rejects when it cannot be loaded. */
export type LoadSignIn = () => Promise<Pick<typeof import('./sign-in.ts'), 'createSignIn'>>

export interface IdentityOptions extends Omit<SignInOptions, 'tabs'>, Omit<DepartureOptions, 'tabs'> {
  readonly tabs: Pick<Tabs, 'join' | 'tell' | 'ask' | 'on' | 'turn'>
  readonly connection: DepartureOptions['connection'] & {
    /** Connects anew, with the session that the identity holds then. */
    restart(): void
  }
  /** Connects, and keeps connected. */
  readonly start: () => void
  /** True if the tabs of an anonymous visitor share a session. */
  readonly sharesAnonymous: boolean
  /** The secret of an anonymous visitor's session, where it is known. */
  readonly anonymousSecret: () => string | undefined
  /** A visitor who was anonymous is a user from now on. */
  readonly adopted: () => void
  /**
   * Forgets everything of an owner, and of anonymous visitors, on screen and in storage; on screen before it returns.
   * `departure` marks the event.
   */
  readonly purge: (owner: string, departure: string) => Promise<void>
  /** Signed out, and perhaps already signing in as the next one. */
  readonly departed: () => void
  /** Waits between tries. Default: full jitter. */
  readonly policy?: ReconnectPolicy
  /** Default: the chunk beside this file. */
  readonly load?: LoadSignIn | undefined
}

export interface IdentityEvents {
  change: ChatClientEvents['identity-change']
  /** Told before the `change` to `identified`. */
  authenticated: Authenticated
  /** The host was asked for the user, and they are identified: no mere renewal. */
  'signed-in': undefined
  /** Why re-authentication is required. */
  failed: ChatError
}
