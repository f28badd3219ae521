/** An empty database for each test of the contract, and helpers for its steps. */
import { randomUUID } from 'node:crypto'
import type {
  AgentId,
  AppId,
  ClientMessageId,
  ConversationId,
  Message,
  MessageAuthor,
  SessionId,
  UserId,
} from '@chat-widget/protocol'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './schema.ts'
import type {
  AppendRequest,
  AppendResult,
  BlockedWork,
  BotWork,
  IdentifyRequest,
  IdentifyResult,
  Owner,
  SessionRecord,
  Storage,
} from './storage.ts'

export interface ContractDatabase {
  /** Opens a storage over this database; later calls over the same data. */
  open(): Promise<Storage>
  /** Opens the database itself, beside an open storage. */
  openDatabase(): Promise<SqlDatabase>
  /** Deletes all rows, also while a storage is open. */
  empty(): Promise<void>
  remove(): Promise<void>
}

export const SHOP = 'shop' as AppId
export const START = Date.UTC(2026, 0, 1)

export const newClientId = () => randomUUID() as string as ClientMessageId
export const newConversationId = () => randomUUID() as string as ConversationId
export const newAgentId = () => randomUUID() as string as AgentId
export const newUserId = () => randomUUID() as string as UserId
export const newSecretHash = () => `hash-${randomUUID()}`

export function ownerOf(session: SessionRecord): Owner {
  return session.user === null
    ? { kind: 'visitor', id: session.visitorId }
    : { kind: 'user', id: session.user.id }
}

/** A visitor's text to the session's reserved conversation. */
export function visitorText(
  session: SessionRecord,
  text: string,
  changes: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    conversationId: session.conversationId,
    clientId: newClientId(),
    author: { kind: 'visitor' },
    body: { kind: 'text', text },
    at: START,
    as: { app: session.app, owner: ownerOf(session) },
    notifyBot: false,
    takeOver: false,
    ...changes,
  }
}

export function textFrom(
  author: MessageAuthor,
  conversationId: ConversationId,
  text: string,
  changes: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    conversationId,
    clientId: newClientId(),
    author,
    body: { kind: 'text', text },
    at: START,
    as: null,
    notifyBot: false,
    takeOver: false,
    ...changes,
  }
}

export function loginCard(conversationId: ConversationId, blocked: BlockedWork): AppendRequest {
  return textFrom({ kind: 'bot' }, conversationId, '', {
    body: { kind: 'login', text: 'Please sign in.', login: { button: 'Sign in', reason: 'message' } },
    blocked,
  })
}

/** Closes the conversation. */
export const closing = (conversationId: ConversationId, at = START): AppendRequest =>
  textFrom({ kind: 'system' }, conversationId, '', {
    body: { kind: 'event', text: 'Closed.', event: { type: 'closed' } },
    at,
  })

/** Hands the conversation to the agents. */
export const handOver = (conversationId: ConversationId): AppendRequest =>
  textFrom({ kind: 'system' }, conversationId, '', {
    body: {
      kind: 'event',
      text: 'A person will answer you.',
      event: { type: 'handed-to-agents', cause: 'bot-failed' },
    },
  })

export type Stored = Extract<AppendResult, { ok: true }>

export function stored(result: AppendResult): Stored {
  if (!result.ok) throw new Error(`not stored: ${result.code}`)
  return result
}

export interface Fixture {
  readonly storage: Storage
  /** Closes the storage and opens it again over the same data. */
  reopen(): Promise<void>
  anonymous(): Promise<SessionRecord>
  identify(
    sessionId: SessionId | null,
    userIdentifier: string,
    changes?: { readonly merge?: boolean; readonly claims?: IdentifyRequest['claims'] },
  ): Promise<IdentifyResult>
  renew(
    sessionId: SessionId,
    changes?: Partial<Parameters<Storage['sessions']['renew']>[0]>,
  ): ReturnType<Storage['sessions']['renew']>
  append(request: AppendRequest): Promise<Stored>
  /** The deliveries owed to the conversation's bot, in order. */
  owed(conversationId: ConversationId): Promise<readonly BotWork[]>
  all(conversationId: ConversationId): Promise<readonly Message[]>
  /** Reads the database beside the storage. */
  query<Value>(work: (db: Kysely<Tables>) => Promise<Value>): Promise<Value>
  /** Audit rows, which no storage reads; oldest first. */
  audits(app: AppId): Promise<readonly { kind: string; at: number; details: unknown }[]>
}

export function createFixture(create: () => Promise<ContractDatabase>): Fixture {
  let storage: Storage
  let database: ContractDatabase
  /** Opened by the first test that looks into it. */
  let beside: Promise<SqlDatabase> | undefined

  // Opened once: opening it for each test would cost more than the test.
  beforeAll(async () => {
    database = await create()
    storage = await database.open()
  })
  beforeEach(() => database.empty())
  afterAll(async () => {
    await (await beside)?.close()
    await storage.close()
    await database.remove()
  })

  async function query<Value>(work: (db: Kysely<Tables>) => Promise<Value>): Promise<Value> {
    beside ??= database.openDatabase()
    return (await beside).read(work)
  }

  return {
    get storage() {
      return storage
    },
    async reopen() {
      await storage.close()
      storage = await database.open()
    },
    anonymous: () => storage.sessions.createAnonymous({ app: SHOP, secretHash: newSecretHash(), at: START }),
    identify: (sessionId, userIdentifier, { merge = true, claims = [] } = {}) =>
      storage.sessions.identify({
        sessionId,
        app: SHOP,
        userIdentifier,
        contextExpiresAt: null,
        merge,
        claims,
        newSecretHash: newSecretHash(),
        at: START,
      }),
    renew: (sessionId, changes = {}) =>
      storage.sessions.renew({
        ...{ sessionId, contextExpiresAt: null, claims: [], signsIn: true, at: START },
        ...changes,
      }),
    async owed(conversationId) {
      const rows = await query((db) =>
        db
          .selectFrom('jobs')
          .select('payload')
          .where('lane', '=', `bot ${conversationId}`)
          .orderBy('ordinal')
          .orderBy('id')
          .execute(),
      )
      return rows.map(({ payload }) => JSON.parse(payload).work)
    },
    append: async (request) => stored(await storage.messages.append(request)),
    query,
    async audits(app) {
      const rows = await query((db) =>
        db.selectFrom('audit').selectAll().where('app', '=', app).orderBy('at').execute(),
      )
      return rows.map(({ kind, at, details }) => ({ kind, at, details: JSON.parse(details) }))
    },
    all: (conversationId) => storage.messages.list({ conversationId, after: 0, limit: 10_000 }),
  }
}
