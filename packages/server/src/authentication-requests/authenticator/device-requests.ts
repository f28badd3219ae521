/** Requests by identifier, as the devices of the person who is asked see and decide them ([AR13]). */
import {
  type AppId,
  AUTHENTICATION_REQUEST_LIMITS,
  type AuthenticationRequestId,
  type DeviceAnswerClaims,
} from '@chat-widget/protocol'
import type {
  AuthenticationRequestRecord,
  AuthenticationRequestStorage,
  SignedAnswer,
  StoredRequest,
} from '../../storage/authentication-request-storage.ts'
import type { Decision, DecisionOutcome } from '../authentication-requests.ts'
import { toRecord } from '../request-record.ts'

const { wrongCodes: WRONG_CODES } = AUTHENTICATION_REQUEST_LIMITS

export interface AskedRequest {
  readonly record: AuthenticationRequestRecord
  /** Kind of caller that made it. */
  readonly creator: StoredRequest['creator']
  readonly identifier: string
  /** Wrong codes left before it locks; `null` without binding. */
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
  /** Pending, and to be shown to this person's devices. Oldest first. */
  pendingOf(identifier: string): Promise<readonly AskedRequest[]>
  /** In whatever state; `null` for one that no device was ever to be shown. */
  findAsked(id: AuthenticationRequestId): Promise<AskedRequest | null>
  /**
   * Shows this person's devices a request whose code they scanned: the first who does is asked. `false` where it is
   * somebody else's or over, or where its app may not ask them.
   */
  openByDevice(id: AuthenticationRequestId, identifier: string): Promise<boolean>
  /** `unknown`: not of this person, or the device that signed was removed meanwhile, or has another key. */
  decideByDevice(decision: DeviceDecision): Promise<DecisionOutcome>
  /** The person wants nothing of the app any more: what is pending reaches nobody ([AR12]). */
  withdraw(identifier: string, app: AppId): Promise<void>
}

export interface DeviceRequestsOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'pendingFor' | 'give'>
  /** As it is by now, also where a timer is late. */
  readonly find: (id: AuthenticationRequestId) => Promise<StoredRequest | null>
  readonly decide: (
    request: StoredRequest,
    decision: Decision,
    mutes: boolean,
    signed: SignedAnswer,
  ) => Promise<StoredRequest | null>
  /** `null` where the code is right, or none is needed ([AR2]). */
  readonly refusalOf: (
    request: StoredRequest,
    decision: Decision,
    code: string | null,
  ) => Promise<DecisionOutcome | null>
  readonly reachesNobody: (request: StoredRequest) => Promise<void>
  readonly isReachable: (request: StoredRequest) => Promise<boolean>
  /** Tells of a request that is new to somebody, or over. */
  readonly changed: (request: StoredRequest) => void
  readonly now: () => number
}

export function createDeviceRequests(options: DeviceRequestsOptions): DeviceRequests {
  const { requests, find, refusalOf, decide, reachesNobody, isReachable, changed, now } = options
  const pendingFor = (identifier: string) => requests.pendingFor(identifier, now())

  return {
    async pendingOf(identifier) {
      return (await pendingFor(identifier)).flatMap((request) => toAsked(request) ?? [])
    },
    async findAsked(id) {
      const request = await find(id)
      return request === null ? null : toAsked(request)
    },
    async openByDevice(id, identifier) {
      const request = await find(id)
      if (request === null || request.status !== 'pending') return false
      if (toAsked(request)?.identifier === identifier) return true
      const theirs = { ...request, addressee: { kind: 'identifier', identifier } } as const
      if (request.addressee.kind !== 'scan' || !(await isReachable(theirs))) return false
      const given = await requests.give(id, identifier, now())
      if (given === null) return false
      if (given.replaced !== null) changed(given.replaced)
      changed(given.request)
      return true
    },
    async decideByDevice({ id, identifier, decision, mutes, signed, code }) {
      const request = await find(id)
      const asked = request === null ? null : toAsked(request)
      if (request === null || asked?.identifier !== identifier) return { kind: 'unknown' }
      if (request.status !== 'pending') return asOver(request)
      const refusal = await refusalOf(request, decision, code)
      if (refusal !== null) return refusal
      const decided = await decide(request, decision, mutes, signed)
      if (decided !== null) return { kind: 'decided', record: toRecord(decided) }
      const after = await find(id)
      // Nobody was faster: it is the device that does not count any more.
      return after === null || after.status === 'pending' ? { kind: 'unknown' } : asOver(after)
    },
    async withdraw(identifier, app) {
      for (const request of await pendingFor(identifier))
        if (request.app === app) await reachesNobody(request)
    },
  }
}

export const codesLeft = ({ wrongCodes }: Pick<StoredRequest, 'wrongCodes'>): number =>
  WRONG_CODES - wrongCodes

export const asOver = ({ status, isLocked }: StoredRequest) => ({ kind: 'over', status, isLocked }) as const

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
