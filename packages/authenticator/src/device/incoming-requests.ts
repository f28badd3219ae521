/** [AR13] This device's requests: pending, being answered, and ended. */
import type {
  AnswerOutcome,
  AuthenticationRequestId,
  AuthenticationRequestStatus,
  ErrorCode,
  IncomingRequest,
} from '@chat-widget/protocol'
import type { PersonAnswer, RequestEnd, RequestProgress, RequestView } from './device-state.ts'

const OPEN: RequestProgress = { kind: 'open', problem: null }

export interface IncomingRequestsOptions {
  /** By the server's clock. */
  readonly now: () => number
  readonly changed: () => void
}

export class IncomingRequests {
  readonly #options: IncomingRequestsOptions
  /** In order of arrival: a new request must not move an older one from under the pointer. */
  readonly #views = new Map<AuthenticationRequestId, RequestView>()
  /** This device's answers; the confirmation may come as an answer or as an event. */
  readonly #answers = new Map<AuthenticationRequestId, PersonAnswer>()
  /** Ends that were received while the reply to our own answer was pending. */
  readonly #ended = new Map<AuthenticationRequestId, AuthenticationRequestStatus>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: IncomingRequestsOptions) {
    this.#options = options
  }

  get views(): readonly RequestView[] {
    return [...this.#views.values()]
  }

  /** Replaces the pending requests. */
  replace(requests: readonly IncomingRequest[]): void {
    const pending = new Set(requests.map(({ id }) => id))
    for (const [id, { progress }] of this.#views)
      if (progress.kind === 'open' && !pending.has(id)) this.#end(id, 'gone')
    for (const request of requests) this.#put(request)
    this.#changed()
  }

  put(request: IncomingRequest): void {
    this.#put(request)
    this.#changed()
  }

  ended(id: AuthenticationRequestId, status: AuthenticationRequestStatus): void {
    const progress = this.#views.get(id)?.progress
    if (progress?.kind === 'answering') this.#ended.set(id, status)
    else if (progress?.kind === 'open') this.#end(id, endOf(status, this.#answers.get(id)))
    this.#changed()
  }

  /** Returns the request, unless it is being answered or is over: the second of two clicks does nothing. */
  begin(id: AuthenticationRequestId, answer: PersonAnswer): IncomingRequest | null {
    const view = this.#views.get(id)
    if (view?.progress.kind !== 'open') return null
    this.#answers.set(id, answer)
    this.#set(id, { kind: 'answering', answer })
    this.#changed()
    return view.request
  }

  finish(id: AuthenticationRequestId, outcome: AnswerOutcome): void {
    const view = this.#views.get(id)
    const answer = this.#answers.get(id)
    if (view === undefined) return
    switch (outcome.kind) {
      case 'decided':
        this.#end(id, outcome.status === 'denied' ? deniedBy(answer) : 'approved')
        break
      case 'wrong-code':
        // Nothing was decided: a later end is somebody else's decision.
        this.#answers.delete(id)
        this.#views.set(id, {
          request: { ...view.request, codesLeft: outcome.codesLeft },
          progress: { kind: 'open', problem: { kind: 'wrong-code' } },
        })
        this.#endAsTold(id)
        break
      case 'over':
        this.#end(id, outcome.isLocked ? 'locked' : endOf(outcome.status, answer))
        break
      default:
        outcome satisfies never
    }
    this.#changed()
  }

  /** The answer was refused, or no reply came; then it may have arrived all the same. */
  failed(id: AuthenticationRequestId, code: ErrorCode): void {
    if (!this.#views.has(id)) return
    this.#set(id, { kind: 'open', problem: { kind: 'failed', code } })
    // Muted or disconnected elsewhere, it is no longer this person's to answer.
    if (code === 'not-found') this.#end(id, 'gone')
    else this.#endAsTold(id)
    this.#changed()
  }

  dismiss(id: AuthenticationRequestId): void {
    if (this.#views.get(id)?.progress.kind !== 'over') return
    this.#forget(id)
    this.#changed()
  }

  clear(): void {
    this.#views.clear()
    this.#answers.clear()
    this.#ended.clear()
    clearTimeout(this.#timer)
  }

  #put(request: IncomingRequest): void {
    const known = this.#views.get(request.id)
    // An end is final; a list that was under way meanwhile does not undo it.
    if (known?.progress.kind === 'over') return
    this.#views.set(request.id, { request, progress: known?.progress ?? OPEN })
  }

  #set(id: AuthenticationRequestId, progress: RequestProgress): void {
    const view = this.#views.get(id)
    if (view !== undefined) this.#views.set(id, { ...view, progress })
  }

  #endAsTold(id: AuthenticationRequestId): void {
    const status = this.#ended.get(id)
    if (status !== undefined) this.#end(id, endOf(status, this.#answers.get(id)))
  }

  #end(id: AuthenticationRequestId, end: RequestEnd): void {
    this.#set(id, { kind: 'over', end })
    this.#answers.delete(id)
    this.#ended.delete(id)
  }

  #forget(id: AuthenticationRequestId): void {
    this.#views.delete(id)
    this.#answers.delete(id)
    this.#ended.delete(id)
  }

  #changed(): void {
    this.#expire()
    this.#options.changed()
  }

  /** Expires requests without an event of the server, which may be out of reach. */
  #expire(): void {
    clearTimeout(this.#timer)
    const now = this.#options.now()
    let next = Number.POSITIVE_INFINITY
    for (const [id, { request, progress }] of this.#views) {
      if (progress.kind !== 'open') continue
      if (request.expiresAt <= now) this.#end(id, 'expired')
      else next = Math.min(next, request.expiresAt - now)
    }
    if (next !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#changed(), next)
  }
}

function deniedBy(answer: PersonAnswer | undefined): RequestEnd {
  return answer?.decision === 'denied' && answer.mutes ? 'muted' : 'denied'
}

function endOf(status: AuthenticationRequestStatus, answer: PersonAnswer | undefined): RequestEnd {
  switch (status) {
    case 'approved':
      return answer?.decision === 'approved' ? 'approved' : 'approved-elsewhere'
    case 'denied':
      return answer?.decision === 'denied' ? deniedBy(answer) : 'denied-elsewhere'
    case 'expired':
    case 'canceled':
      return status
    case 'pending':
    case 'unauthorized':
    case 'errored':
      return 'gone'
  }
}
