/** One session for all tabs of a user: who may ask the host, and what the others make of its answer ([ID3]). */
import { ChatError, type ErrorCode } from '@chat-widget/protocol'
import { withLock } from '../browser/web-locks.ts'
import type { Tabs } from '../tabs/tabs.ts'

/** A session that a tab got or renewed. Contexts are never told: they stay in the tab whose host gave them. */
export interface SharedSession {
  readonly session: string
  /** Milliseconds since the epoch by the server's clock; `null`: no end. */
  readonly expiresAt: number | null
  /** When the server authenticated it last, by its clock: what is newer makes older news worthless. */
  readonly authenticatedAt: number
  /** Whether the host may be asked ahead of the end; not when it answered that with the same token ([ID4]). */
  readonly isRenewable: boolean
}

export interface SessionSharing {
  /** Runs `work` when no other tab of the user does so; answers nothing when the signal aborts before. */
  inTurn<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value | undefined>
  /** Resolves when the other tabs have said which session they hold, each of which was `heard` then. */
  ask(): Promise<void>
  tell(session: SharedSession): void
  /** The host was asked in vain, or what it answered was refused: the others need not try the same. */
  fail(error: ChatError): void
}

export interface SessionSharingPorts {
  /** What this tab holds; `null`: nothing that works. */
  readonly held: () => SharedSession | null
  readonly heard: (session: SharedSession) => void
  readonly failed: (error: ChatError) => void
}

/** A tab that is awake answers in a few milliseconds. */
const ASK_MS = 500
/** In this time a tab has asked its host three times in vain, and given up. */
const TURN_MS = 2 * 60_000

export function createSessionSharing(tabs: Tabs, ports: SessionSharingPorts): SessionSharing {
  tabs.on('ask', () => ['session', ports.held()])
  tabs.on('session', (told) => {
    if (isShared(told)) ports.heard(told)
    return undefined
  })
  tabs.on('failed', (told) => {
    if (isFailure(told)) ports.failed(new ChatError(told.code, told.message))
    return undefined
  })
  return {
    inTurn: (signal, work) =>
      tabs.turn === null ? work() : withLock(tabs.turn, signal, { withinMs: TURN_MS }, work),
    ask: () => tabs.ask('ask', null, 'session', ASK_MS),
    tell: (session) => tabs.tell('session', session),
    fail: ({ code, message }) => tabs.tell('failed', { code, message }),
  }
}

/** Other versions of this code may be open in other tabs. */
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
