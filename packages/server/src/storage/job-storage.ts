/** Durable work: jobs are stored with their cause, leased by one node at a time, and deleted when they are done. */
import type {
  ActionRunId,
  AppId,
  AuthenticationRequestId,
  ConversationId,
  MessageId,
  UserId,
} from '@chat-widget/protocol'
import type { ErasureWork } from './erasure-work.ts'
import type { BotWork } from './owed-work.ts'

/** Payloads of jobs, by kind. */
interface JobPayloads {
  /** Deletes what was kept long enough, and stores itself for the next hour. */
  readonly upkeep: null
  /** [UM1] Looks if a message was read, and mails what was not. */
  readonly 'unread-mail': UnreadMailPayload
  /** [ID16] Runs an action that an agent asked for, or goes on with it after a sign-in. */
  readonly 'action-run': { readonly runId: ActionRunId }
  /** Asks a bot, or runs an action that it asked for. The key is the delivery's id. */
  readonly 'bot-delivery': { readonly conversationId: ConversationId; readonly work: BotWork }
  /** [PD2] The rest of an erasure. */
  readonly erasure: ErasureWork
  /** [PD2] Cleans the database's files. */
  readonly scrub: null
  /** [WB1] Tells a webhook of an event. The key is the `webhook-id`. */
  readonly webhook: {
    readonly app: AppId
    /** Key of the webhook. */
    readonly webhook: string
    /** Time of the event. */
    readonly at: number
    readonly event: WebhookEvent
  }
  /** Has the person asked: by mail, on their devices, or by another server. */
  readonly 'request-delivery': RequestPayload
  /** Waits some seconds for the decision of another server, and stores itself again. */
  readonly 'request-follow': RequestPayload
  /** Ends an authentication request at its time. */
  readonly 'request-expiry': RequestPayload
}

/** An event by ids: what it tells is read when it is sent, so that nothing erased is. */
type WebhookEvent =
  | (WebhookConversation & { readonly type: 'message.created'; readonly messageId: MessageId })
  | (WebhookConversation & {
      readonly type: 'conversation.created' | 'conversation.closed' | 'conversation.handed-over'
    })
  | {
      readonly type: 'user.identified'
      readonly userId: UserId
      /** Those of before the sign-in that became the user's. */
      readonly conversations: readonly ConversationId[]
    }

/** A conversation as it was then. */
interface WebhookConversation {
  readonly conversationId: ConversationId
  readonly status: 'open' | 'closed'
  readonly handler: 'bot' | 'agents'
}

interface RequestPayload {
  readonly requestId: AuthenticationRequestId
}

interface UnreadMailPayload {
  readonly conversationId: ConversationId
  /** Of the message. */
  readonly seq: number
  /** The messages that were decided to be mailed: those after the one seq, up to the other. */
  readonly send: { readonly after: number; readonly upTo: number } | null
}

export type JobKind = keyof JobPayloads

interface JobFacts<Kind extends JobKind> {
  readonly kind: Kind
  /** Stored as JSON. */
  readonly payload: JobPayloads[Kind]
  /** Jobs of one lane run strictly in the order in which they were stored. */
  readonly lane: string
  /** Unique among the jobs of the kind, also failed ones: the same key again is the same job. */
  readonly key: string
  /** The server that it calls, which a node's other jobs need not wait for ([JB7]). */
  readonly receiver?: string
  readonly createdAt: number
}

/** `dueAt`: time before which it does not run. Milliseconds since the epoch. */
export type NewJob<Kinds extends JobKind = JobKind> = {
  [Kind in Kinds]: JobFacts<Kind> & { readonly dueAt: number }
}[Kinds]

/** The conversation is the lane: what one job mails, the next one finds mailed. */
export const unreadMailJob = ({
  key,
  conversationId,
  seq,
  send = null,
  dueAt,
  createdAt,
}: Pick<NewJob, 'key' | 'dueAt' | 'createdAt'> &
  Pick<UnreadMailPayload, 'conversationId' | 'seq'> &
  Partial<Pick<UnreadMailPayload, 'send'>>): NewJob<'unread-mail'> => ({
  ...{ kind: 'unread-mail', lane: `unread-mail ${conversationId}`, key, dueAt, createdAt },
  payload: { conversationId, seq, send },
})

/** Jobs of a new authentication request: it is delivered, and it ends. */
export const requestJobs = (
  requestId: AuthenticationRequestId,
  { createdAt, expiresAt }: { readonly createdAt: number; readonly expiresAt: number },
): readonly NewJob[] => {
  const facts = { key: requestId, payload: { requestId }, createdAt }
  return [
    { ...facts, kind: 'request-delivery', lane: requestLane(requestId), dueAt: createdAt },
    { ...facts, kind: 'request-expiry', lane: `end of ${requestLane(requestId)}`, dueAt: expiresAt },
  ]
}

