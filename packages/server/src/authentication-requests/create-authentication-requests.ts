/** The state machine of authentication requests over the database. */
import { randomUUID } from 'node:crypto'
import {
  AUTHENTICATION_REQUEST_LIMITS,
  type AuthenticationRequestId,
  ChatError,
  type ConversationId,
} from '@chat-widget/protocol'
import { hashToken, newSessionToken } from '../identity/session-token.ts'
import type { SignedAnswer, StoredRequest } from '../storage/authentication-request-storage.ts'
import { asciiDigits } from '../text/ascii-digits.ts'
import type {
  AuthenticationRequestService,
  AuthenticationRequestsOptions,
} from './authentication-request-service.ts'
import type {
  AuthenticationRequests,
  CreatedRequest,
  CreateRequest,
  Decision,
  DecisionOutcome,
  LinkView,
} from './authentication-requests.ts'
import { createReach, deviceProvider } from './authenticator/device-provider.ts'
import { asOver, codesLeft, createDeviceRequests } from './authenticator/device-requests.ts'
import { createDecisionSigner } from './decision-signer.ts'
import { createForwardedCodes } from './forwarded-codes.ts'
import { createInProcessWakeUp } from './in-process-wake-up.ts'
import { createLinkProvider } from './link-provider.ts'
import { createRequestDeliveries } from './request-deliveries.ts'
import { createRequestExpiry } from './request-expiry.ts'
import { ADDRESSEE_WINDOW_MS, createRequestLimits, limited } from './request-limits.ts'
import { noObserver } from './request-observer.ts'
import { askedFirst, isSameBody, subjectOf, toRecord } from './request-record.ts'
import { createRequestSecrets, same } from './request-secrets.ts'
import { createRequestUpkeep, DEFAULT_KEEP_DAYS } from './request-upkeep.ts'
import { createRequestWaits } from './request-waits.ts'

const {
  wrongCodes: WRONG_CODES,
  bindingDigits: BINDING_DIGITS,
  eventsPerPage: EVENTS_PER_PAGE,
} = AUTHENTICATION_REQUEST_LIMITS

