/** What doors, pages and deliveries are shown of a request: not its hashes, nor what its creator must not learn. */
import type { Addressee } from '@chat-widget/protocol'
import type { StoredRequest } from '../storage/authentication-request-storage.ts'
import type { AuthenticationRequestRecord } from './authentication-requests.ts'

export function toRecord(request: StoredRequest): AuthenticationRequestRecord {
  const { id, app, addressee, status, claims, binding, createdAt, expiresAt } = request
  const { decidedAt, endedAt, subject, response, isConsumed, isLocked, isFromChat } = request
  return {
    ...{ id, app, addressee, status, claims, binding, createdAt, expiresAt },
    ...{ decidedAt, endedAt, subject, response, isConsumed, isLocked, isFromChat },
  }
}

/** An email is compared without case. */
export const canonical = (addressee: Addressee): Addressee =>
  addressee.kind === 'email' ? { kind: 'email', email: addressee.email.toLowerCase() } : addressee

export const subjectOf = (addressee: Addressee): string =>
  addressee.kind === 'email' ? addressee.email : addressee.identifier
