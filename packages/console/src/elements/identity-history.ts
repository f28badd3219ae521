/** [ID17] History of the visitor's identity, newest change first, updated while it is open. */
import type { IdentityTrace } from '@chat-widget/client/agent'
import type { IdentityTraceEntry } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { errorText } from '../format/error-text.ts'
import { causeWords, sourceWords, statusWords, wrongDeviceTime } from '../format/identity-words.ts'
import { clockTimeExact, dayKey, dayLabel, fullTime } from '../format/time.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { IdentityTraceShowEvent } from './console-events.ts'
import { identityHistoryStyles } from './identity-history.styles.ts'
import { WordsElement } from './words-element.ts'

/** @event identity-trace-show - The dialog was opened or closed. */
export class IdentityHistory extends WordsElement {
  static override properties = { trace: { attribute: false } }

  static override styles = [base, identityHistoryStyles]

  /** `null` until it is opened. */
  declare trace: IdentityTrace | null

  constructor() {
    super()
    this.trace = null
  }

  show(): void {
    this.dispatchEvent(new IdentityTraceShowEvent(true))
    this.#dialog?.showModal()
  }

  override render() {
    return html`<dialog
      aria-labelledby="title"
      aria-describedby="about"
      @close=${this.#closed}
      @keydown=${this.#keepEscape}
    >
      <header>
        <div>
          <h2 id="title">${words().history.title}</h2>
          <p id="about">${words().history.about}</p>
        </div>
        <button
          type="button"
          class="button quiet icon-only"
          aria-label=${words().history.close}
          @click=${() => this.#dialog?.close()}
        >
          ${icons.close}
        </button>
      </header>
      <div class="scroll" role="region" aria-labelledby="title" tabindex="0">${this.#body()}</div>
    </dialog>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  /** The event comes a frame later, when the dialog may be open again. */
  #closed = (): void => {
    if (this.#dialog?.open !== true) this.dispatchEvent(new IdentityTraceShowEvent(false))
  }

  /** Keeps Escape from closing anything around this dialog. */
  #keepEscape(event: KeyboardEvent): void {
    if (event.key === 'Escape') event.stopPropagation()
  }

  #body() {
    const trace = this.trace ?? { status: 'loading' }
    switch (trace.status) {
      case 'loading':
        return html`<p class="note" role="status">${words().history.loading}</p>`
      case 'failed':
        return html`<p class="note" role="alert">${errorText(trace.code)}</p>`
      case 'loaded':
        return trace.entries.length === 0
          ? html`<p class="note" role="status">${words().history.empty}</p>`
          : byDay(trace.entries).map((entries) => this.#day(entries))
      default:
        trace satisfies never
        return nothing
    }
  }

  #day(entries: readonly IdentityTraceEntry[]) {
    const [first] = entries
    if (first === undefined) return nothing
    return html`<section>
      <h3>${dayLabel(first.at, new Date())}</h3>
      <ol>
        ${entries.map((entry) => this.#entry(entry))}
      </ol>
    </section>`
  }

  #entry(entry: IdentityTraceEntry) {
    const deviceTime = wrongDeviceTime(entry)
    return html`<li class=${toneOf(entry)}>
      <time datetime=${entry.at}>${clockTimeExact(entry.at)}</time>
      <div>
        <p class="change">
          <span class="from">${statusWords(entry.from)}</span>
          <span class="arrow" aria-hidden="true">→</span>
          <span class="visually-hidden">${words().history.became}</span>
          ${statusWords(entry.to)}
        </p>
        <p>
          ${causeWords(entry.cause)}
          ${entry.code === undefined ? nothing : html`<code>${entry.code}</code>`}
        </p>
        <p class="about">
          <span>${sourceWords(entry)}</span>
          ${entry.source === 'server' ? nothing : html`<span>${words().history.tab} <code>${entry.tab}</code></span>`}
        </p>
        ${
          deviceTime === null
            ? nothing
            : html`<p class="about">
                <span>${words().history.clock} <time datetime=${deviceTime}>${fullTime(deviceTime)}</time></span>
              </p>`
        }
      </div>
    </li>`
  }
}

/** Groups entries by local day, newest first. */
function byDay(entries: readonly IdentityTraceEntry[]): readonly (readonly IdentityTraceEntry[])[] {
  const days: IdentityTraceEntry[][] = []
  for (const entry of [...entries].reverse()) {
    const day = days.at(-1)
    if (day?.[0] !== undefined && dayKey(day[0].at) === dayKey(entry.at)) day.push(entry)
    else days.push([entry])
  }
  return days
}

function toneOf({ to }: IdentityTraceEntry): string {
  if (to === 'identified') return 'good'
  return to === 'reauthentication-required' ? 'bad' : ''
}
