/**
 * A request as routes, pages and deliveries see it: without hashes, and without facts that its creator must not learn.
 */
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

/** The method by which a visitor who asked in the chat signs in. */
export const methodOf = ({ addressee }: Pick<StoredRequest, 'addressee'>): BuiltInMethod =>
  addressee.kind === 'email' ? 'email' : 'identifier'

/** The addressee in its one comparable spelling. Until someone scans its code, a request is its own addressee. */
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

/** The addressee as its creator gave it, also after someone has scanned its code. */
export const askedFirst = ({
  id,
  addressee,
  isScan,
}: Pick<StoredRequest, 'id' | 'addressee' | 'isScan'>): Asked =>
  isScan ? { kind: 'scan', requestId: id } : addressee

/** [AR3] Attaching to a request takes the same body as making it. */
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

/** Wrong codes left before the request locks. */
export const codesLeft = ({ wrongCodes }: Pick<StoredRequest, 'wrongCodes'>): number =>
  AUTHENTICATION_REQUEST_LIMITS.wrongCodes - wrongCodes

export const asOver = ({ status, isLocked }: StoredRequest) => ({ kind: 'over', status, isLocked }) as const
