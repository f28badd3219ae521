/** Turns anything thrown by a handler into an error for the client. */
import {
  ChatError,
  type ErrorCode,
  SERVER_ERROR_CODES,
  type ServerErrorCode,
  type WireError,
} from '@chat-widget/protocol'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** Returns `null` for an error that is our fault: log it, and answer `INTERNAL`. */
export function toWireError(error: unknown): WireError | null {
  if (!(error instanceof ChatError) || !isServerCode(error.code) || error.code === 'internal') return null
  return {
    code: error.code,
    message: error.message,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  }
}

export const INTERNAL: WireError = { code: 'internal', message: 'The server failed; this is not your fault.' }

/** An error of this side, in the form that the other side gets. */
export const toWire = (error: ChatError): WireError => toWireError(error) ?? INTERNAL

/** Names the key, never quotes the value. */
export function badRequest(issues: readonly Issue[]): ChatError {
  const [issue] = issues
  return new ChatError('bad-request', issue === undefined ? 'Malformed.' : describe(issue, []))
}

function describe(issue: Issue, above: readonly PropertyKey[]): string {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union') {
    // The branch with the fewest problems is the one that was meant.
    const [branch] = [...issue.errors].sort((one, other) => one.length - other.length)
    const [first] = branch ?? []
    if (first !== undefined) return describe(first, path)
  }
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${[...path, key].map(String).join('.')}"`)
    return `Unknown key ${keys.join(', ')}.`
  }
  return path.length === 0 ? `${issue.message}.` : `"${path.map(String).join('.')}": ${issue.message}.`
}

const SERVER_CODES: ReadonlySet<ErrorCode> = new Set(SERVER_ERROR_CODES)

function isServerCode(code: ErrorCode): code is ServerErrorCode {
  return SERVER_CODES.has(code)
}
