/** One session for all tabs of a user: each sends its session, and receives those of the others ([ID3]). */
import { ChatError, type ErrorCode } from '@chat-widget/protocol'
import type { Tabs } from '../tabs/tabs.ts'
import type { ServerClock } from './server-clock.ts'
import { shareableOf } from './signed.ts'
import type { Event, SharedSession, State } from './states.ts'

export interface SessionSharingPorts {
  readonly state: () => State
  readonly clock: ServerClock
  readonly dispatch: (event: Event) => void
}

export function followSharedSession(tabs: Pick<Tabs, 'on'>, ports: SessionSharingPorts): void {
  tabs.on('ask', () => ['session', shareableOf(ports.state())])
  tabs.on('session', (told) => {
    if (isShared(told)) ports.dispatch({ type: 'shared', session: told, now: ports.clock.now() })
    return undefined
  })
  tabs.on('failed', (told) => {
    if (isFailure(told))
      ports.dispatch({ type: 'failed-elsewhere', error: new ChatError(told.code, told.message) })
    return undefined
  })
}

/** Validates, as other tabs may run other versions of this code. */
function isShared(value: unknown): value is SharedSession {
  if (typeof value !== 'object' || value === null) return false
  const { session, expiresAt, authenticatedAt, isRenewable } = value as Record<string, unknown>
  return (
    typeof session === 'string' &&
    (expiresAt === null || typeof expiresAt === 'number') &&
    typeof authenticatedAt === 'number' &&
    typeof isRenewable === 'boolean'
  )
}

function isFailure(value: unknown): value is { readonly code: ErrorCode; readonly message: string } {
  if (typeof value !== 'object' || value === null) return false
  const { code, message } = value as Record<string, unknown>
  return typeof code === 'string' && typeof message === 'string'
}
