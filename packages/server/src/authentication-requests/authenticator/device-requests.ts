/** Requests by identifier, as the devices of the addressee see and decide them ([AR13]). */
import type { AppId, AuthenticationRequestId, DeviceAnswerClaims } from '@chat-widget/protocol'
import type {
  AuthenticationRequestRecord,
  AuthenticationRequestStorage,
  SignedAnswer,
  StoredRequest,
} from '../../storage/authentication-request-storage.ts'
import type { DecisionOutcome } from '../authentication-requests.ts'
import type { LinkDecisions } from '../link-decisions.ts'
import type { RequestEndings } from '../request-endings.ts'
import type { RequestLookup } from '../request-lookup.ts'
import type { RequestNews } from '../request-news.ts'
import { asOver, codesLeft, toRecord } from '../request-record.ts'

export interface AskedRequest {
  readonly record: AuthenticationRequestRecord
  /** Kind of caller that made it. */
  readonly creator: StoredRequest['creator']
  readonly identifier: string
  /** Wrong codes left before the request locks; `null` without binding. */
  readonly codesLeft: number | null
}

interface DeviceDecision extends Pick<DeviceAnswerClaims, 'decision' | 'mutes'> {
  readonly id: AuthenticationRequestId
  readonly identifier: string
  readonly signed: SignedAnswer
  /** As typed; digits only count. */
  readonly code: string | null
}

export interface DeviceRequests {
  /** Pending requests that this person's devices may show, oldest first. */
  pendingOf(identifier: string): Promise<readonly AskedRequest[]>
  /** The request in any state; `null` if no device was ever to show it. */
  findAsked(id: AuthenticationRequestId): Promise<AskedRequest | null>
  /**
   * Shows this person's devices a request whose code they scanned: the first to scan it is asked. Resolves with `false`
   * if it is for another person or over, or if its app may not ask them.
   */
  openByDevice(id: AuthenticationRequestId, identifier: string): Promise<boolean>
  /** `unknown`: not a request of this person, or the signing device was removed meanwhile, or has another key. */
  decideByDevice(decision: DeviceDecision): Promise<DecisionOutcome>
  /** Ends pending requests of an app that the person disconnected from: they reach nobody ([AR12]). */
  withdraw(identifier: string, app: AppId): Promise<void>
}

export interface DeviceRequestsOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'pendingFor' | 'give'>
  readonly lookup: RequestLookup
  readonly links: LinkDecisions
  readonly endings: RequestEndings
  readonly isReachable: (request: StoredRequest) => Promise<boolean>
  readonly news: RequestNews
  readonly now: () => number
}

export function createDeviceRequests(options: DeviceRequestsOptions): DeviceRequests {
  const { requests, lookup, links, endings, isReachable, news, now } = options
  const pendingFor = (identifier: string) => requests.pendingFor(identifier, now())

  return {
    async pendingOf(identifier) {
      return (await pendingFor(identifier)).flatMap((request) => toAsked(request) ?? [])
    },
    async findAsked(id) {
      const request = await lookup.find(id)
      return request === null ? null : toAsked(request)
    },
    async openByDevice(id, identifier) {
      const request = await lookup.find(id)
      if (request === null || request.status !== 'pending') return false
      if (toAsked(request)?.identifier === identifier) return true
      const theirs = { ...request, addressee: { kind: 'identifier', identifier } } as const
      if (request.addressee.kind !== 'scan' || !(await isReachable(theirs))) return false
      const given = await requests.give(id, identifier, now())
      if (given === null) return false
      if (given.replaced !== null) news.changed(given.replaced)
      news.changed(given.request)
      return true
    },
    async decideByDevice({ id, identifier, decision, mutes, signed, code }) {
      const request = await lookup.find(id)
      const asked = request === null ? null : toAsked(request)
      if (request === null || asked?.identifier !== identifier) return { kind: 'unknown' }
      if (request.status !== 'pending') return asOver(request)
      const refusal = await links.refusalOf(request, decision, code)
      if (refusal !== null) return refusal
      const decided = await endings.decide(request, decision, { mutes, signed })
      if (decided !== null) return { kind: 'decided', record: toRecord(decided) }
      const after = await lookup.find(id)
      // No other decision came first: the device itself is no longer valid.
      return after === null || after.status === 'pending' ? { kind: 'unknown' } : asOver(after)
    },
    async withdraw(identifier, app) {
      for (const request of await pendingFor(identifier))
        if (request.app === app) await endings.failDelivery(request, 'unauthorized')
    },
  }
}

function toAsked(request: StoredRequest): AskedRequest | null {
  const { addressee, delivery, binding, creator } = request
  if (addressee.kind !== 'identifier' || delivery !== 'delivered') return null
  return {
    record: toRecord(request),
    creator,
    identifier: addressee.identifier,
    codesLeft: binding === 'code' ? codesLeft(request) : null,
  }
}
