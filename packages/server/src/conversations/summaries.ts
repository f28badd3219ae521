/** A conversation as agents and devices see it. */
import type {
  AppId,
  BotVisitor,
  Conversation,
  ConversationLogin,
  ConversationSummary,
  Message,
  VisitorClaim,
} from '@chat-widget/protocol'
import { methodOf } from '../authentication-requests/request-record.ts'
import type { AppConfig } from '../config/config.ts'
import { displayOf } from '../identity/display-claims.ts'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { ConversationOwner, ConversationRecord, Storage } from '../storage/storage.ts'
import { builtInMethodOf } from '../storage/user-key.ts'

/** The visitor as bots are told of them: without facts for agents only. */
export function visitorOf({ owner, userIdentifier, method }: ConversationRecord): BotVisitor {
  return owner.kind === 'user' && userIdentifier !== null
    ? { verified: true, userIdentifier, ...builtInMethodOf(method) }
    : { verified: false }
}

interface ConversationState {
  readonly record: ConversationRecord
  readonly lastMessage: Message | null
}

export interface SummariesOptions {
  readonly storage: Pick<Storage, 'users'> & {
    readonly conversations: Pick<Storage['conversations'], 'ratingsOf'>
  }
  readonly apps: ReadonlyMap<AppId, AppConfig>
  /** The newest login inside the chat of each conversation that has one. */
  readonly logins: AuthenticationRequestStorage['newestOf']
  /** True if a device of the owner is connected. */
  readonly online: (owner: ConversationOwner) => Promise<boolean>
}

/** Conversations as agents see them. */
export type Summaries = ReturnType<typeof createSummaries>

export function createSummaries({ storage, apps, logins, online }: SummariesOptions) {
  async function describer(states: readonly ConversationState[]) {
    const users = states.flatMap(({ record: { owner } }) => (owner.kind === 'user' ? [owner.id] : []))
    const ids = states.map(({ record }) => record.id)
    const [kept, newest, ratings] = await Promise.all([
      storage.users.claims([...new Set(users)]),
      logins(ids),
      storage.conversations.ratingsOf(ids),
    ])
    return async ({ record, lastMessage }: ConversationState): Promise<ConversationSummary> => {
      const { app, owner } = record
      const claims = owner.kind === 'user' ? (kept.get(owner.id) ?? []) : []
      const visitor = visitorOf(record)
      const rated = ratings.get(record.id)
      return {
        id: record.id,
        app,
        status: record.status,
        handler: record.handler,
        visitor: visitor.verified ? { ...visitor, claims: stillShown(claims, apps.get(app)) } : visitor,
        online: await online(owner),
        headSeq: record.headSeq,
        agentReadSeq: record.agentReadSeq,
        visitorReadSeq: record.visitorReadSeq,
        agentDeliveredSeq: record.agentDeliveredSeq,
        visitorDeliveredSeq: record.visitorDeliveredSeq,
        lastMessage,
        ...(rated !== undefined && { rated }),
        ...(owner.kind === 'nobody' && { erased: true }),
        login: loginOf(newest.get(record.id)),
        createdAt: new Date(record.createdAt).toISOString(),
        updatedAt: new Date(record.updatedAt).toISOString(),
      }
    }
  }

  return {
    one: async (state: ConversationState): Promise<ConversationSummary> => (await describer([state]))(state),
    /** In the same order. */
    all: async (states: readonly ConversationState[]): Promise<readonly ConversationSummary[]> =>
      Promise.all(states.map(await describer(states))),
  }
}

/** Claims of an earlier configuration are shown only where the present one asks for them in the same way. */
function stillShown(claims: readonly VisitorClaim[], app: AppConfig | undefined): readonly VisitorClaim[] {
  const display = app === undefined ? {} : displayOf(app)
  return claims.filter(({ label, verified }) => {
    const source = Object.hasOwn(display, label) ? display[label] : undefined
    return source !== undefined && 'claim' in source === verified
  })
}

function loginOf(request: StoredRequest | undefined): ConversationLogin | null {
  if (request === undefined) return null
  const { status, delivery, expiresAt, createdAt } = request
  // A server that was down notices the expiry late.
  const endedAt = status === 'expired' ? expiresAt : (request.endedAt ?? createdAt)
  return {
    method: methodOf(request),
    status: delivery === 'failed' ? 'undeliverable' : status,
    at: new Date(endedAt).toISOString(),
  }
}

export function conversationOf(record: ConversationRecord): Conversation {
  return {
    id: record.id,
    status: record.status,
    headSeq: record.headSeq,
    visitorReadSeq: record.visitorReadSeq,
    agentReadSeq: record.agentReadSeq,
    visitorDeliveredSeq: record.visitorDeliveredSeq,
    agentDeliveredSeq: record.agentDeliveredSeq,
  }
}

/** A conversation that has an id and no message yet. */
export function emptyConversation(id: Conversation['id']): Conversation {
  return {
    ...{ id, status: 'open', headSeq: 0, visitorReadSeq: 0, agentReadSeq: 0 },
    ...{ visitorDeliveredSeq: 0, agentDeliveredSeq: 0 },
  }
}
