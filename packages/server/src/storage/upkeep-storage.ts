/** Purges of rows that are no longer needed, a limited number at a time. */

/** Kinds of rows that may be deleted once they are older than a time; each says which time counts. */
export type Purgeable =
  /** Revoked or replaced: time of that. */
  | 'sessions that ended'
  /** Anonymous, and their visitor never wrote: time at which a device last connected. */
  | 'sessions that were never used'
  /** Time at which a device last connected. */
  | 'sessions nobody came back to'
  /** Without session and conversation: time of creation. */
  | 'users'
  /** Time of writing. */
  | 'audit'
  /** Of inactive conversations: time of the conversation's last change. */
  | 'login cards'
  /** Settled, or of inactive conversations: time of creation. */
  | 'action runs'
  /** Server's time of the entry. */
  | 'identity traces'
  /** Of conversations without a message: time of the last entry. */
  | 'identity traces of no conversation'
  /** Of agents: time of their end. */
  | 'console sessions'
  /** Time at which they were given up. */
  | 'failed jobs'

/** The row after which a walk continues. */
export interface PurgePosition {
  readonly at: number
  readonly key: string
}

export interface UpkeepStorage {
  /**
   * Looks at the next `limit` rows, oldest first, and deletes those that may go. `after`: `next` of the step before,
   * which is `null` at the end.
   */
  purge(
    what: Purgeable,
    before: number,
    step: { readonly limit: number; readonly after: PurgePosition | null },
  ): Promise<{ readonly deleted: number; readonly next: PurgePosition | null }>
  /** Refreshes the statistics by which the database chooses indexes. */
  refreshStatistics(): Promise<void>
}