export const followJob = (requestId: AuthenticationRequestId, at: number): NewJob<'request-follow'> => ({
  ...{ kind: 'request-follow', lane: requestLane(requestId), key: requestId, payload: { requestId } },
  ...{ dueAt: at, createdAt: at },
})

const requestLane = (requestId: AuthenticationRequestId) => `authentication request ${requestId}`

/** Erasures within this time are cleaned up after together. Milliseconds. */
const SCRUB_TOGETHER_MS = 10_000
/** Pause from the beginning of one cleaning to the next: on SQLite, writers wait for each. Milliseconds. */
const SCRUB_EVERY_MS = 3_600_000

/** [PD2] `lastBegan`: time at which this node began the last cleaning. */
export function scrubJob(createdAt: number, lastBegan: number | null): NewJob<'scrub'> {
  const soon = (Math.floor(createdAt / SCRUB_TOGETHER_MS) + 1) * SCRUB_TOGETHER_MS
  // The clock may have been set back since.
  const pause = lastBegan === null ? 0 : Math.min(lastBegan, createdAt) + SCRUB_EVERY_MS
  const dueAt = Math.max(soon, pause)
  // The key is a time to come: a cleaning that is under way, which may have begun before the erasure, has another one.
  return { kind: 'scrub', lane: 'scrub', key: String(dueAt), payload: null, dueAt, createdAt }
}

/** A job leased by a node. */
export interface LeasedJob<Kind extends JobKind = JobKind> extends JobFacts<Kind> {
  readonly id: string
  /** Number of leases so far, this one included. */
  readonly attempts: number
  /** The node that leased it. */
  readonly owner: string
}

/** Tells a lease from earlier and later ones of the same job. */
export type Lease = Pick<LeasedJob, 'id' | 'owner' | 'attempts'>

interface JobCount {
  readonly kind: JobKind
  readonly pending: number
  readonly failed: number
}

export interface JobStorage {
  /** Stores those whose key is new. */
  add(jobs: readonly NewJob[]): Promise<void>
  /**
   * Leases at most `limit` jobs of the kind that are due and the first of their lane; also those whose lease by another
   * node has ended. In the order of storing.
   */
  lease<Kind extends JobKind>(request: {
    readonly kind: Kind
    readonly owner: string
    /** Jobs that the owner is running: late in renewing their leases, it does not begin them once more. */
    readonly held: readonly string[]
    readonly at: number
    /** End of the lease. */
    readonly until: number
    readonly limit: number
    /** Receivers whose jobs are left. */
    readonly busy?: readonly string[]
  }): Promise<readonly LeasedJob<Kind>[]>
  /** Extends the leases that the owner still holds. Resolves with the ids of their jobs. */
  renew(owner: string, ids: readonly string[], until: number): Promise<readonly string[]>
  /**
   * Deletes a job and stores the jobs that it led to, in one transaction. Resolves with false, and stores nothing, if the
   * lease is not held any more.
   */
  done(lease: Lease, next: readonly NewJob[]): Promise<boolean>
  /**
   * Ends a lease; the job is due again at that time, and the rest of its lane not before. Does nothing if the lease is not
   * held any more.
   */
  retry(lease: Lease, dueAt: number, problem?: string): Promise<void>
  /** Ends a lease as if it had never been: another node may take the job at once. */
  release(lease: Lease): Promise<void>
  /** Gives a job up; it is kept until it is purged, and holds up nothing. */
  fail(lease: Lease, at: number, problem?: string): Promise<void>
  /** The next time after `at` at which a job of these kinds is due, or another node's lease of one ends. */
  nextDue(kinds: readonly JobKind[], at: number): Promise<number | null>
  /** Ends all leases: for a database that no other process has. */
  releaseAll(): Promise<void>
  /** By kind, for kinds that have any. */
  count(): Promise<readonly JobCount[]>
  /** Jobs of a kind that wait or were given up, in the order of storing. `after`: the last one of the page before. */
  list<Kind extends JobKind>(query: {
    readonly kind: Kind
    readonly onlyFailed: boolean
    readonly after?: Pick<ListedJob, 'ordinal' | 'id'>
    readonly limit: number
  }): Promise<readonly ListedJob<Kind>[]>
}

/** A job as people are shown it. */
export interface ListedJob<Kind extends JobKind = JobKind> extends JobFacts<Kind> {
  readonly id: string
  readonly ordinal: number
  readonly attempts: number
  readonly dueAt: number
  readonly isLeased: boolean
  /** Time at which it was given up. */
  readonly failedAt: number | null
  /** Reason for which the last try failed. */
  readonly problem: string | null
}
