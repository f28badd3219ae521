/** What the server keeps of authentication requests, and what any database behind it promises about them. */
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
  /** As the caller said it; the approver is told that it is the caller's word ([AR8]). */
  readonly claims: CallerClaims
  readonly binding: BindingMode
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly decidedAt: number | null
  /** When it reached its end, or was seen to be past it; `null` while it is pending. */
  readonly endedAt: number | null
  /** Who decided, verified; `null` until approved or denied. */
  readonly subject: string | null
  /** Compact JWS of `DecisionClaims`; `null` until approved or denied. */
  readonly response: string | null
  /** Whether an approval was claimed: it is good for one sign-in ([AR4]). */
  readonly isConsumed: boolean
  /** Canceled by too many wrong codes ([AR2]). */
  readonly isLocked: boolean
  /** Asked by a visitor's device in the chat: then the claims are what this server saw. */
  readonly isFromChat: boolean
}

export interface CallerClaims {
  readonly applicationTitle: string
  readonly userName: string | null
  readonly userIp: string | null
  readonly userOrigin: string | null
}

/** Who made a request, and may read and cancel it. */
export type Creator =
  /** Without a key: whoever holds the secret. */
  | { readonly kind: 'anyone'; readonly ip: string }
  /** By an API key of the app. */
  | { readonly kind: 'key'; readonly ip: string }
  /** From the chat: whoever holds the secret. `visitor` counts together what one visitor asks. */
  | {
      readonly kind: 'visitor'
      readonly ip: string
      readonly visitor: string
      readonly conversationId: ConversationId | null
    }

export interface StoredRequest extends AuthenticationRequestRecord {
  readonly creator: Creator['kind']
  /** Made for whoever scans its code, also once somebody has. */
  readonly isScan: boolean
  /** The secret itself is with the creator alone. */
  readonly creatorSecretHash: string
  /** `failed`: it will not reach the addressee, which a creator without a key must not learn ([AR6]). */
  readonly delivery: 'owed' | 'delivered' | 'failed'
  readonly wrongCodes: number
  /** Canceled by a later request of the same kind of caller for the same addressee ([AR7]). */
  readonly isReplaced: boolean
  /** Where the visitor asked, in the chat. */
  readonly conversationId: ConversationId | null
  /** What the device that decided signed, as evidence ([AR13]); `null` where none did. */
  readonly answer: string | null
}

export interface NewRequest
  extends Pick<
    AuthenticationRequestRecord,
    'id' | 'app' | 'addressee' | 'claims' | 'binding' | 'createdAt' | 'expiresAt'
  > {
  readonly creator: Creator['kind']
  readonly creatorSecretHash: string
  /** Of the link that will be delivered. */
  readonly linkHash: string
  readonly conversationId: ConversationId | null
  /** Takes the requests for this addressee and app since `countSince`, newest first; returns milliseconds to wait, or 0. */
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
      /** The live one before, by a caller of the same kind, which is canceled now. */
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
      /** Where a device decided: it counts if the device was not removed and still has this key. */
      readonly signed?: SignedAnswer
    }
  | { readonly status: Exclude<AuthenticationRequestStatus, 'pending' | 'approved' | 'denied'> }

export interface AuthenticationRequestStorage {
  /**
   * One transaction: looks the id up, counts, cancels the live one of the same addressee, app and kind of caller,
   * inserts.
   */
  create(request: NewRequest): Promise<CreateOutcome>
  /**
   * Gives a pending request that is for whoever scans its code to the first one who does, and cancels the live one that
   * they have by a caller of the same kind. `null` where it was given to somebody before, or is over.
   */
  give(
    id: AuthenticationRequestId,
    identifier: string,
    at: number,
  ): Promise<{ readonly request: StoredRequest; readonly replaced: StoredRequest | null } | null>
  find(id: AuthenticationRequestId): Promise<StoredRequest | null>
  /**
   * Ends a pending request that is not past its end, and gives it its place among the outcomes of the app, as does
   * everything else that ends one. Resolves for the one caller that won with the request, else with `null`.
   */
  end(id: AuthenticationRequestId, end: RequestEnd, at: number): Promise<StoredRequest | null>
  /**
   * As `end`, denied; in the same transaction, whether or not it won, mutes the app for the addressee, for the kind of
   * caller that made the request ([AR7]).
   */
  denyAndMute(
    id: AuthenticationRequestId,
    end: Extract<RequestEnd, { readonly subject: string }>,
    at: number,
  ): Promise<StoredRequest | null>
  /** Counts a wrong code; the last one allowed cancels and locks. `null` where it is not pending any more. */
  countWrongCode(id: AuthenticationRequestId, allowed: number, at: number): Promise<StoredRequest | null>
  /**
   * Takes an approval; `null` for all but the first, and for anything that is no approval ([AR4]). The same claimant
   * again, where there is one, gets the same answer.
   */
  claim(id: AuthenticationRequestId, at: number, claimant?: string): Promise<StoredRequest | null>
  /** The newest of each conversation that has one. */
  newestOf(conversationIds: readonly ConversationId[]): Promise<ReadonlyMap<ConversationId, StoredRequest>>
  /** Pending, and past their end. */
  due(at: number): Promise<readonly AuthenticationRequestId[]>
  /** Ends one that is due: `errored` where a creator with a key waits for a delivery still owed, else `expired`. */
  expire(id: AuthenticationRequestId, at: number): Promise<StoredRequest | null>
  /** The earliest end of what is pending. */
  nextExpiry(): Promise<number | null>
  /** Another link to a request, beside those it has. */
  addLink(id: AuthenticationRequestId, linkHash: string, at: number): Promise<void>
  findByLink(linkHash: string): Promise<StoredRequest | null>
  setDelivery(id: AuthenticationRequestId, delivery: 'delivered' | 'failed'): Promise<void>
  /** Pending, and not yet delivered: what a restarted server goes on with. Oldest first. */
  owed(): Promise<readonly StoredRequest[]>
  /** Of an app, pending, and delivered: what is decided elsewhere is followed again after a restart. Oldest first. */
  undecided(app: AppId): Promise<readonly StoredRequest[]>
  /** For an identifier: pending, not past their end, delivered. Oldest first. */
  pendingFor(identifier: string, at: number): Promise<readonly StoredRequest[]>
  isMuted(app: AppId, addressee: Addressee, creator: Creator['kind']): Promise<boolean>
  /** The place beyond which every outcome of the app lies that ended at this time or later. */
  placeBefore(app: AppId, at: number): Promise<number>
  /**
   * Outcomes of an app with a place beyond `after`, ascending. Places grow in the order of the commits: nothing with a
   * lower place appears after one with a higher place could be read.
   */
  outcomes(
    app: AppId,
    after: number,
    limit: number,
  ): Promise<readonly { readonly place: number; readonly request: StoredRequest }[]>
}

export interface ServerKeyStorage {
  /** The value of this name; of all that are offered, by any server, the first is kept for good. */
  keep(name: string, offered: string, at: number): Promise<string>
}