export async function createAuthenticationRequests(
  options: AuthenticationRequestsOptions,
): Promise<AuthenticationRequestService> {
  const { storage, publicUrl, limitsOf, logger } = options
  const providers = options.providers ?? new Map()
  const byLink = createLinkProvider(options.delivery)
  const now = options.now ?? Date.now
  const wakeUp = options.wakeUp ?? createInProcessWakeUp()
  const requests = storage.authenticationRequests
  const signer = await createDecisionSigner(storage.serverKeys, now())
  const secrets = await createRequestSecrets(storage.serverKeys, now())
  const observer = options.observer ?? noObserver
  const limits = createRequestLimits({ limitsOf, now, onLimited: observer.limited })
  const waits = createRequestWaits()
  const progressed = new Set<(conversationId: ConversationId) => void>()
  const tellProgress = ({ conversationId }: Pick<StoredRequest, 'conversationId'>) => {
    if (conversationId !== null) for (const listener of progressed) listener(conversationId)
  }
  const codes = createForwardedCodes({
    isForwarded: (app) => providers.has(app),
    requests,
    waits,
    madeUp: secrets.bindingCode,
    tuning: options.forwardedCodeTuning,
  })
  const changed = (request: StoredRequest) => {
    const { id, app, status, createdAt, decidedAt } = request
    const isOver = status !== 'pending'
    if (isOver) observer.ended(request, status, decidedAt === null ? null : decidedAt - createdAt)
    wakeUp.notify(id, app)
    if (isOver) tellProgress(request)
  }
  const upkeep = createRequestUpkeep({
    upkeep: storage.authenticationUpkeep,
    keepDaysOf: options.keepDaysOf ?? (() => DEFAULT_KEEP_DAYS),
    now,
    onCanceled: changed,
    logger,
  })
  const expiry = createRequestExpiry({ requests, now, onEnded: changed, logger })
  const isReachable = createReach({
    requests,
    authenticators: storage.authenticators,
    isForwarded: (app) => providers.has(app),
  })
  const deliveries = createRequestDeliveries({
    requests,
    providerOf: ({ app, addressee }) =>
      providers.get(app) ?? (addressee.kind === 'email' ? byLink : deviceProvider),
    isReachable,
    followed: [...providers.keys()],
    linkOf: (token) => `${publicUrl()}/a/${token}`,
    async renewLink(id) {
      const token = newSessionToken()
      await requests.addLink(id, hashToken(token), now())
      return token
    },
    // Callers that wait for a mail's answer need not look because it went out; devices are to show theirs.
    onAsked: (request) => request.addressee.kind === 'identifier' && changed(request),
    onFailed: reachesNobody,
    async onEnded(request, status) {
      if (status === 'approved' || status === 'denied') {
        await decide(request, status, false)
        return
      }
      const ended = await requests.end(request.id, { status }, now())
      if (ended !== null) changed(ended)
    },
    onCode: ({ id }, code) => codes.show(id, code),
    onResult: observer.delivery,
    logger,
    ...(options.deliveryTuning === undefined ? {} : { tuning: options.deliveryTuning }),
  })
  const deaf = wakeUp.on((id, app) => {
    waits.notice(id)
    waits.notice(outcomesOf(app))
    deliveries.notice(id)
    codes.forget(id)
  })

  async function reachesNobody(request: StoredRequest, status: 'unauthorized' | 'errored'): Promise<void> {
    const level = status === 'errored' ? 'warn' : 'info'
    logger[level](
      { request: request.id, app: request.app, status },
      'an authentication request reaches nobody',
    )
    observer.delivery('failed')
    // [AR6] Without a key it goes on as if it had been delivered, and expires.
    if (request.creator !== 'key') {
      await requests.setDelivery(request.id, 'failed')
      waits.notice(request.id)
      return tellProgress(request)
    }
    const ended = await requests.end(request.id, { status }, now())
    if (ended !== null) changed(ended)
  }

  /** As it is by now, also where the timer is late. */
  async function find(id: AuthenticationRequestId): Promise<StoredRequest | null> {
    const request = await requests.find(id)
    if (request !== null) codes.pretend(request)
    if (request === null || request.status !== 'pending' || request.expiresAt > now()) return request
    await expiry.end(id)
    return requests.find(id)
  }

  async function get(id: AuthenticationRequestId): Promise<StoredRequest> {
    const request = await find(id)
    if (request === null) throw noSuchRequest()
    return request
  }

  const bindingCodeOf: AuthenticationRequestService['bindingCodeOf'] = ({ id, app, binding, status }) => {
    if (binding !== 'code' || status !== 'pending') return null
    // Where another server asks, its page wants its digits and not these.
    return providers.has(app) ? codes.of(id) : secrets.bindingCode(id)
  }

  async function attach(request: StoredRequest, wanted: CreateRequest): Promise<CreatedRequest> {
    const mayAttach = mayRead(request, wanted) && request.creator !== 'visitor'
    if (!mayAttach || !isSameBody(request, wanted)) throw otherBody()
    const ready = await codes.ready(request)
    return { record: toRecord(ready), creatorSecret: null, bindingCode: bindingCodeOf(ready) }
  }

  async function create(wanted: CreateRequest): Promise<CreatedRequest> {
    const { app, creator } = wanted
    if (wanted.id !== null) {
      const running = await find(wanted.id)
      if (running !== null) return attach(running, wanted)
    }
    limits.count(app, creator)
    const [token, at] = [newSessionToken(), now()]
    const { secret: creatorSecret = newSessionToken() } = wanted
    const outcome = await requests.create({
      ...{ app, addressee: wanted.addressee, claims: wanted.claims, binding: wanted.binding },
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
        return attach(outcome.request, wanted)
      case 'limited':
        observer.limited('addressee')
        throw limited(outcome.retryAfterMs)
      case 'created': {
        observer.created(outcome.request)
        if (outcome.replaced !== null) changed(outcome.replaced)
        expiry.expect(outcome.request.expiresAt)
        deliveries.begin(outcome.request, token)
        tellProgress(outcome.request)
        const made = await codes.ready(outcome.request)
        return { record: toRecord(made), creatorSecret, bindingCode: bindingCodeOf(made) }
      }
      default:
        return outcome satisfies never
    }
  }

  async function decide(
    request: StoredRequest,
    decision: Decision,
    mutes: boolean,
    signed?: SignedAnswer,
  ): Promise<StoredRequest | null> {
    const at = now()
    const subject = subjectOf(request.addressee)
    const response = await signer.sign({
      iss: publicUrl(),
      aud: request.app,
      jti: request.id,
      iat: Math.floor(at / 1_000),
      decision,
      decided_at: new Date(at).toISOString(),
      subject,
    })
    const end = { status: decision, subject, response, ...(signed === undefined ? {} : { signed }) }
    const decided = await (mutes
      ? requests.denyAndMute(request.id, end, at)
      : requests.end(request.id, end, at))
    if (decided !== null) changed(decided)
    return decided
  }

  /** `null` where the code is right, or none is needed. */
  async function refusalOf(
    request: StoredRequest,
    decision: Decision,
    code: string | null,
  ): Promise<DecisionOutcome | null> {
    if (decision !== 'approved' || request.binding !== 'code') return null
    const digits = asciiDigits(code ?? '')
    if (digits.length !== BINDING_DIGITS) return { kind: 'no-code', codesLeft: codesLeft(request) }
    if (secrets.isBindingCode(request.id, digits)) return null
    const counted = await requests.countWrongCode(request.id, WRONG_CODES, now())
    if (counted !== null) changed(counted)
    if (counted?.status === 'pending') return { kind: 'wrong-code', codesLeft: codesLeft(counted) }
    return asOver(await get(request.id))
  }

  const viewLink = async (token: string): Promise<LinkView> => {
    const request = await requests.findByLink(hashToken(token))
    if (request === null || request.isReplaced) return { kind: 'unknown' }
    if (request.status !== 'pending') return asOver(request)
    // Not written down here: looking changes nothing ([AR1]).
    if (request.expiresAt <= now()) return { kind: 'over', status: 'expired', isLocked: false }
    return {
      kind: 'pending',
      record: toRecord(request),
      nonce: secrets.nonce(token),
      codesLeft: request.binding === 'code' ? codesLeft(request) : null,
    }
  }

  const decideByLink: AuthenticationRequests['decideByLink'] = async ({
    token,
    nonce,
    mutes,
    code,
    ...rest
  }) => {
    const request = await requests.findByLink(hashToken(token))
    if (request === null || request.isReplaced || !secrets.isNonce(token, nonce)) return { kind: 'unknown' }
    if (request.status !== 'pending' || request.expiresAt <= now()) return asOver(await get(request.id))
    const decision: Decision = mutes ? 'denied' : rest.decision
    const refusal = await refusalOf(request, decision, code)
    if (refusal !== null) return refusal
    const decided = await decide(request, decision, mutes)
    return decided === null ? asOver(await get(request.id)) : { kind: 'decided', record: toRecord(decided) }
  }

  const events: AuthenticationRequests['events'] = async (app, after, waitMs, signal) => {
    if (!/^\d{0,15}$/.test(after))
      throw new ChatError('bad-request', 'after: must be a cursor of an earlier page')
    const read = async () => {
      const page = await requests.outcomes(app, Number(after), EVENTS_PER_PAGE)
      return page.length === 0 ? null : page
    }
    const page = (await waits.until(outcomesOf(app), read, waitMs, signal)) ?? []
    const found = page.map(({ place, request }) => ({ cursor: String(place), record: toRecord(request) }))
    return { events: found, cursor: found.at(-1)?.cursor ?? after, at: now() }
  }

  const byDevice = createDeviceRequests({
    ...{ requests, find, refusalOf, decide, now },
    reachesNobody: (request) => reachesNobody(request, 'unauthorized'),
    isReachable,
    changed,
  })

  return {
    ...byDevice,
    create,
    viewLink,
    decideByLink,
    events,
    cursorBefore: async (app, agoMs) => String(await requests.placeBefore(app, now() - agoMs)),
    bindingCodeOf,
    keySet: signer.keySet,
    holdWait: limits.hold,
    operators: upkeep.operators,
    onChange: (listener) => wakeUp.on(listener),
    async find(app, id) {
      const request = await find(id)
      return request?.app === app ? toRecord(request) : null
    },
    async attach(app, id, creator, addressee) {
      const request = await find(id)
      if (request === null || !mayRead(request, { app, creator })) return null
      const isOther = addressee !== null && subjectOf(addressee) !== subjectOf(askedFirst(request))
      if (isOther) throw otherBody()
      return toRecord(await codes.ready(request))
    },
    async isCreator(app, id, secret) {
      const request = await requests.find(id)
      const fits = same(request?.creatorSecretHash ?? hashToken(''), hashToken(secret))
      return fits && request?.app === app
    },
    newestOf: (conversationIds) => requests.newestOf(conversationIds),
    onProgress(listener) {
      progressed.add(listener)
      return () => void progressed.delete(listener)
    },
    async wait(id, ms, signal) {
      let seen = null as StoredRequest | null
      const read = async () => {
        // An operator who deletes what is pending has canceled it first.
        const gone = seen === null ? null : ({ ...seen, status: 'canceled' } as const)
        seen = (await find(id)) ?? gone
        if (seen === null) throw noSuchRequest()
        return seen.status === 'pending' ? null : seen
      }
      return toRecord((await waits.until(id, read, ms, signal)) ?? seen ?? (await get(id)))
    },
    async cancel(id) {
      const canceled = await requests.end(id, { status: 'canceled' }, now())
      if (canceled !== null) changed(canceled)
      return toRecord(canceled ?? (await get(id)))
    },
    async claim(id, claimant) {
      const claimed = await requests.claim(id, now(), claimant)
      return claimed === null ? null : toRecord(claimed)
    },
    get waiting() {
      return waits.count
    },
    async start() {
      expiry.start()
      upkeep.start()
      await deliveries.start()
    },
    async close() {
      deaf()
      await Promise.all([waits.close(), expiry.close(), deliveries.close(), upkeep.close()])
    },
  }
}

/** [AR3] What was asked with the key is read with the key. */
const mayRead = (request: StoredRequest, { app, creator }: Pick<CreateRequest, 'app' | 'creator'>): boolean =>
  request.app === app && (creator.kind === 'key' || request.creator === 'anyone')

const otherBody = () => new ChatError('conflict', 'authentication_request_id: used with another body')

const noSuchRequest = () => new ChatError('not-found', 'there is no such authentication request')

const outcomesOf = (app: string) => `outcomes of ${app}`
