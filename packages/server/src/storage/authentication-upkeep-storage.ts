/** What operators see and change of the kept authentication requests, and what is forgotten of them. */
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
   * Who wants no requests of the app, the latest first. A page may be longer than `limit`, by those of the same
   * millisecond. `before`: those muted earlier; `next` is that of the following page, `null` at the end.
   */
  muted(query: {
    readonly app: AppId
    readonly before: number | null
    readonly limit: number
  }): Promise<{ readonly muted: readonly MutedAddressee[]; readonly next: number | null }>
  /** For every kind of caller. Resolves with whether they were muted, and writes an audit row if so. */
  unmute(app: AppId, addressee: Addressee, at: number): Promise<boolean>
  /**
   * In one transaction: cancels the pending requests of the addressee, deletes them and all that ended, and writes an
   * audit row that does not name them. A mute stays. `canceled` are those that were pending.
   */
  forget(
    app: AppId,
    addressee: Addressee,
    at: number,
  ): Promise<{ readonly deleted: number; readonly canceled: readonly StoredRequest[] }>
  /** Every app that has or had a request that ended. */
  apps(): Promise<readonly AppId[]>
  /** Deletes at most `limit` requests of the app that ended by `endedBy`, and their links. Resolves with how many. */
  purgeEnded(app: AppId, endedBy: number, limit: number): Promise<number>
  /** Deletes at most `limit` addressees who were asked by `askedBy` last. Resolves with how many. */
  purgeAddressees(askedBy: number, limit: number): Promise<number>
  /** Requests that are pending, of the apps that have any. */
  countPending(): Promise<ReadonlyMap<AppId, number>>
}
