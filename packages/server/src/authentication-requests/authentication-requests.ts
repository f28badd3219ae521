/** The state machine of authentication requests. HTTP routes, pages and devices all use it. */
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
  /** The id that the caller gave, or `null`. */
  readonly id: AuthenticationRequestId | null
  readonly addressee: Asked
  readonly claims: CallerClaims
  readonly binding: BindingMode
  readonly lifetimeSeconds: number
  readonly creator: Creator
  /** A secret that the creator made; by default the service makes one. */
  readonly secret?: string | undefined
}

export interface CreatedRequest {
  readonly record: AuthenticationRequestRecord
  /** The secret of a request that this call made; `null` if it attached to a running one. */
  readonly creatorSecret: string | null
  /** The code to show, if `binding` is `code` and the request is pending; also if the call attached. */
  readonly bindingCode: string | null
}

/** The state behind a link in a mail, read without changing anything ([AR1]). */
export type LinkView =
  /** No such link, or one of a request that was replaced. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'pending'
      readonly record: AuthenticationRequestRecord
      /** Sent with the form: a POST without it decides nothing. */
      readonly nonce: string
      /** Wrong codes left before the request locks; `null` without binding. */
      readonly codesLeft: number | null
    }
  /** `locked`: after too many wrong codes. */
  | { readonly kind: 'over'; readonly status: AuthenticationRequestStatus; readonly isLocked: boolean }

export type Decision = 'approved' | 'denied'

export interface LinkDecision {
  readonly token: string
  readonly nonce: string
  readonly decision: Decision
  /** As typed; only digits count. Anything but six digits costs no try. */
  readonly code: string | null
  /** "I didn't ask for this": denies, and mutes the app's requests to the addressee ([AR7]). */
  readonly mutes: boolean
}

export type DecisionOutcome =
  | { readonly kind: 'decided'; readonly record: AuthenticationRequestRecord }
  /** The input cannot be a code, so it cost no try. */
  | { readonly kind: 'no-code'; readonly codesLeft: number }
  | { readonly kind: 'wrong-code'; readonly codesLeft: number }
  /** Ended, by this decision or an earlier one. */
  | { readonly kind: 'over'; readonly status: AuthenticationRequestStatus; readonly isLocked: boolean }
  | { readonly kind: 'unknown' }

export interface AuthenticationRequests {
  /**
   * Makes a request and has it delivered, or attaches to the running one of the same id and body. Rejects with
   * `conflict` for the same id with another body, `rate-limited` over a limit of [AR7]. Takes the same time and answers
   * the same whether an addressee is known, unknown, muted or not connected ([AR6]).
   */
  create(request: CreateRequest): Promise<CreatedRequest>
  find(app: AppId, id: AuthenticationRequestId): Promise<AuthenticationRequestRecord | null>
  /**
   * Finds a request for a caller who knows its id, which is as hard to guess as a token. Resolves with `null` for one
   * of another app, of the chat, or of a caller with a key where this one has none ([AR3]). Rejects with `conflict` for
   * another addressee.
   */
  attach(
    app: AppId,
    id: AuthenticationRequestId,
    creator: Creator,
    addressee: Asked | null,
  ): Promise<AuthenticationRequestRecord | null>
  /** True if the secret is the creator's. */
  isCreator(app: AppId, id: AuthenticationRequestId, secret: string): Promise<boolean>
  /**
   * Resolves with the record once it is decided; after `ms`, or when the signal aborts, with the record as it is then.
   */
  wait(id: AuthenticationRequestId, ms: number, signal: AbortSignal): Promise<AuthenticationRequestRecord>
  /** Idempotent; a decided request stays as it is. */
  cancel(id: AuthenticationRequestId): Promise<AuthenticationRequestRecord>
  /** Changes nothing. */
  viewLink(token: string): Promise<LinkView>
  decideByLink(decision: LinkDecision): Promise<DecisionOutcome>
  /**
   * Claims an approval, once: the first claim wins, any other and any claim of a request that is not approved is `null`
   * ([AR4], [AR9]). With a `claimant`, which only the winner can know, a repeated claim gets the same answer.
   */
  claim(id: AuthenticationRequestId, claimant?: string): Promise<AuthenticationRequestRecord | null>
  /** The cursor before the app's outcomes of the last `agoMs` milliseconds. */
  cursorBefore(app: AppId, agoMs: number): Promise<string>
  /** Outcomes of an app after a cursor (`''`: from the beginning). Waits up to `waitMs` milliseconds for the first. */
  events(
    app: AppId,
    after: string,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<{
    readonly events: readonly { readonly cursor: string; readonly record: AuthenticationRequestRecord }[]
    readonly cursor: string
    /** Time of the look; milliseconds since the epoch. */
    readonly at: number
  }>
  /** Number of callers that wait now. */
  readonly waiting: number
  close(): Promise<void>
}

/**
 * Asks people, in the background. The built-in provider delivers a link, and this server's own page decides; any other
 * provider fetches decisions that were made elsewhere.
 */
export interface AuthenticationRequestProvider {
  /**
   * Resolves with `pending` when the person has been asked, or with an outcome that is there at once. Called again for
   * the same request after a failure or a restart, which must not ask the person twice. Rejects with `DeliveryRefused`
   * if trying again is of no use; any other error is retried until the request is over.
   */
  ask(request: ProvidedRequest): Promise<AuthenticationRequestStatus>
  /**
   * Waits some seconds for the decision about a request that was asked; called again after `pending`. Only for
   * providers whose decisions are made elsewhere. `approved` and `denied` are signed and told as the addressee's own
   * decision: return them only with proof, for this request and this addressee ([AR9]).
   */
  follow?(request: ProvidedRequest): Promise<AuthenticationRequestStatus>
}

export interface ProvidedRequest {
  readonly record: AuthenticationRequestRecord
  /** Makes the approval page's absolute address; it contains the link's token, so never log it ([AR5]). */
  readonly link: () => Promise<string>
  /** Aborts when the request is over. */
  readonly signal: AbortSignal
  /** With binding `code`, if another server makes the digits: the value given to `showCode`; `null` after a restart. */
  readonly code: string | null
  /** Tells the request's creator the digits that the person will be asked for, once they are asked ([AR2]). */
  readonly showCode: (code: string) => void
}

/** Brings a request to its addressee. */
export interface RequestDelivery {
  /**
   * Resolves when delivered. Rejects with `DeliveryRefused` if trying again is of no use; any other error is retried
   * until the request is over, and then it is `errored`.
   */
  deliver(delivery: {
    readonly record: AuthenticationRequestRecord
    /** Absolute address of the approval page; it contains the link's token, so never log it ([AR5]). */
    readonly link: string
    readonly signal: AbortSignal
  }): Promise<void>
}

export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused'
}
