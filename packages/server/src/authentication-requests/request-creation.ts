/** Makes requests, or attaches callers to running ones. */
import { randomUUID } from 'node:crypto'
import { type AppId, type Asked, type AuthenticationRequestId, ChatError } from '@chat-widget/protocol'
import { hashToken, newSessionToken } from '../identity/session-token.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type {
  AuthenticationRequestRecord,
  AuthenticationRequestStorage,
  Creator,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { CreatedRequest, CreateRequest } from './authentication-requests.ts'
import type { ForwardedCodes } from './forwarded-codes.ts'
import type { RequestDeliveries } from './request-deliveries.ts'
import { ADDRESSEE_WINDOW_MS, limited, type RequestLimits } from './request-limits.ts'
import type { RequestLookup } from './request-lookup.ts'
import type { RequestNews } from './request-news.ts'
import type { RequestObserver } from './request-observer.ts'
import { askedFirst, isSameBody, subjectOf, toRecord } from './request-record.ts'
import type { RequestSecrets } from './request-secrets.ts'

export interface RequestCreationOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'create'>
  readonly limits: RequestLimits
  readonly lookup: RequestLookup
  readonly secrets: RequestSecrets
  readonly codes: ForwardedCodes
  readonly jobs: Pick<JobQueue, 'wake' | 'expect'>
  readonly deliveries: Pick<RequestDeliveries, 'keepToken'>
  readonly news: RequestNews
  readonly observer: RequestObserver
  /** True if another server decides the app's requests. */
  readonly isForwarded: (app: AppId) => boolean
  readonly now: () => number
}

export class RequestCreation {
  readonly #options: RequestCreationOptions

  constructor(options: RequestCreationOptions) {
    this.#options = options
  }

  async create(wanted: CreateRequest): Promise<CreatedRequest> {
    const { requests, limits, lookup, observer, now } = this.#options
    const { app, creator, addressee, claims, binding } = wanted
    if (wanted.id !== null) {
      const running = await lookup.find(wanted.id)
      if (running !== null) return this.#attachAs(running, wanted)
    }
    await limits.count(app, creator)
    const [token, at] = [newSessionToken(), now()]
    const { secret: creatorSecret = newSessionToken() } = wanted
    const outcome = await requests.create({
      ...{ app, addressee, claims, binding },
      id: wanted.id ?? (randomUUID() as string as AuthenticationRequestId),
      creator: creator.kind,
      createdAt: at,
      expiresAt: at + wanted.lifetimeSeconds * 1_000,
      creatorSecretHash: hashToken(creatorSecret),
      linkHash: hashToken(token),
      conversationId: creator.kind === 'visitor' ? creator.conversationId : null,
      mustWait: (made) => limits.addresseeWait(app, creator, made),
      countSince: at - ADDRESSEE_WINDOW_MS,
    })
    switch (outcome.kind) {
      case 'exists':
        return this.#attachAs(outcome.request, wanted)
      case 'limited':
        observer.limited('addressee')
        throw limited(outcome.retryAfterMs)
      case 'created':
        return { ...(await this.#begin(outcome.request, token, outcome.replaced)), creatorSecret }
      default:
        return outcome satisfies never
    }
  }

  async attach(
    app: AppId,
    id: AuthenticationRequestId,
    creator: Creator,
    addressee: Asked | null,
  ): Promise<AuthenticationRequestRecord | null> {
    const { lookup, codes } = this.#options
    const request = await lookup.find(id)
    if (request === null || !mayRead(request, { app, creator })) return null
    const isOther = addressee !== null && subjectOf(addressee) !== subjectOf(askedFirst(request))
    if (isOther) throw otherBody()
    return toRecord(await codes.ready(request))
  }

  bindingCodeOf({
    id,
    app,
    binding,
    status,
  }: Pick<AuthenticationRequestRecord, 'id' | 'app' | 'binding' | 'status'>): string | null {
    if (binding !== 'code' || status !== 'pending') return null
    const { isForwarded, codes, secrets } = this.#options
    // The other server's page asks for that server's digits, not for ours.
    return isForwarded(app) ? codes.of(id) : secrets.bindingCode(id)
  }

  async #begin(
    request: StoredRequest,
    token: string,
    replaced: StoredRequest | null,
  ): Promise<Omit<CreatedRequest, 'creatorSecret'>> {
    const { observer, news, jobs, deliveries } = this.#options
    observer.created(request)
    if (replaced !== null) news.changed(replaced)
    deliveries.keepToken(request.id, token)
    jobs.wake('request-delivery')
    jobs.expect(request.expiresAt)
    news.progressed(request)
    return this.#ready(request)
  }

  async #attachAs(request: StoredRequest, wanted: CreateRequest): Promise<CreatedRequest> {
    const mayAttach = mayRead(request, wanted) && request.creator !== 'visitor'
    if (!mayAttach || !isSameBody(request, wanted)) throw otherBody()
    return { ...(await this.#ready(request)), creatorSecret: null }
  }

  /** Waits for the digits, if there are any, before it returns the request. */
  async #ready(request: StoredRequest): Promise<Omit<CreatedRequest, 'creatorSecret'>> {
    const ready = await this.#options.codes.ready(request)
    return { record: toRecord(ready), bindingCode: this.bindingCodeOf(ready) }
  }
}

/** [AR3] A request that was made with the key is read with the key. */
const mayRead = (request: StoredRequest, { app, creator }: Pick<CreateRequest, 'app' | 'creator'>): boolean =>
  request.app === app && (creator.kind === 'key' || request.creator === 'anyone')

const otherBody = () => new ChatError('conflict', 'authentication_request_id: used with another body')
