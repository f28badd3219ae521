/**
 * Ends requests: by a signed decision, by cancelling, or as undeliverable. Those that run out of time end in
 * request-expiry.ts.
 */
import type { AuthenticationRequestId, AuthenticationRequestStatus } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type {
  AuthenticationRequestStorage,
  SignedAnswer,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import type { Decision } from './authentication-requests.ts'
import type { DecisionSigner } from './decision-signer.ts'
import type { RequestNews } from './request-news.ts'
import type { RequestObserver } from './request-observer.ts'
import { subjectOf } from './request-record.ts'
import type { RequestWaits } from './request-waits.ts'

/** Outcomes that another server may report for a request it was asked to decide. */
export type EndedElsewhere = Exclude<AuthenticationRequestStatus, 'pending' | 'unauthorized' | 'errored'>

export interface RequestEndingsOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'end' | 'denyAndMute' | 'setDelivery'>
  readonly signer: DecisionSigner
  readonly publicUrl: () => string
  readonly news: RequestNews
  readonly waits: RequestWaits
  readonly observer: RequestObserver
  readonly logger: Logger
  readonly now: () => number
}

export class RequestEndings {
  readonly #options: RequestEndingsOptions

  constructor(options: RequestEndingsOptions) {
    this.#options = options
  }

  /** Resolves with `null` if the request was over before, or the signing device is no longer valid. */
  async decide(
    { id, app, addressee }: StoredRequest,
    decision: Decision,
    { mutes = false, signed }: { readonly mutes?: boolean; readonly signed?: SignedAnswer } = {},
  ): Promise<StoredRequest | null> {
    const { requests, signer, publicUrl, now } = this.#options
    const at = now()
    const subject = subjectOf(addressee)
    const response = await signer.sign({
      iss: publicUrl(),
      aud: app,
      jti: id,
      iat: Math.floor(at / 1_000),
      decision,
      decided_at: new Date(at).toISOString(),
      subject,
    })
    const end = { status: decision, subject, response, ...(signed === undefined ? {} : { signed }) }
    return this.#tell(mutes ? requests.denyAndMute(id, end, at) : requests.end(id, end, at))
  }

  async endElsewhere(request: StoredRequest, status: EndedElsewhere): Promise<void> {
    if (status === 'approved' || status === 'denied') await this.decide(request, status)
    else await this.#end(request.id, status)
  }

  cancel(id: AuthenticationRequestId): Promise<StoredRequest | null> {
    return this.#end(id, 'canceled')
  }

  async failDelivery(request: StoredRequest, status: 'unauthorized' | 'errored'): Promise<void> {
    const { requests, news, waits, observer, logger } = this.#options
    const { id, app, creator } = request
    const level = status === 'errored' ? 'warn' : 'info'
    logger[level]({ request: id, app, status }, 'an authentication request reaches nobody')
    observer.delivery('failed')
    if (creator === 'key') return void (await this.#end(id, status))
    // [AR6] Without a key it goes on as if delivered, and expires.
    await requests.setDelivery(id, 'failed')
    waits.notice(id)
    news.progressed(request)
  }

  #end(
    id: AuthenticationRequestId,
    status: Exclude<AuthenticationRequestStatus, 'pending' | 'approved' | 'denied'>,
  ): Promise<StoredRequest | null> {
    const { requests, now } = this.#options
    return this.#tell(requests.end(id, { status }, now()))
  }

  async #tell(ending: Promise<StoredRequest | null>): Promise<StoredRequest | null> {
    const ended = await ending
    if (ended !== null) this.#options.news.changed(ended)
    return ended
  }
}
