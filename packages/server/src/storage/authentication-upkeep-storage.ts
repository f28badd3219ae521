/** Operators' view of mutes and stored authentication requests, and their deletion. */
import type { Addressee, AppId } from '@chat-widget/protocol'
import type { StoredRequest } from './authentication-request-storage.ts'

export interface MutedAddressee {
  readonly addressee: Addressee
  /** Kind of caller whose requests they do not want. */
  readonly creator: StoredRequest['creator']
  /** Milliseconds since the epoch. */
  readonly mutedAt: number
}

export interface AuthenticationUpkeepStorage {
  /**
   * Addressees that muted the app, latest first. A page may be longer than `limit`, by those of the same millisecond.
   * `before`: only those muted earlier; `next`: `before` of the following page, `null` at the end.
   */
  muted(query: {
    readonly app: AppId
    readonly before: number | null
    readonly limit: number
  }): Promise<{ readonly muted: readonly MutedAddressee[]; readonly next: number | null }>
  /** Unmutes for every kind of caller. Resolves with true if they were muted, and then writes an audit row. */
  unmute(app: AppId, addressee: Addressee, at: number): Promise<boolean>
  /**
   * In one transaction: cancels the addressee's pending requests, deletes all of them, and writes an audit row that
   * does not name the addressee. A mute stays. `canceled`: the requests that were pending.
   */
  forget(
    app: AppId,
    addressee: Addressee,
    at: number,
  ): Promise<{ readonly deleted: number; readonly canceled: readonly StoredRequest[] }>
  /** Every app with requests that ended, or had any. */
  apps(): Promise<readonly AppId[]>
  /**
   * Deletes at most `limit` requests of the app that ended by `endedBy`, and their links. Resolves with their number.
   */
  purgeEnded(app: AppId, endedBy: number, limit: number): Promise<number>
  /** Deletes at most `limit` addressees whose last request was made by `askedBy`. Resolves with their number. */
  purgeAddressees(askedBy: number, limit: number): Promise<number>
  /** Number of pending requests, by app, for apps that have any. */
  countPending(): Promise<ReadonlyMap<AppId, number>>
}
