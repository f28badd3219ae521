/** Reads requests, expired ones as expired, and waits for their outcomes. */
import {
  type AppId,
  AUTHENTICATION_REQUEST_LIMITS,
  type AuthenticationRequestId,
  ChatError,
} from '@chat-widget/protocol'
import { hashToken } from '../identity/session-token.ts'
import type {
  AuthenticationRequestRecord,
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { AuthenticationRequests } from './authentication-requests.ts'
import type { ForwardedCodes } from './forwarded-codes.ts'
import type { RequestExpiry } from './request-expiry.ts'
import { toRecord } from './request-record.ts'
import { same } from './request-secrets.ts'
import type { RequestWaits } from './request-waits.ts'

const { eventsPerPage: EVENTS_PER_PAGE } = AUTHENTICATION_REQUEST_LIMITS

export interface RequestLookupOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'find' | 'outcomes'>
  readonly expiry: Pick<RequestExpiry, 'end'>
  readonly codes: ForwardedCodes
  readonly waits: RequestWaits
  readonly now: () => number
}

export class RequestLookup {
  readonly #options: RequestLookupOptions

  constructor(options: RequestLookupOptions) {
    this.#options = options
  }

  /** A request past its end is over, even if its job is late. */
  async find(id: AuthenticationRequestId): Promise<StoredRequest | null> {
    const { requests, expiry, codes, now } = this.#options
    const request = await requests.find(id)
    if (request !== null) codes.pretend(request)
    if (request === null || request.status !== 'pending' || request.expiresAt > now()) return request
    await expiry.end(id)
    return requests.find(id)
  }

  /** As `find`; rejects with `not-found`. */
  async get(id: AuthenticationRequestId): Promise<StoredRequest> {
    const request = await this.find(id)
    if (request === null) throw noSuchRequest()
    return request
  }

  async isCreator(app: AppId, id: AuthenticationRequestId, secret: string): Promise<boolean> {
    const request = await this.#options.requests.find(id)
    const fits = same(request?.creatorSecretHash ?? hashToken(''), hashToken(secret))
    return fits && request?.app === app
  }

  async wait(
    id: AuthenticationRequestId,
    ms: number,
    signal: AbortSignal,
  ): Promise<AuthenticationRequestRecord> {
    let seen = null as StoredRequest | null
    const read = async () => {
      // An operator who deletes a pending request has canceled it first.
      const gone = seen === null ? null : ({ ...seen, status: 'canceled' } as const)
      seen = (await this.find(id)) ?? gone
      if (seen === null) throw noSuchRequest()
      return seen.status === 'pending' ? null : seen
    }
    return toRecord((await this.#options.waits.until(id, read, ms, signal)) ?? seen ?? (await this.get(id)))
  }

  async events(
    app: AppId,
    after: string,
    waitMs: number,
    signal: AbortSignal,
  ): ReturnType<AuthenticationRequests['events']> {
    if (!/^\d{0,15}$/.test(after))
      throw new ChatError('bad-request', 'after: must be a cursor of an earlier page')
    const { requests, waits, now } = this.#options
    const read = async () => {
      const page = await requests.outcomes(app, Number(after), EVENTS_PER_PAGE)
      return page.length === 0 ? null : page
    }
    const page = (await waits.until(outcomesOf(app), read, waitMs, signal)) ?? []
    const found = page.map(({ place, request }) => ({ cursor: String(place), record: toRecord(request) }))
    return { events: found, cursor: found.at(-1)?.cursor ?? after, at: now() }
  }

  /** Wakes callers that wait for this request, or for outcomes of the app. */
  notice(id: AuthenticationRequestId, app: AppId): void {
    this.#options.waits.notice(id)
    this.#options.waits.notice(outcomesOf(app))
  }
}

const noSuchRequest = () => new ChatError('not-found', 'there is no such authentication request')

const outcomesOf = (app: string) => `outcomes of ${app}`
