/** Composes the service of authentication requests from its parts. */
import { hashToken, newSessionToken } from '../identity/session-token.ts'
import type { StoredRequest } from '../storage/authentication-request-storage.ts'
import type {
  AuthenticationRequestService,
  AuthenticationRequestsOptions,
} from './authentication-request-service.ts'
import { createDeviceRequests } from './authenticator/device-requests.ts'
import { createReachabilityCheck, deviceProvider, linkProvider } from './built-in-providers.ts'
import { createDecisionSigner } from './decision-signer.ts'
import { createForwardedCodes } from './forwarded-codes.ts'
import { LinkDecisions } from './link-decisions.ts'
import { RequestCreation } from './request-creation.ts'
import { createRequestDeliveries } from './request-deliveries.ts'
import { RequestEndings } from './request-endings.ts'
import { createRequestExpiry } from './request-expiry.ts'
import { createRequestLimits } from './request-limits.ts'
import { RequestLookup } from './request-lookup.ts'
import { RequestNews } from './request-news.ts'
import { noObserver } from './request-observer.ts'
import { toRecord } from './request-record.ts'
import { createRequestSecrets } from './request-secrets.ts'
import { createRequestUpkeep, DEFAULT_KEEP_DAYS } from './request-upkeep.ts'
import { createRequestWaits } from './request-waits.ts'

/** Time in which another server repeats its digits. Milliseconds. */
const FETCH_MS = 10_000

export async function createAuthenticationRequests(
  options: AuthenticationRequestsOptions,
): Promise<AuthenticationRequestService> {
  const { storage, jobs, publicUrl, limitsOf, logger } = options
  const { providers = new Map(), observer = noObserver, now = Date.now } = options
  const requests = storage.authenticationRequests
  const signer = await createDecisionSigner(storage.serverKeys, now())
  const secrets = await createRequestSecrets(storage.serverKeys, now())
  const isForwarded = (app: Parameters<typeof limitsOf>[0]) => providers.has(app)

  const byLink = linkProvider(options.delivery)
  const providerOf = ({ app, addressee }: StoredRequest) =>
    providers.get(app) ?? (addressee.kind === 'email' ? byLink : deviceProvider)

  const news = new RequestNews(observer)
  const waits = createRequestWaits(options.lookAgainMs)
  const limits = createRequestLimits({
    ...{ limitsOf, now, onLimited: observer.limited, counters: options.counters },
  })
  const expiry = createRequestExpiry({ requests, now, onEnded: (ended) => news.changed(ended) })
  jobs.handle('request-expiry', expiry.handler)
  const codes = createForwardedCodes({
    ...{ isForwarded, requests, waits },
    fetch: async (request, showCode) => {
      const signal = AbortSignal.timeout(FETCH_MS)
      const record = toRecord(request)
      await providerOf(request).follow?.({ record, link: async () => '', signal, code: null, showCode })
    },
    isAsking: (id) => deliveries.isRunning(id),
    madeUp: secrets.bindingCode,
    tuning: options.forwardedCodeTuning,
  })
  const lookup = new RequestLookup({ requests, expiry, codes, waits, now })
  const endings = new RequestEndings({ requests, signer, publicUrl, news, waits, observer, logger, now })
  const links = new LinkDecisions({ requests, secrets, lookup, endings, news, now })
  const isReachable = createReachabilityCheck({
    requests,
    authenticators: storage.authenticators,
    isForwarded,
  })
  const deliveries = createRequestDeliveries({
    jobs,
    requests,
    providerOf,
    isForwarded,
    isReachable,
    linkOf: (token) => `${publicUrl()}/a/${token}`,
    async renewLink(id) {
      const token = newSessionToken()
      await requests.addLink(id, hashToken(token), now())
      return token
    },
    // Only devices are told. Callers that wait for a mail's answer have nothing to read when the mail is sent.
    onAsked: (request) => request.addressee.kind === 'identifier' && news.changed(request),
    onFailed: (request, status) => endings.failDelivery(request, status),
    onEnded: (request, status) => endings.endElsewhere(request, status),
    codeOf: codes.of,
    onCode: codes.show,
    onResult: observer.delivery,
    now,
    logger,
    ...(options.deliveryTuning === undefined ? {} : { tuning: options.deliveryTuning }),
  })
  const creation = new RequestCreation({
    ...{ requests, limits, lookup, secrets, codes, jobs, deliveries, news, observer, isForwarded, now },
  })
  const upkeep = createRequestUpkeep({
    upkeep: storage.authenticationUpkeep,
    keepDaysOf: options.keepDaysOf ?? (() => DEFAULT_KEEP_DAYS),
    now,
    onCanceled: (request) => news.changed(request),
  })
  const unsubscribe = news.onChange((id, app) => {
    lookup.notice(id, app)
    void deliveries.notice(id)
    codes.forget(id)
  })

  return {
    ...createDeviceRequests({ requests, lookup, links, endings, isReachable, news, now }),
    create: (wanted) => creation.create(wanted),
    attach: (...asked) => creation.attach(...asked),
    bindingCodeOf: (record) => creation.bindingCodeOf(record),
    isCreator: (...claimed) => lookup.isCreator(...claimed),
    wait: (...waited) => lookup.wait(...waited),
    events: (...asked) => lookup.events(...asked),
    cursorBefore: async (app, agoMs) => String(await requests.placeBefore(app, now() - agoMs)),
    newestOf: (conversationIds) => requests.newestOf(conversationIds),
    viewLink: (token) => links.view(token),
    decideByLink: (decision) => links.decide(decision),
    keySet: signer.keySet,
    holdWait: limits.hold,
    operators: upkeep.operators,
    purges: upkeep.purges,
    onChange: (listener) => news.onChange(listener),
    onOwnChange: (listener) => news.onOwnChange(listener),
    noticed: (id, app) => news.noticed(id, app),
    onProgress: (listener) => news.onProgress(listener),
    async find(app, id) {
      const request = await lookup.find(id)
      return request?.app === app ? toRecord(await codes.ready(request)) : null
    },
    async cancel(id) {
      return toRecord((await endings.cancel(id)) ?? (await lookup.get(id)))
    },
    async claim(id, claimant) {
      const claimed = await requests.claim(id, now(), claimant)
      return claimed === null ? null : toRecord(claimed)
    },
    get waiting() {
      return waits.count
    },
    async close() {
      unsubscribe()
      await waits.close()
    },
  }
}
