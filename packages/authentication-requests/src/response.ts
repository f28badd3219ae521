/** Responses for callers. */
import type {
  AuthenticationRequestAnswer,
  AuthenticationRequestStatus,
  ChatError,
} from '@chat-widget/protocol'
import type { AuthenticationResponse } from './authentication-client-api.ts'

/** An answer, with its decision verified if it has one. */
export type Verdict =
  | { readonly status: 'approved' | 'denied'; readonly subject: string }
  | { readonly status: Exclude<AuthenticationRequestStatus, 'approved' | 'denied' | 'errored'> }
  | { readonly status: 'errored'; readonly reason: string }

const REASONS = {
  pending: 'nobody has answered yet',
  expired: 'nobody answered in time',
  canceled: 'the request was taken back',
  unauthorized: 'the person is not connected to the app, or wants no requests of it',
} as const

export function createResponse(
  cid: string,
  verdict: Verdict,
  extra: { readonly bindingCode?: string | undefined; readonly cursor?: string | undefined } = {},
): AuthenticationResponse {
  const { status } = verdict
  const isDecided = status === 'approved' || status === 'denied'
  return Object.freeze({
    cid,
    status,
    accepted: isDecided ? status === 'approved' : undefined,
    selfID: isDecided ? verdict.subject : undefined,
    errorMessage: isDecided ? undefined : status === 'errored' ? verdict.reason : REASONS[status],
    bindingCode: status === 'pending' ? extra.bindingCode : undefined,
    cursor: extra.cursor,
    isAccepted: () => status === 'approved',
    // As in Self's SDK, where an asynchronous request returns the id itself.
    toString: () => cid,
  })
}

/** For observers, which cannot catch. */
export function failedResponse(cid: string, error: ChatError): AuthenticationResponse {
  return createResponse(cid, { status: 'errored', reason: error.message })
}

/** The response's part of an answer. */
export function bindingCodeOf(answer: AuthenticationRequestAnswer): string | undefined {
  return typeof answer.binding_code === 'string' ? answer.binding_code : undefined
}
