/** An `AuthenticationRequests` in memory, as far as links go; records every call. */
import type { AppId, AuthenticationRequestId, AuthenticationRequestStatus } from '@chat-widget/protocol'
import { AUTHENTICATION_REQUEST_LIMITS } from '@chat-widget/protocol'
import type { AuthenticationRequestRecord, CallerClaims } from '../storage/authentication-request-storage.ts'
import { asciiDigits } from '../text/ascii-digits.ts'
import type {
  AuthenticationRequests,
  DecisionOutcome,
  LinkDecision,
  LinkView,
} from './authentication-requests.ts'

export const LINK_TOKEN = 'kH8yRk2Zr0cYwq0m5nB3nU1xT7e2sVd9QfLpWcJaXbE'
export const NONCE = 'nonce-of-the-page-Qe4'
export const BINDING_CODE = '493017'
/** Creation time of every record here. */
export const CREATED_AT = Date.UTC(2026, 10, 25, 14, 41, 20)

type RecordChanges = Partial<Omit<AuthenticationRequestRecord, 'claims'>> & {
  readonly claims?: Partial<CallerClaims>
}

export function requestRecord({ claims, ...changes }: RecordChanges = {}): AuthenticationRequestRecord {
  return {
    id: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a0a1' as AuthenticationRequestId,
    app: 'shop' as AppId,
    addressee: { kind: 'email', email: 'alex@example.com' },
    status: 'pending',
    binding: 'none',
    createdAt: CREATED_AT,
    expiresAt: CREATED_AT + AUTHENTICATION_REQUEST_LIMITS.lifetimeSeconds * 1000,
    decidedAt: null,
    endedAt: null,
    subject: null,
    response: null,
    isConsumed: false,
    isLocked: false,
    isFromChat: false,
    ...changes,
    claims: {
      applicationTitle: 'Northwind order desk',
      userName: 'Alex Morgan',
      userIp: '203.0.113.7',
      userOrigin: 'https://shop.example.com',
      ...claims,
    },
  }
}

/** Holds one request, which `LINK_TOKEN` stands for. */
export function createFakeRequests(first = requestRecord()) {
  let record = first
  let wrongCodes = 0
  const state = { muted: false, failure: null as Error | null }
  const views: string[] = []
  const decisions: LinkDecision[] = []
  const isLocked = () => wrongCodes >= AUTHENTICATION_REQUEST_LIMITS.wrongCodes
  const codesLeft = () => AUTHENTICATION_REQUEST_LIMITS.wrongCodes - wrongCodes
  const over = () => ({ kind: 'over', status: record.status, isLocked: isLocked() }) as const

  const requests: Pick<AuthenticationRequests, 'viewLink' | 'decideByLink'> = {
    async viewLink(token): Promise<LinkView> {
      views.push(token)
      if (state.failure !== null) throw state.failure
      if (token !== LINK_TOKEN) return { kind: 'unknown' }
      if (record.status !== 'pending' || isLocked()) return over()
      return {
        kind: 'pending',
        record,
        nonce: NONCE,
        codesLeft: record.binding === 'code' ? codesLeft() : null,
      }
    },
    async decideByLink(decision): Promise<DecisionOutcome> {
      decisions.push(decision)
      if (state.failure !== null) throw state.failure
      if (decision.token !== LINK_TOKEN || decision.nonce !== NONCE) return { kind: 'unknown' }
      if (record.status !== 'pending' || isLocked()) return over()
      const code = asciiDigits(decision.code ?? '')
      if (decision.decision === 'approved' && record.binding === 'code' && code !== BINDING_CODE) {
        if (code.length !== BINDING_CODE.length) return { kind: 'no-code', codesLeft: codesLeft() }
        wrongCodes += 1
        return isLocked() ? over() : { kind: 'wrong-code', codesLeft: codesLeft() }
      }
      state.muted ||= decision.mutes
      record = { ...record, status: decision.decision, decidedAt: CREATED_AT, subject: 'alex@example.com' }
      return { kind: 'decided', record }
    },
  }

  return {
    requests,
    /** Tokens that were looked at. */
    views,
    /** Every attempt to decide, with any outcome. */
    decisions,
    state,
    get record() {
      return record
    },
    setRecord(changes: RecordChanges & { readonly status?: AuthenticationRequestStatus }) {
      record = requestRecord({ ...record, ...changes })
    },
    lock() {
      wrongCodes = AUTHENTICATION_REQUEST_LIMITS.wrongCodes
    },
  }
}
