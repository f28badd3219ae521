/** Storage of authentication requests, and its guarantees for any database. */
import type {
  Addressee,
  AppId,
  Asked,
  AuthenticationRequestId,
  AuthenticationRequestStatus,
  BindingMode,
  ConversationId,
  DeviceId,
  DevicePublicKey,
} from '@chat-widget/protocol'

export interface AuthenticationRequestRecord {
  readonly id: AuthenticationRequestId
  readonly app: AppId
  readonly addressee: Asked
  readonly status: AuthenticationRequestStatus
  /** As the caller made them; the approver is told that they are claims ([AR8]). */
  readonly claims: CallerClaims
  readonly binding: BindingMode
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly decidedAt: number | null
  /** Time of its end, or at which it was found to be past it; `null` while it is pending. */
  readonly endedAt: number | null
  /** The verified person who decided; `null` until approved or denied. */
  readonly subject: string | null
  /** Compact JWS of `DecisionClaims`; `null` until approved or denied. */
  readonly response: string | null
  /** True if an approval was claimed: it is valid for one sign-in ([AR4]). */
  readonly isConsumed: boolean
  /** Canceled by too many wrong codes ([AR2]). */
  readonly isLocked: boolean
  /** True if a visitor's device asked in the chat; then this server made the claims. */
  readonly isFromChat: boolean
}

export interface CallerClaims {
  readonly applicationTitle: string
  readonly userName: string | null
  readonly userIp: string | null
  readonly userOrigin: string | null
}

/** The creator of a request, who may read and cancel it. */
export type Creator =
  /** Without a key: known by the secret. */
  | { readonly kind: 'anyone'; readonly ip: string }
  /** By an API key of the app. */
  | { readonly kind: 'key'; readonly ip: string }
  /** From the chat: known by the secret. `visitor`: key under which one visitor's requests are counted. */
  | {
      readonly kind: 'visitor'
      readonly ip: string
      readonly visitor: string
      readonly conversationId: ConversationId | null
    }

export interface StoredRequest extends AuthenticationRequestRecord {
  readonly creator: Creator['kind']
  /** True if it is for the person who scans its code, also once someone has. */
  readonly isScan: boolean
  /** Only the creator has the secret itself. */
  readonly creatorSecretHash: string
  /** `failed`: it will not reach the addressee, which a creator without a key must not learn ([AR6]). */
  readonly delivery: 'owed' | 'delivered' | 'failed'
  readonly wrongCodes: number
  /** Canceled by a later request of the same kind of caller for the same addressee ([AR7]). */
  readonly isReplaced: boolean
  /** The conversation in which the visitor asked, in the chat. */
  readonly conversationId: ConversationId | null
  /** The answer signed by the deciding device, as evidence ([AR13]); `null` without one. */
  readonly answer: string | null
}

export interface NewRequest
  extends Pick<
    AuthenticationRequestRecord,
    'id' | 'app' | 'addressee' | 'claims' | 'binding' | 'createdAt' | 'expiresAt'
  > {
  readonly creator: Creator['kind']
  readonly creatorSecretHash: string
  /** Hash of the link that will be delivered. */
  readonly linkHash: string
  readonly conversationId: ConversationId | null
  /**
   * Gets the requests for this addressee and app since `countSince`, newest first; returns milliseconds to wait, or 0.
   */
  readonly mustWait: (made: readonly MadeRequest[]) => number
  readonly countSince: number
}

export interface MadeRequest {
  readonly at: number
  readonly creator: Creator['kind']
}

type CreateOutcome =
  | {
      readonly kind: 'created'
      readonly request: StoredRequest
      /** The earlier live request, by a caller of the same kind, which this one cancels. */
      readonly replaced: StoredRequest | null
    }
  | { readonly kind: 'exists'; readonly request: StoredRequest }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

export interface SignedAnswer {
  readonly device: DeviceId
  readonly publicKey: DevicePublicKey
  /** Compact JWS of `DeviceAnswerClaims`. */
  readonly answer: string
}

export type RequestEnd =
  | {
      readonly status: 'approved' | 'denied'
      readonly subject: string
      readonly response: string
      /** A device's decision; it counts if the device was not removed and still has this key. */
      readonly signed?: SignedAnswer
    }
  | { readonly status: Exclude<AuthenticationRequestStatus, 'pending' | 'approved' | 'denied'> }

export interface AuthenticationRequestStorage {
  /**
   * One transaction: looks up the id, counts, cancels the live one of the same addressee, app and kind of caller,
   * inserts, with the jobs that deliver and end it ([JB1]).
   */
  create(request: NewRequest): Promise<CreateOutcome>
  /**
   * Assigns a pending request to the first person who scans its code, and cancels their live one by a caller of the
   * same kind. Resolves with `null` if it was assigned before, or is over.
   */
  give(
    id: AuthenticationRequestId,
    identifier: string,
    at: number,
  ): Promise<{ readonly request: StoredRequest; readonly replaced: StoredRequest | null } | null>
  find(id: AuthenticationRequestId): Promise<StoredRequest | null>
  /**
   * Ends a pending request before its end time, and gives it its place among the app's outcomes, as every other end
   * does. Resolves with the request for the one caller that won, else with `null`.
   */
  end(id: AuthenticationRequestId, end: RequestEnd, at: number): Promise<StoredRequest | null>
  /**
   * As `end`, denied. In the same transaction, won or not, mutes the app for the addressee, for the kind of caller that
   * made the request ([AR7]).
   */
  denyAndMute(
    id: AuthenticationRequestId,
    end: Extract<RequestEnd, { readonly subject: string }>,
    at: number,
  ): Promise<StoredRequest | null>
  /** Counts a wrong code; the last one allowed cancels and locks. Resolves with `null` if it is no longer pending. */
  countWrongCode(id: AuthenticationRequestId, allowed: number, at: number): Promise<StoredRequest | null>
  /**
   * Claims an approval; `null` for all but the first, and for anything but an approval ([AR4]). The same claimant, if
   * given, gets the same answer again.
   */
  claim(id: AuthenticationRequestId, at: number, claimant?: string): Promise<StoredRequest | null>
  /** The newest request of each conversation that has one. */
  newestOf(conversationIds: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, StoredRequest>>
  /**
   * Ends a request that is past its end: `errored` if a creator with a key waits for a delivery that was not made, else
   * `expired`.
   */
  expire(id: AuthenticationRequestId, at: number): Promise<StoredRequest | null>
  /** Another link to a request, beside those it has. */
  addLink(id: AuthenticationRequestId, linkHash: string, at: number): Promise<void>
  findByLink(linkHash: string): Promise<StoredRequest | null>
  setDelivery(id: AuthenticationRequestId, delivery: 'delivered' | 'failed'): Promise<void>
  /** Pending and delivered requests for an identifier, not past their end. Oldest first. */
  pendingFor(identifier: string, at: number): Promise<readonly StoredRequest[]>
  isMuted(app: AppId, addressee: Addressee, creator: Creator['kind']): Promise<boolean>
  /** A place below those of all of the app's outcomes that ended at this time or later. */
  placeBefore(app: AppId, at: number): Promise<number>
  /**
   * Outcomes of an app with a place beyond `after`, ascending. Places grow in the order of commits: once a place could
   * be read, no lower one appears.
   */
  outcomes(
    app: AppId,
    after: number,
    limit: number,
  ): Promise<readonly { readonly place: number; readonly request: StoredRequest }[]>
}

export interface ServerKeyStorage {
  /** The value of this name: the first one offered, by any server, is kept for good. */
  keep(name: string, offered: string, at: number): Promise<string>
}
