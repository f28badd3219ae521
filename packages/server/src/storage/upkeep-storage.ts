/** Ends of what otherwise only grows: rows that nobody needs any more, a limited number at a time. */

/** Each names rows that may go once they are older than a moment; what that is of is said beside it. */
export type Purgeable =
  /** Revoked or replaced: by their end. */
  | 'sessions that ended'
  /** Anonymous, and their visitor never wrote: by when a device was last there. */
  | 'sessions that were never used'
  /** By when a device was last there. */
  | 'sessions nobody came back to'
  /** Without session and conversation: by their beginning. */
  | 'users'
  /** By when it was written. */
  | 'audit'
  /** Of conversations that did not go on: by their last change. */
  | 'login cards'
  /** Settled, or of conversations that did not go on: by their beginning. */
  | 'action runs'
  /** By the server's time. */
  | 'identity traces'
  /** Of conversations in which nothing was written: by their last one. */
  | 'identity traces of no conversation'
  /** Of agents: by their end. */
  | 'console sessions'

/** Where a walk goes on: behind this row. */
export interface PurgePosition {
  readonly at: number
  readonly key: string
}

export interface UpkeepStorage {
  /**
   * Looks at the next `limit` rows, from the oldest on, and deletes those that may go. `after`: what the step before
   * resolved with as `next`, which is `null` where no row is left to look at.
   */
  purge(
    what: Purgeable,
    before: number,
    step: { readonly limit: number; readonly after: PurgePosition | null },
  ): Promise<{ readonly deleted: number; readonly next: PurgePosition | null }>
  /** So that the database knows which of its indexes are worth their use. */
  refreshStatistics(): Promise<void>
}
