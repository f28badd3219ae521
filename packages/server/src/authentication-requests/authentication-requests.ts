/** What every door, page and device builds on: the one state machine of authentication requests. */
import type {
  AppId,
  Asked,
  AuthenticationRequestId,
  AuthenticationRequestStatus,
  BindingMode,
} from '@chat-widget/protocol'
import type {
  AuthenticationRequestRecord,
  CallerClaims,
  Creator,
} from '../storage/authentication-request-storage.ts'

export interface CreateRequest {
  readonly app: AppId
  /** Given by the caller, or none. */
  readonly id: AuthenticationRequestId | null
  readonly addressee: Asked
  readonly claims: CallerClaims
  readonly binding: BindingMode
  readonly lifetimeSeconds: number
  readonly creator: Creator
  /** The creator's own, if they made one; else the service does. */
  readonly secret?: string | undefined
}

export interface CreatedRequest {
  readonly record: AuthenticationRequestRecord
  /** Of a request that this call made; `null` where it attached to a running one. */
  readonly creatorSecret: string | null
  /** For the initiator, with binding `code` and while pending; also where the call attached. */
  readonly bindingCode: string | null
}

/** What a link in a mail stands for, looked at without changing anything ([AR1]). */
export type LinkView =
  /** No such link, or of a request that was replaced. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'pending'
      readonly record: AuthenticationRequestRecord
      /** For the form: a POST without it decides nothing. */
      readonly nonce: string
      /** Wrong codes that are left before the request locks; `null` without binding. */
      readonly codesLeft: number | null
    }
  /** `locked`: too many wrong codes. */
  | { readonly kind: 'over'; readonly status: AuthenticationRequestStatus; readonly isLocked: boolean }

export type Decision = 'approved' | 'denied'

export interface LinkDecision {
  readonly token: string
  readonly nonce: string
  readonly decision: Decision
  /** As typed; digits only count, and what are not six of them costs no try. */
  readonly code: string | null
  /** "I didn't ask for this": denies, and mutes the addressee for this app ([AR7]). */
  readonly mutes: boolean
}

export type DecisionOutcome =
  | { readonly kind: 'decided'; readonly record: AuthenticationRequestRecord }
  /** What was given cannot be a code, so it cost no try. */
  | { readonly kind: 'no-code'; readonly codesLeft: number }
  | { readonly kind: 'wrong-code'; readonly codesLeft: number }
  /** By this decision or an earlier one. */
  | { readonly kind: 'over'; readonly status: AuthenticationRequestStatus; readonly isLocked: boolean }
  | { readonly kind: 'unknown' }

export interface AuthenticationRequests {
  /**
   * Makes a request and has it delivered, or attaches to the running one of the same id and body. Rejects with
   * `conflict` for the same id with another body, `rate-limited` over a limit of [AR7]. Takes the same time and answers
   * the same for addressees that are known, unknown, muted or not connected ([AR6]).
   */
  create(request: CreateRequest): Promise<CreatedRequest>
  find(app: AppId, id: AuthenticationRequestId): Promise<AuthenticationRequestRecord | null>
  /**
   * The request of this id, for whoever knows the id: it is as hard to guess as a token. `null` for one of another app,
   * of the chat, or of a caller with a key to one without ([AR3]). Rejects with `conflict` for another addressee.
   */
  attach(
    app: AppId,
    id: AuthenticationRequestId,
    creator: Creator,
    addressee: Asked | null,
  ): Promise<AuthenticationRequestRecord | null>
  /** Whether the secret is the creator's. */
  isCreator(app: AppId, id: AuthenticationRequestId, secret: string): Promise<boolean>
  /** Resolves with the record once it is decided, or after `ms`, or when the signal aborts, as it is then. */
  wait(id: AuthenticationRequestId, ms: number, signal: AbortSignal): Promise<AuthenticationRequestRecord>
  /** Idempotent; a decided request stays as it is. */
  cancel(id: AuthenticationRequestId): Promise<AuthenticationRequestRecord>
  /** Changes nothing. */
  viewLink(token: string): Promise<LinkView>
  decideByLink(decision: LinkDecision): Promise<DecisionOutcome>
  /**
   * Once: the first claim of an approval wins, every other and every claim of anything else is `null` ([AR4], [AR9]).
   * With a `claimant`, which only the winner can know, the same claim again is the same claim.
   */
  claim(id: AuthenticationRequestId, claimant?: string): Promise<AuthenticationRequestRecord | null>
  /** The cursor after which the app's outcomes of the last `agoMs` lie. */
  cursorBefore(app: AppId, agoMs: number): Promise<string>
  /** Outcomes of an app after a cursor (`''`: from the beginning), waiting up to `waitMs` for the first. */
  events(
    app: AppId,
    after: string,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<{
    readonly events: readonly { readonly cursor: string; readonly record: AuthenticationRequestRecord }[]
    readonly cursor: string
    /** When it was looked; milliseconds since the epoch. */
    readonly at: number
  }>
  /** Callers that wait now. */
  readonly waiting: number
  close(): Promise<void>
}

/**
 * Has people asked, in the background. The built-in provider delivers a link, and this server's own page decides; any
 * other brings decisions that were made elsewhere.
 */
export interface AuthenticationRequestProvider {
  /**
   * Resolves when the person has been asked (`pending`), or with what came of it at once. Called again for the same
   * request after a failure or a restart, which must not make the person be asked twice. Rejects with `DeliveryRefused`
   * where trying again is of no use; anything else is tried again until the request is over.
   */
  ask(request: ProvidedRequest): Promise<AuthenticationRequestStatus>
  /**
   * Only where decisions are made elsewhere: waits some seconds for the one about a request that was asked, and is
   * called again after `pending`. `approved` and `denied` are signed and told as the addressee's own decision, so they
   * are for what is proven to be one: of this request, by this addressee ([AR9]).
   */
  follow?(request: ProvidedRequest): Promise<AuthenticationRequestStatus>
}

export interface ProvidedRequest {
  readonly record: AuthenticationRequestRecord
  /** Absolute address of the approval page; holds the link's token, so it goes into no log ([AR5]). */
  readonly link: () => Promise<string>
  /** Aborts when the request is over. */
  readonly signal: AbortSignal
  /** With binding `code`, where the digits are not this server's: what `showCode` was given; `null` after a restart. */
  readonly code: string | null
  /** For whoever made the request, once it is asked: the digits that the person will be asked for ([AR2]). */
  readonly showCode: (code: string) => void
}

/** Brings a request to its addressee. */
export interface RequestDelivery {
  /**
   * Resolves when it is delivered. Rejects with `DeliveryRefused` where trying again is of no use; anything else is
   * tried again until the request is over, and then it is `errored`.
   */
  deliver(delivery: {
    readonly record: AuthenticationRequestRecord
    /** Absolute address of the approval page; holds the link's token, so it goes into no log ([AR5]). */
    readonly link: string
    readonly signal: AbortSignal
  }): Promise<void>
}

export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused'
}
