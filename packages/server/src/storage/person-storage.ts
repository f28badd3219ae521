/** All that is kept of one customer of an app: read as a whole, and deleted as a whole. */
import type { AppId, ConversationId, LoginMethod, UserId } from '@chat-widget/protocol'
import type { AuditActor } from './audit-storage.ts'
import type { Tables } from './schema.ts'

export interface PersonName {
  readonly app: AppId
  readonly userIdentifier: string
  /** The method that proves it: namesakes of different methods are different people. */
  readonly method: LoginMethod
}

/** Rows by table that were deleted, or emptied; those of which there were none are left out. */
export type ErasedCounts = Readonly<Partial<Record<keyof Tables, number>>>

/** Rows of a person, with their columns as they are stored; times are milliseconds since the epoch. */
export interface PersonRows {
  readonly user: Tables['users']
  readonly sessions: readonly Tables['sessions'][]
  readonly conversations: readonly Tables['conversations'][]
  readonly files: readonly Tables['files'][]
  readonly requests: readonly Tables['authentication_requests'][]
  readonly audit: readonly Tables['audit'][]
}

interface ConversationRows {
  readonly traces: readonly Tables['identity_trace'][]
  readonly loginCards: readonly Tables['login_cards'][]
  readonly actionRuns: readonly Tables['action_runs'][]
  readonly jobs: readonly Tables['jobs'][]
}

export interface PersonStorage {
  /** `null`: nothing is kept of them. Writes that into the audit. */
  read(person: PersonName, by: AuditActor, at: number): Promise<PersonRows | null>
  /** Beside the messages. */
  readConversation(id: ConversationId): Promise<ConversationRows>
  /**
   * Deletes everything of the person in one transaction, with an audit row, and stores the job that does the rest.
   * Texts of agents are left, unless `isWhole` (default false). Idempotent.
   */
  erase(
    person: PersonName,
    how: { readonly isWhole?: boolean; readonly by: AuditActor; readonly at: number },
  ): Promise<{ readonly userId: UserId | null; readonly counts: ErasedCounts }>
  /** Deletes up to `limit` conversations of the app that were last written to before that time, and what belongs to them. */
  purgeConversations(app: AppId, before: number, limit: number): Promise<number>
  /**
   * Removes what deleted rows have left in the database's files, as far as that can be done while it is used: on SQLite
   * all, on PostgreSQL what its `vacuum` does.
   */
  scrub(): Promise<void>
}
