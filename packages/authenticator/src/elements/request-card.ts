/** [AR8] [AR10] One request: who asks, verified facts, claims, and the answers; finally its outcome. */
import { AUTHENTICATION_REQUEST_LIMITS, type IncomingRequest } from '@chat-widget/protocol'
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import type { PersonAnswer, RequestEnd, RequestProgress, RequestView } from '../device/device-state.ts'
import { readDigits } from '../format/digits.ts'
import { codeText } from '../format/error-text.ts'
import { formatAge, formatCountdown, formatMoment } from '../format/time.ts'
import { base } from '../styles/base.styles.ts'
import { icons } from './icons.ts'
import { problemAlert } from './problem-alert.ts'
import { requestCardStyles } from './request-card.styles.ts'
import { StringsElement } from './strings-element.ts'

const { bindingDigits, wrongCodes } = AUTHENTICATION_REQUEST_LIMITS
const SECOND_MS = 1_000

export class RequestCard extends StringsElement {
  static override properties = {
    client: { attribute: false },
    view: { attribute: false },
    settleMs: { attribute: false },
    isSettled: { state: true },
    codeMissing: { state: true },
  }

  static override styles = [base, requestCardStyles]

  declare client: Pick<AuthenticatorClientApi, 'answer' | 'dismiss' | 'now'> | null
  declare view: RequestView | null
  /**
   * Time after it appeared for which it accepts no answer: a click may have been meant for what was there before.
   * Milliseconds. Default 500.
   */
  declare settleMs: number
  declare protected isSettled: boolean
  declare protected codeMissing: boolean
  #settling: ReturnType<typeof setTimeout> | undefined
  #ticking: ReturnType<typeof setInterval> | undefined
  #hadFocus = false

