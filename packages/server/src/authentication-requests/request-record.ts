/** What doors, pages and deliveries are shown of a request: not its hashes, nor what its creator must not learn. */
import {
  type Addressee,
  type Asked,
  AUTHENTICATION_REQUEST_LIMITS,
  type BuiltInMethod,
  foldEmail,
} from '@chat-widget/protocol'
import type { AuthenticationRequestRecord, StoredRequest } from '../storage/authentication-request-storage.ts'
import type { CreateRequest } from './authentication-requests.ts'

export function toRecord(request: StoredRequest): AuthenticationRequestRecord {
  const { id, app, addressee, status, claims, binding, createdAt, expiresAt } = request
  const { decidedAt, endedAt, subject, response, isConsumed, isLocked, isFromChat } = request
  return {
    ...{ id, app, addressee, status, claims, binding, createdAt, expiresAt },
    ...{ decidedAt, endedAt, subject, response, isConsumed, isLocked, isFromChat },
  }
}

export const canonical = (addressee: Addressee): Addressee =>
  addressee.kind === 'email' ? { kind: 'email', email: foldEmail(addressee.email) } : addressee

/** How a visitor who asked in the chat signs in. */
export const methodOf = ({ addressee }: Pick<StoredRequest, 'addressee'>): BuiltInMethod =>
  addressee.kind === 'email' ? 'email' : 'identifier'

/** Who it is, in the one spelling that is compared. Until somebody has scanned its code, a request is its own. */
export function subjectOf(addressee: Asked): string {
  switch (addressee.kind) {
    case 'email':
      return foldEmail(addressee.email)
    case 'identifier':
      return addressee.identifier
    case 'scan':
      return addressee.requestId
    default:
      return addressee satisfies never
  }
}

/** Whom its maker asked, also once somebody has scanned its code. */
export const askedFirst = ({
  id,
  addressee,
  isScan,
}: Pick<StoredRequest, 'id' | 'addressee' | 'isScan'>): Asked =>
  isScan ? { kind: 'scan', requestId: id } : addressee

/** [AR3] Whoever attaches to a request says what was said when it was made. */
export function isSameBody(request: StoredRequest, wanted: CreateRequest): boolean {
  const bodyOf = (asked: Asked, { app, claims, binding }: StoredRequest | CreateRequest) => [
    app,
    asked.kind,
    subjectOf(asked),
    binding,
    claims.applicationTitle,
    claims.userName,
    claims.userIp,
    claims.userOrigin,
  ]
  const lifetimeSeconds = (request.expiresAt - request.createdAt) / 1_000
  return (
    JSON.stringify([bodyOf(askedFirst(request), request), lifetimeSeconds]) ===
    JSON.stringify([bodyOf(wanted.addressee, wanted), wanted.lifetimeSeconds])
  )
}

/** Wrong codes that are left before it locks. */
export const codesLeft = ({ wrongCodes }: Pick<StoredRequest, 'wrongCodes'>): number =>
  AUTHENTICATION_REQUEST_LIMITS.wrongCodes - wrongCodes

export const asOver = ({ status, isLocked }: StoredRequest) => ({ kind: 'over', status, isLocked }) as const
