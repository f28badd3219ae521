/** Progress of the visitor's newest login inside the chat ([AR16]); changes are announced politely. */
import type { ConversationLogin } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { type LoginTone, loginWords } from '../format/login-words.ts'
import { clockTime, dayKey, fullTime } from '../format/time.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

const ICONS: Readonly<Record<LoginTone, unknown>> = {
  waiting: icons.clock,
  good: icons.check,
  bad: icons.warning,
  plain: icons.close,
}

export class LoginProgress extends WordsElement {
  static override properties = { login: { attribute: false } }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        flex: none;
        min-inline-size: 0;
      }

      p {
        display: flex;
        align-items: baseline;
        gap: 0.375rem;
        padding: 0.375rem 1.25rem;
        border-block-end: 1px solid var(--line);
        font-size: 0.75rem;
        line-height: 1.125rem;
        overflow-wrap: anywhere;
      }

      svg {
        inline-size: 0.875rem;
        block-size: 0.875rem;
        translate: 0 0.125rem;
      }

      .plain,
      time {
        color: var(--ink-soft);
      }

      .good svg,
      .good .outcome {
        color: var(--good);
      }

      .bad svg,
      .bad .outcome {
        color: var(--bad);
      }

      .text {
        min-inline-size: 0;
      }

      time {
        flex: none;
        margin-inline-start: auto;
        font-variant-numeric: tabular-nums;
      }

      @media (max-width: 47.5rem) {
        p {
          padding-inline: 0.875rem;
        }
      }
    `,
  ]

  declare login: ConversationLogin | null

  constructor() {
    super()
    this.login = null
  }

  override render() {
    return html`<div role="status">${this.login === null ? nothing : this.#progress(this.login)}</div>`
  }

  #progress({ method, status, at }: ConversationLogin) {
    const { text, tone } = loginWords(status)
    const isToday = dayKey(at) === dayKey(new Date().toISOString())
    return html`<p class=${tone}>
      ${ICONS[tone]}
      <span class="text">${words().login[method]} <span class="outcome">${text}</span></span>
      <time datetime=${at} title=${fullTime(at)}>${isToday ? clockTime(at) : fullTime(at)}</time>
    </p>`
  }
}
