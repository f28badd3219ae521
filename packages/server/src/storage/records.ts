/** Maps rows to the records of storage.ts and back. */
import { randomUUID } from 'node:crypto'
import type { AppId, Message, MessageAuthor, UserId, VisitorId } from '@chat-widget/protocol'
import { v7 } from 'uuid'
import { contentOfRow } from '../kinds/index.ts'
import type { AgentRecord } from './agent-storage.ts'
import { NOBODY } from './owner.ts'
import type { AgentsTable, ConversationsTable, MessagesTable, SessionsTable, UsersTable } from './schema.ts'
import type { ConversationOwner, ConversationRecord, Owner, SessionRecord, UserRecord } from './storage.ts'
import { userKey, userOfKey } from './user-key.ts'

export function newId<Id extends string>(): Id {
  return randomUUID() as string as Id
}

/**
 * A UUID of version 7, after all others of this process. Rows written together are neighbours in an index of such ids;
 * random ones would touch a page each. It reveals its creation time, so do not use it for ids that must not be guessed.
 */
export const newOrderedId = <Id extends string>(): Id => v7() as Id

export function ownerOf(session: SessionRecord): Owner {
  return session.user === null
    ? { kind: 'visitor', id: session.visitorId }
    : { kind: 'user', id: session.user.id }
}

export function sameOwner(one: ConversationOwner, other: ConversationOwner): boolean {
  return one.kind === other.kind && one.id === other.id
}

export function toUser(row: UsersTable): UserRecord {
  return { id: row.id, app: row.app, ...userOfKey(row.user_identifier), createdAt: row.created_at }
}

export function toSession(row: SessionsTable, user: UserRecord | null): SessionRecord {
  return {
    id: row.id,
    app: row.app,
    visitorId: row.visitor_id,
    user,
    contextExpiresAt: row.context_expires_at,
    conversationId: row.conversation_id,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    seenAt: row.seen_at ?? row.created_at,
  }
}

export function toOwner(row: Pick<ConversationsTable, 'owner_kind' | 'owner_id'>): ConversationOwner {
  switch (row.owner_kind) {
    case 'user':
      return { kind: 'user', id: row.owner_id as UserId }
    case 'visitor':
      return { kind: 'visitor', id: row.owner_id as VisitorId }
    case 'nobody':
      return NOBODY
    default:
      return row.owner_kind satisfies never
  }
}

const UNNAMED = { userIdentifier: null, method: null }

export function toConversation(row: ConversationsTable): ConversationRecord {
  return {
    id: row.id,
    app: row.app,
    owner: toOwner(row),
    ...(row.user_identifier === null ? UNNAMED : userOfKey(row.user_identifier)),
    status: row.status,
    handler: row.handler,
    headSeq: row.head_seq,
    visitorReadSeq: row.visitor_read_seq,
    agentReadSeq: row.agent_read_seq,
    visitorDeliveredSeq: row.visitor_delivered_seq,
    agentDeliveredSeq: row.agent_delivered_seq,
    language: row.language,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function fromConversation(record: ConversationRecord): ConversationsTable {
  return {
    id: record.id,
    app: record.app,
    owner_kind: record.owner.kind,
    owner_id: record.owner.id,
    user_identifier:
      record.userIdentifier === null
        ? null
        : userKey({ userIdentifier: record.userIdentifier, method: record.method ?? 'host' }),
    status: record.status,
    handler: record.handler,
    head_seq: record.headSeq,
    visitor_read_seq: record.visitorReadSeq,
    agent_read_seq: record.agentReadSeq,
    visitor_delivered_seq: record.visitorDeliveredSeq,
    agent_delivered_seq: record.agentDeliveredSeq,
    language: record.language,
    // Of a new one; an earlier row keeps its own.
    mailed_seq: 0,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

export function toMessage(row: MessagesTable): Message {
  const author: MessageAuthor = {
    kind: row.author_kind,
    ...(row.author_id === null ? {} : { id: row.author_id }),
    ...(row.author_name === null ? {} : { name: row.author_name }),
    ...(row.author_avatar === null ? {} : { avatar: row.author_avatar }),
  }
  return {
    id: row.id,
    clientId: row.client_id,
    conversationId: row.conversation_id,
    seq: row.seq,
    author,
    createdAt: new Date(row.created_at).toISOString(),
    ...contentOfRow(row),
    ...(row.changed === 'edited' && { edited: true }),
    ...(row.changed === 'deleted' && { deleted: true }),
    ...(row.changed === 'erased' && { deleted: true, erased: true }),
  }
}

export function toAgent(row: AgentsTable): AgentRecord {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    ...(row.apps === null ? {} : { apps: JSON.parse(row.apps) as readonly AppId[] }),
    ...(row.avatar === null ? {} : { avatar: row.avatar }),
    passwordHash: row.password_hash,
    passwordExpiresAt: row.password_expires_at,
    linked:
      row.issuer === null || row.issuer_subject === null
        ? null
        : { issuer: row.issuer, subject: row.issuer_subject },
    createdAt: row.created_at,
  }
}
