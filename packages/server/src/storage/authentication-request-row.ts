/** Maps a row to an authentication request and back. */
import type { Asked } from '@chat-widget/protocol'
import type { StoredRequest } from './authentication-request-storage.ts'
import type { AuthenticationRequestsTable } from './authentication-schema.ts'

export function toRequest(row: AuthenticationRequestsTable): StoredRequest {
  return {
    id: row.id,
    app: row.app,
    addressee: addresseeOf(row),
    isScan: row.is_scan === 1,
    status: row.status,
    claims: JSON.parse(row.claims) as StoredRequest['claims'],
    binding: row.binding,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
    subject: row.subject,
    response: row.response,
    isConsumed: row.consumed_at !== null,
    isFromChat: row.creator === 'visitor',
    conversationId: row.conversation_id,
    creator: row.creator,
    creatorSecretHash: row.creator_secret_hash,
    delivery: row.delivery,
    wrongCodes: row.wrong_codes,
    isLocked: row.is_locked === 1,
    isReplaced: row.is_replaced === 1,
    endedAt: row.ended_at,
    answer: row.answer,
  }
}

function addresseeOf({ id, addressee_kind: kind, addressee, address }: AuthenticationRequestsTable): Asked {
  switch (kind) {
    case 'email':
      return { kind, email: address ?? addressee }
    case 'identifier':
      return { kind, identifier: addressee }
    case 'scan':
      return { kind, requestId: id }
    default:
      return kind satisfies never
  }
}

export const toRequestOrNull = (row: AuthenticationRequestsTable | undefined): StoredRequest | null =>
  row === undefined ? null : toRequest(row)
