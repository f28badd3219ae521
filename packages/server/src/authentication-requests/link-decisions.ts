/** Decisions by link or device: binding codes, and the content of a link's page ([AR1], [AR2]). */
import { AUTHENTICATION_REQUEST_LIMITS } from '@chat-widget/protocol'
import { hashToken } from '../identity/session-token.ts'
import type {
  AuthenticationRequestStorage,
  StoredRequest,
} from '../storage/authentication-request-storage.ts'
import { asciiDigits } from '../text/ascii-digits.ts'
import type { Decision, DecisionOutcome, LinkDecision, LinkView } from './authentication-requests.ts'
import type { RequestEndings } from './request-endings.ts'
import type { RequestLookup } from './request-lookup.ts'
import type { RequestNews } from './request-news.ts'
import { asOver, codesLeft, toRecord } from './request-record.ts'
import type { RequestSecrets } from './request-secrets.ts'

const { wrongCodes: WRONG_CODES, bindingDigits: BINDING_DIGITS } = AUTHENTICATION_REQUEST_LIMITS

export interface LinkDecisionsOptions {
  readonly requests: Pick<AuthenticationRequestStorage, 'findByLink' | 'countWrongCode'>
  readonly secrets: RequestSecrets
  readonly lookup: RequestLookup
  readonly endings: RequestEndings
  readonly news: RequestNews
  readonly now: () => number
}

export class LinkDecisions {
  readonly #options: LinkDecisionsOptions

  constructor(options: LinkDecisionsOptions) {
    this.#options = options
  }

  async view(token: string): Promise<LinkView> {
    const { requests, secrets, now } = this.#options
    const request = await requests.findByLink(hashToken(token))
    if (request === null || request.isReplaced) return { kind: 'unknown' }
    if (request.status !== 'pending') return asOver(request)
    // Not stored here: looking changes nothing ([AR1]).
    if (request.expiresAt <= now()) return { kind: 'over', status: 'expired', isLocked: false }
    return {
      kind: 'pending',
      record: toRecord(request),
      nonce: secrets.nonce(token),
      codesLeft: request.binding === 'code' ? codesLeft(request) : null,
    }
  }

  async decide({ token, nonce, mutes, code, ...wanted }: LinkDecision): Promise<DecisionOutcome> {
    const { requests, secrets, lookup, endings, now } = this.#options
    const request = await requests.findByLink(hashToken(token))
    if (request === null || request.isReplaced || !secrets.isNonce(token, nonce)) return { kind: 'unknown' }
    const over = async () => asOver(await lookup.get(request.id))
    if (request.status !== 'pending' || request.expiresAt <= now()) return over()
    const decision = mutes ? 'denied' : wanted.decision
    const refusal = await this.refusalOf(request, decision, code)
    if (refusal !== null) return refusal
    const decided = await endings.decide(request, decision, { mutes })
    return decided === null ? over() : { kind: 'decided', record: toRecord(decided) }
  }

  /** Resolves with `null` if the code is right, or none is needed. */
  async refusalOf(
    request: StoredRequest,
    decision: Decision,
    code: string | null,
  ): Promise<DecisionOutcome | null> {
    if (decision !== 'approved' || request.binding !== 'code') return null
    const { requests, secrets, lookup, news, now } = this.#options
    const digits = asciiDigits(code ?? '')
    if (digits.length !== BINDING_DIGITS) return { kind: 'no-code', codesLeft: codesLeft(request) }
    if (secrets.isBindingCode(request.id, digits)) return null
    const counted = await requests.countWrongCode(request.id, WRONG_CODES, now())
    if (counted !== null) news.changed(counted)
    if (counted?.status === 'pending') return { kind: 'wrong-code', codesLeft: codesLeft(counted) }
    return asOver(await lookup.get(request.id))
  }
}