  constructor() {
    super()
    this.client = null
    this.view = null
    this.settleMs = 500
    this.isSettled = false
    this.codeMissing = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#settling = setTimeout(() => {
      this.isSettled = true
    }, this.settleMs)
    this.#ticking = setInterval(() => this.requestUpdate(), SECOND_MS)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#settling)
    clearInterval(this.#ticking)
  }

  protected override willUpdate(): void {
    this.#hadFocus = (this.shadowRoot?.activeElement ?? null) !== null
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('view') || this.view === null) return
    const { progress } = this.view
    if (progress.kind === 'over') clearInterval(this.#ticking)
    const before = changed.get('view')?.progress.kind
    // Focuses the outcome if the person answered here, so that a screen reader reads it.
    if (!this.#hadFocus || before === undefined || before === 'over') return
    if (progress.kind === 'over') this.renderRoot.querySelector<HTMLElement>('.end')?.focus()
    else if (progress.kind === 'open' && progress.problem?.kind === 'wrong-code') {
      const input = this.renderRoot.querySelector('input')
      input?.focus()
      input?.select()
    }
  }

  override render() {
    if (this.view === null) return nothing
    const { request, progress } = this.view
    return progress.kind === 'over' ? this.#over(request, progress.end) : this.#pending(request, progress)
  }

  #pending(request: IncomingRequest, progress: Exclude<RequestProgress, { kind: 'over' }>) {
    const { requests } = this.strings
    const { app } = request
    return html`<article class="card" aria-labelledby="app question">
      <header>
        <p class="app">
          <span class="mark" aria-hidden="true">${initialOf(app.name)}</span><bdi id="app">${app.name}</bdi>
        </p>
        <p class="timer">
          ${requests.validFor} <time>${formatCountdown(request.expiresAt - this.#now())}</time>
        </p>
      </header>
      <h3 id="question">${requests.question}</h3>
      <p>${requests.asks(app.name)}</p>
      ${this.#facts(request)}
      <p class="advice">${requests.advice}</p>
      ${this.#answers(request, progress)}
    </article>`
  }

  #facts({ claims, claimedBy, createdAt }: IncomingRequest) {
    const { requests } = this.strings
    const isClaimed = claimedBy === 'caller'
    const now = this.#now()
    const facts: readonly (readonly [string, string | null])[] = [
      [requests.applicationTitle, claims.applicationTitle],
      [requests.userName, claims.userName],
      [requests.userIp, claims.userIp],
      [requests.userOrigin, claims.userOrigin],
    ]
    return html`<dl>
        <div>
          <dt>${requests.asked}</dt>
          <dd>
            <time datetime=${new Date(createdAt).toISOString()} title=${formatMoment(createdAt, this.strings)}
              >${formatAge(createdAt, now, this.strings)}</time
            >
          </dd>
        </div>
      </dl>
      <section class="facts ${isClaimed ? 'claimed' : ''}" aria-labelledby="claims">
        <h4 id="claims">${isClaimed ? requests.claims : requests.seen}</h4>
        ${isClaimed ? html`<p>${requests.claimsNote}</p>` : nothing}
        <dl>
          ${facts.map(([label, value]) =>
            value === null
              ? nothing
              : html`<div>
                  <dt>${label}</dt>
                  <dd><bdi>${value}</bdi></dd>
                </div>`,
          )}
        </dl>
      </section>`
  }

  #answers(request: IncomingRequest, progress: Exclude<RequestProgress, { kind: 'over' }>) {
    const { requests, errors } = this.strings
    const answering = progress.kind === 'answering' ? progress.answer : null
    const isDenying = answering?.decision === 'denied'
    const problem = progress.kind === 'open' ? progress.problem : null
    const waits = answering !== null || !this.isSettled ? 'true' : 'false'
    const spinner = html`<span class="spinner" aria-hidden="true"></span>`
    return html`<form novalidate autocomplete="off" @submit=${this.#approve}>
      ${request.binding === 'code' ? this.#code(request, problem?.kind === 'wrong-code') : nothing}
      ${problemAlert(problem?.kind === 'failed' ? codeText(problem.code, this.strings, { 'server-unreachable': errors.notSent }) : null)}
      <div class="answers">
        <button class="button approve" aria-disabled=${waits}>
          ${answering?.decision === 'approved' ? html`${spinner}${requests.approving}` : requests.approve}
        </button>
        <button type="button" class="button deny" aria-disabled=${waits} @click=${() => this.#deny(false)}>
          ${isDenying ? html`${spinner}${requests.denying}` : requests.deny}
        </button>
      </div>
      <div class="mute">
        <button
          type="button"
          class="button"
          aria-disabled=${waits}
          aria-describedby="mute-hint"
          @click=${() => this.#deny(true)}
        >
          ${requests.mute}
        </button>
        <p id="mute-hint" class="soft small">${requests.muteHint(request.app.name)}</p>
      </div>
    </form>`
  }

  #code({ codesLeft }: IncomingRequest, isWrong: boolean): TemplateResult {
    const { requests } = this.strings
    const left = codesLeft !== null && codesLeft < wrongCodes ? requests.codesLeft(codesLeft) : ''
    const error = this.codeMissing
      ? requests.codeMissing(bindingDigits)
      : isWrong
        ? `${requests.codeWrong} ${left}`
        : null
    return html`<div class="code">
      <label for="code">${requests.codeLabel}</label>
      <p id="code-hint" class="soft small">
        ${requests.codeHint(bindingDigits)}${error === null && left !== '' ? ` ${left}` : ''}
      </p>
      <div id="code-error" role="alert">
        ${error === null ? nothing : html`<p class="error">${icons.warning}<span>${error}</span></p>`}
      </div>
      <input
        id="code"
        class="field"
        name="code"
        type="text"
        dir="ltr"
        inputmode="numeric"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        maxlength="20"
        aria-describedby="code-error code-hint"
        aria-invalid=${error === null ? 'false' : 'true'}
      />
    </div>`
  }

  #over({ id, app }: IncomingRequest, end: RequestEnd) {
    const { requests, dismiss } = this.strings
    const { title, text } = requests.ends[end]
    const [look, icon] = markOf(end)
    return html`<article class="card end" tabindex="-1" aria-labelledby="app end" aria-describedby="advice">
      <span class="icon ${look}">${icon}</span>
      <div>
        <p class="soft small"><bdi id="app">${app.name}</bdi></p>
        <h3 id="end">${title}</h3>
        <p id="advice" class="soft small">${text}</p>
      </div>
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${dismiss}
        aria-describedby="app end"
        @click=${() => this.client?.dismiss(id)}
      >
        ${icons.close}
      </button>
    </article>`
  }

  #now(): number {
    return this.client?.now() ?? Date.now()
  }

  #approve = (event: SubmitEvent): void => {
    event.preventDefault()
    if (this.view?.request.binding !== 'code') {
      this.#answer({ decision: 'approved' })
      return
    }
    const input = this.renderRoot.querySelector('input')
    const code = readDigits(input?.value ?? '')
    this.codeMissing = code.length !== bindingDigits
    // Input that cannot be the code costs no try.
    if (this.codeMissing) input?.focus()
    else this.#answer({ decision: 'approved', code })
  }

  #deny(mutes: boolean): void {
    this.codeMissing = false
    this.#answer({ decision: 'denied', mutes })
  }

  #answer(answer: PersonAnswer): void {
    if (this.isSettled && this.view !== null) void this.client?.answer(this.view.request.id, answer)
  }
}

const initialOf = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? ''

function markOf(end: RequestEnd): readonly ['good' | 'warn' | 'plain', TemplateResult] {
  switch (end) {
    case 'approved':
      return ['good', icons.check]
    case 'approved-elsewhere':
    case 'locked':
      return ['warn', icons.warning]
    case 'expired':
      return ['plain', icons.clock]
    case 'denied':
    case 'muted':
    case 'denied-elsewhere':
    case 'canceled':
    case 'gone':
      return ['plain', icons.minus]
  }
}
