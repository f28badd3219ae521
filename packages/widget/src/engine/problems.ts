/** Sentences for the visitor, by error. Those for the site developer are in advice.ts, loaded on demand. */
import type { ChatState } from '@chat-widget/client'
import type { ErrorCode } from '@chat-widget/protocol'
import type { ChatStrings } from '../locales/chat.ts'
import type { PanelView } from './elements/panel-view.ts'

/** Event that removes a sentence; `never`: the page has to be changed or reloaded. */
export type ProblemEnd = 'connected' | 'identity' | 'sent' | 'never'

interface Problem {
  readonly sentence: keyof {
    [Key in keyof ChatStrings as ChatStrings[Key] extends string ? Key : never]: true
  }
  readonly until: ProblemEnd
}

const SETUP: Problem = { sentence: 'problemSetup', until: 'never' }
const IDENTITY: Problem = { sentence: 'problemIdentity', until: 'identity' }
const BUSY: Problem = { sentence: 'problemBusy', until: 'sent' }
const OTHER_PROBLEM: Problem = { sentence: 'problemOther', until: 'sent' }

export const LOAD_FAILED = {
  code: 'load-failed',
  message: 'A part of the chat could not be loaded.',
} as const

/** The sentence in the panel; `code`: the last problem that is not over. */
export function problemShown(
  code: ErrorCode | null,
  { connection, timeline }: ChatState,
  strings: ChatStrings,
): PanelView['problem'] {
  // An error that closed the connection for good outweighs one that may pass.
  const ending = connection.status === 'closed' ? connection.reason : undefined
  const said = ending ?? code
  const shown = said === null ? null : (problemOf(said) ?? (ending === undefined ? null : OTHER_PROBLEM))
  // Being offline explains more.
  if (shown === null || (connection.status === 'offline' && shown.until === 'connected')) return null
  const isFatal = ending !== undefined || shown.until === 'never'
  return { text: strings[shown.sentence], fatal: isFatal && timeline.items.length === 0 }
}

/** Codes that the panel shows elsewhere, or that the visitor need not know; one of a newer server is among them. */
type Quiet =
  | 'bad-request'
  | 'too-large'
  | 'not-found'
  | 'client-id-reused'
  | 'file-refused'
  | 'file-unreadable'
  | 'already-answered'
  | 'conflict'
  | 'context-expired'
  | 'session-invalid'
  | 'unauthenticated'
  | 'storage-unavailable'
  | 'storage-unreadable'
  | 'unknown-command'
  | 'strings-malformed'
  | 'closed'
  | 'send-pending'
  | 'identity-changed'
  // For agents alone.
  | 'forbidden'

/** Returns `null` if the panel shows the problem elsewhere, or if the visitor need not know. */
export function problemOf(code: ErrorCode): Problem | null {
  switch (code) {
    case 'app-missing':
    case 'json-patched':
    case 'unknown-app':
    case 'origin-refused':
      return SETUP
    case 'protocol-version':
      return { sentence: 'problemVersion', until: 'never' }
    case 'server-unreachable':
      return { sentence: 'unreachable', until: 'connected' }
    case 'user-malformed':
    case 'context-invalid':
    case 'context-mismatch':
    case 'provider-failed':
    case 'provider-timeout':
      return IDENTITY
    case 'verifier-unavailable':
    case 'rate-limited':
    case 'unavailable':
      return BUSY
    case 'internal':
      return OTHER_PROBLEM
    case 'load-failed':
      return { sentence: 'loadFailed', until: 'sent' }
    default:
      code satisfies Quiet
      return null
  }
}
