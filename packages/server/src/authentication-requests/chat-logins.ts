/** Logins inside the chat: authentication requests of a visitor's own device, and the sessions that approvals open. */
import {
  type Addressee,
  type AskedPerson,
  type AskedPersonOutcome,
  AUTHENTICATION_REQUEST_LIMITS,
  type AuthenticationRequestId,
  type BuiltInMethod,
  ChatError,
  type ConversationId,
} from '@chat-widget/protocol'
import { approvalContext, emailAddress, identifier } from '@chat-widget/protocol/schemas'
import { DEFAULT_REQUEST_LIMITS } from '../config/authentication-request-limits.ts'
import type { AppConfig } from '../config/config.ts'
import type { ApprovalVerifier } from '../identity/approval-verifier.ts'
import { hashToken } from '../identity/session-token.ts'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import type { AuthenticationRequestService } from './authentication-request-service.ts'
import { methodOf } from './request-record.ts'

interface AskPerson {
  readonly app: AppConfig
  readonly method: BuiltInMethod
  /** As typed. */
  readonly address: string
  /** As this server saw them; shown to the approver. */
  readonly ip: string
  readonly origin: string | null
  /** Key under which one visitor's requests are counted ([AR7]). */
  readonly visitor: string
  readonly conversationId: ConversationId | null
}

export interface OwnRequest {
  readonly requestId: AuthenticationRequestId
  readonly secret: string
}

export interface ChatLogins extends ApprovalVerifier {
  /** Rejects with `bad-request` for an invalid address, `rate-limited` over a limit. */
  ask(wish: AskPerson): Promise<AskedPerson>
  /** Rejects with `not-found` for a caller without the secret ([AR3]). */
  find(app: AppConfig, own: OwnRequest): Promise<AskedPersonOutcome>
  /** Resolves with the record once it has ended; when the signal aborts, with the record as it is then. */
  outcome(app: AppConfig, id: AuthenticationRequestId, signal: AbortSignal): Promise<AskedPersonOutcome>
  /** Idempotent; a decided one stays as it is. */
  cancel(app: AppConfig, own: OwnRequest): Promise<AskedPersonOutcome>
}

const LIFETIME_MS = AUTHENTICATION_REQUEST_LIMITS.lifetimeSeconds * 1_000
/** Time after which an approval that nobody claimed is over, like the request. */
const CLAIMABLE_MS = LIFETIME_MS
const RETRY_MS = 5_000
const DAY_MS = 86_400_000
const DEFAULT_SESSION_DAYS = 30

export function createChatLogins({
  requests,
  now,
}: {
  readonly requests: AuthenticationRequestService
  readonly now: () => number
}): ChatLogins {
  async function own({ id }: AppConfig, { requestId, secret }: OwnRequest) {
    const isOwn = await requests.isCreator(id, requestId, secret)
    const record = isOwn ? await requests.find(id, requestId) : null
    // A request of an API caller was approved without the code that the chat requires ([AR2]).
    if (record === null || !record.isFromChat)
      throw new ChatError('not-found', 'There is no such authentication request.')
    return record
  }

  const isClaimable = ({ decidedAt }: AuthenticationRequestRecord) =>
    decidedAt !== null && decidedAt + CLAIMABLE_MS > now()

  function outcomeOf(record: AuthenticationRequestRecord): AskedPersonOutcome {
    const { id, status, isLocked, subject } = record
    const isLate = status === 'approved' && !isClaimable(record)
    return {
      requestId: id,
      status: isLate ? 'expired' : status,
      isLocked,
      subject: status === 'approved' && !isLate ? subject : null,
    }
  }

  return {
    async ask({ app, method, address, ip, origin, visitor, conversationId }) {
      if (!app.login.methods.includes(method))
        throw new ChatError('bad-request', `method: ${method} is none of this app's`)
      const { record, creatorSecret, bindingCode } = await requests.create({
        app: app.id,
        id: null,
        addressee: addresseeOf(method, address),
        claims: { applicationTitle: app.name, userName: null, userIp: ip, userOrigin: origin },
        binding: 'code',
        lifetimeSeconds: AUTHENTICATION_REQUEST_LIMITS.lifetimeSeconds,
        creator: { kind: 'visitor', ip, visitor, conversationId },
      })
      if (creatorSecret === null) throw new ChatError('internal', 'A new request has a secret.')
      if (bindingCode === null) {
        // The other server has not sent its digits in time: without them nobody could approve ([AR2]).
        await requests.cancel(record.id)
        throw new ChatError('unavailable', 'The person cannot be asked right now.', {
          retryAfterMs: RETRY_MS,
        })
      }
      const { withoutKey } = app.authenticationRequests?.limits ?? DEFAULT_REQUEST_LIMITS
      return {
        requestId: record.id,
        secret: creatorSecret,
        bindingCode,
        expiresInMs: Math.max(0, record.expiresAt - now()),
        // The same whether or not this addressee was asked before ([AR6]).
        resendInMs: withoutKey.addresseeCooldownSeconds * 1_000,
      }
    },
    find: async (app, request) => outcomeOf(await own(app, request)),
    async outcome(app, id, signal) {
      const record = await requests.wait(id, LIFETIME_MS, signal)
      if (record.app !== app.id) throw new ChatError('not-found', 'There is no such authentication request.')
      return outcomeOf(record)
    },
    async cancel(app, request) {
      const { id } = await own(app, request)
      return outcomeOf(await requests.cancel(id))
    },
    async verify(app, userIdentifier, context) {
      if (!Object.hasOwn(context, 'authenticationRequest')) return null
      const parsed = approvalContext.safeParse(context)
      if (!parsed.success) throw notApproved()
      const { id, secret, session } = parsed.data.authenticationRequest
      const record = await own(app, { requestId: id, secret }).catch((error: unknown) => {
        if (error instanceof ChatError && error.code === 'not-found') throw notApproved()
        throw error
      })
      const method = methodOf(record)
      // Checked before claiming: a claim that leads to nothing must leave the approval to its owner.
      if (!isClaimable(record) || !app.login.methods.includes(method)) throw notApproved()
      if (record.subject !== userIdentifier)
        throw new ChatError('context-mismatch', 'The approval is of somebody else than userIdentifier.')
      const claimed = await requests.claim(id, hashToken(session))
      if (claimed === null || claimed.subject === null || claimed.decidedAt === null) throw notApproved()
      return {
        userIdentifier: claimed.subject,
        method,
        sessionSecret: session,
        // Counted from the decision: a repeated claim does not extend the session.
        expiresAt: claimed.decidedAt + (app.login.sessionDays ?? DEFAULT_SESSION_DAYS) * DAY_MS,
      }
    },
  }
}

function addresseeOf(method: BuiltInMethod, address: string): Addressee {
  switch (method) {
    case 'email': {
      const parsed = emailAddress.safeParse(address.trim())
      if (!parsed.success) throw new ChatError('bad-request', 'address: must be an email address')
      return { kind: 'email', email: parsed.data }
    }
    case 'identifier': {
      const parsed = identifier.safeParse(address.replaceAll(/[\s-]/g, ''))
      if (!parsed.success) throw new ChatError('bad-request', 'address: must be ten digits')
      return { kind: 'identifier', identifier: parsed.data }
    }
    default:
      return method satisfies never
  }
}

const notApproved = (): ChatError =>
  new ChatError('context-invalid', 'There is no approval that this could claim.')
