/** The approval page's HTML for each state. It works without a script, so it has none. */
import { AUTHENTICATION_REQUEST_LIMITS } from '@chat-widget/protocol'
import type { LinkView } from '../../authentication-requests/authentication-requests.ts'
import { formatDistance, formatTime, type RequestStrings } from '../../authentication-requests/locale.ts'
import { type RequestFacts, requestFacts } from '../../authentication-requests/request-facts.ts'
import { type Html, html } from '../../text/html.ts'
import { htmlPage } from '../../text/html-page.ts'

export type PendingView = Extract<LinkView, { kind: 'pending' }>

export interface PageOptions {
  readonly strings: RequestStrings
  readonly stylesheet: string
}

export interface PendingOptions extends PageOptions {
  readonly appName: string
  readonly now: number
  readonly problem: PendingProblem | null
}

/** Reasons for showing the page again, without a decision. */
export type PendingProblem =
  | { readonly kind: 'code-missing' }
  | { readonly kind: 'code-wrong'; readonly codesLeft: number }
  | { readonly kind: 'outdated' }

export type Mark = 'good' | 'bad' | 'plain'

const { bindingDigits } = AUTHENTICATION_REQUEST_LIMITS

/** The page of a pending request: who asks, verified facts, claims, and the three answers. */
export function pendingPage(view: PendingView, options: PendingOptions): Html {
  const { strings, appName, problem } = options
  const facts = requestFacts(view.record, appName)
  const title = `${strings.question} · ${facts.app}`
  return page(
    problem === null ? title : strings.errorPrefix(title),
    options,
    html`
    <main>
      ${problem !== null && problemSummary(problem, strings)}
      <p class="app"><bdi>${facts.app}</bdi></p>
      <h1>${strings.question}</h1>
      <p>${strings.asks(facts.app, facts.addressee)}</p>
      ${known(facts, options)}
      ${claims(facts, strings)}
      <p class="advice">${strings.advice}</p>
      <form method="post" novalidate autocomplete="off">
        <input type="hidden" name="nonce" value="${view.nonce}">
        ${view.record.binding === 'code' && codeField(problem, view.codesLeft, strings)}
        <div class="answers">
          <button name="decision" value="approve">${strings.approve}</button>
          <button name="decision" value="deny" class="deny">${strings.deny}</button>
        </div>
        <div class="mute">
          <button name="decision" value="mute" aria-describedby="mute-hint">${strings.mute}</button>
          <p id="mute-hint">${strings.muteHint(facts.app)}</p>
        </div>
      </form>
    </main>`,
  )
}

interface Outcome {
  readonly title: string
  readonly text: string
}

/** The page of an outcome: what happened, and what to do now. */
export const outcomePage = (outcome: Outcome, mark: Mark, options: PageOptions): Html =>
  page(outcome.title, options, outcomeMain(outcome, mark))

/** Its content. */
export const outcomeMain = ({ title, text }: Outcome, mark: Mark): Html => html`
    <main class="outcome">
      ${markOf(mark)}
      <h1>${title}</h1>
      <p>${text}</p>
    </main>`

const page = (title: string, { strings, stylesheet }: PageOptions, main: Html): Html =>
  htmlPage({ title, language: new Intl.Locale(strings.locale).language, dir: strings.dir, stylesheet }, main)

function known(facts: RequestFacts, { strings, now }: PendingOptions): Html {
  const when = (at: number) => html`<time datetime="${new Date(at).toISOString()}">
          ${formatDistance(at, now, strings)} <span>${formatTime(at, strings)}</span></time>`
  return html`<dl>
        <div><dt>${strings.asked}</dt><dd>${when(facts.askedAt)}</dd></div>
        <div><dt>${strings.validUntil}</dt><dd>${when(facts.expiresAt)}</dd></div>
      </dl>`
}

function claims(facts: RequestFacts, strings: RequestStrings): Html {
  const { title, note } = facts.heading(strings)
  return html`<section class="claims" aria-labelledby="claims">
        <h2 id="claims">${title}</h2>
        <p>${note}</p>
        <dl>${facts.claims(strings).map(
          ({ label, value }) => html`
          <div><dt>${label}</dt><dd><bdi>${value}</bdi></dd></div>`,
        )}
        </dl>
      </section>`
}

function codeField(problem: PendingProblem | null, codesLeft: number | null, strings: RequestStrings): Html {
  const wrong = problem !== null && problem.kind !== 'outdated'
  const triesSaid = !wrong && codesLeft !== null && codesLeft < AUTHENTICATION_REQUEST_LIMITS.wrongCodes
  return html`<div class="code">
          <label for="code">${strings.codeLabel}</label>
          <p id="code-hint">${strings.codeHint(bindingDigits)}${triesSaid && ` ${strings.codesLeft(codesLeft)}`}</p>
          ${wrong && html`<p id="code-error" class="error">${problemText(problem, strings)}</p>`}
          <input id="code" name="code" type="text" dir="ltr" inputmode="numeric" autocomplete="one-time-code"
            autocapitalize="off" spellcheck="false" maxlength="20"
            aria-describedby="${wrong && 'code-error '}code-hint"${wrong && html` aria-invalid="true"`}>
        </div>`
}

function problemSummary(problem: PendingProblem, strings: RequestStrings): Html {
  const text = problemText(problem, strings)
  return html`<div class="summary" role="alert" tabindex="-1" autofocus>
        <h2>${strings.errorHeading}</h2>
        <p>${problem.kind === 'outdated' ? text : html`<a href="#code">${text}</a>`}</p>
      </div>`
}

function problemText(problem: PendingProblem, strings: RequestStrings): string {
  switch (problem.kind) {
    case 'code-missing':
      return strings.codeMissing(bindingDigits)
    case 'code-wrong':
      return `${strings.codeWrong} ${strings.codesLeft(problem.codesLeft)}`
    case 'outdated':
      return strings.outdated
  }
}

function markOf(mark: Mark): Html {
  return html`<svg class="mark ${mark}" viewBox="0 0 56 56" fill="none" stroke="currentColor" stroke-width="3"
        stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
        <circle cx="28" cy="28" r="25"/>${SHAPES[mark]}
      </svg>`
}

const SHAPES: Readonly<Record<Mark, Html>> = {
  good: html`<path d="m17 29 8 8 15-17"/>`,
  bad: html`<path d="M28 16v15m0 8v.5"/>`,
  plain: html`<path d="M18 28h20"/>`,
}
