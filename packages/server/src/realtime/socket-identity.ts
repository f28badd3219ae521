/** Identity of a connected device, and the check before every event if it may act ([ID10], [ID14]). */
import { type Authenticated, ChatError, type WireIdentity } from '@chat-widget/protocol'
import { type HeldSession, wireIdentityOf } from '../identity/identity-service.ts'
import { builtInMethodOf } from '../storage/user-key.ts'

export type SocketIdentity =
  | { readonly status: 'unidentified' }
  | { readonly status: 'anonymous'; readonly held: HeldSession }
  /** `live` is false from the end of the context until a renewal. */
  | { readonly status: 'identified'; readonly held: HeldSession; readonly live: boolean }
  | { readonly status: 'ended' }

export function identityOf(held: HeldSession | null, now: number): SocketIdentity {
  if (held === null) return { status: 'unidentified' }
  if (held.session.user === null) return { status: 'anonymous', held }
  return { status: 'identified', held, live: !isOver(held, now) }
}

export function heldOf(identity: SocketIdentity): HeldSession | null {
  switch (identity.status) {
    case 'anonymous':
    case 'identified':
      return identity.held
    case 'unidentified':
    case 'ended':
      return null
    default:
      return identity satisfies never
  }
}

/** Returns the session of a device that may act; throws the reason if it may not. */
export function requireSession(identity: SocketIdentity): HeldSession {
  switch (identity.status) {
    case 'anonymous':
      return identity.held
    case 'identified':
      if (identity.live) return identity.held
      throw new ChatError('context-expired', "The context's lifetime is over; authenticate again.")
    case 'unidentified':
      throw new ChatError(
        'unauthenticated',
        'This device connected in order to identify; authenticate first.',
      )
    case 'ended':
      throw sessionEnded()
    default:
      return identity satisfies never
  }
}

export function sessionEnded(): ChatError {
  return new ChatError('session-invalid', 'The session ended.')
}

export function toWireIdentity(identity: SocketIdentity): WireIdentity {
  return wireIdentityOf(heldOf(identity)?.session ?? null)
}

export const isLive = (identity: SocketIdentity): boolean => identity.status === 'identified' && identity.live

/** True if the device may get events of its conversations. */
export const mayReceive = (identity: SocketIdentity): boolean =>
  identity.status === 'anonymous' || isLive(identity)

export const identifiedAs = ({ session }: HeldSession): Authenticated['identity'] => ({
  status: 'identified',
  userIdentifier: session.user?.userIdentifier ?? '',
  expiresAt: session.contextExpiresAt,
  ...builtInMethodOf(session.user?.method ?? null),
})

/** True if the context has ended. */
export function isOver({ session }: HeldSession, at: number): boolean {
  return session.contextExpiresAt !== null && session.contextExpiresAt <= at
}
