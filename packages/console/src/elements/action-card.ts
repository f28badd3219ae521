/** An action in the message log: its name, its progress, and the company's answer. Only agents see it. */

import type { AgentActionRun } from '@chat-widget/client/agent'
import { canCopy, copyText } from '@chat-widget/client/browser'
import { html, nothing } from 'lit'
import { answerJson, answerText, runWords } from '../format/action-words.ts'
import { clockTime, fullTime } from '../format/time.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { actionCardStyles } from './action-card.styles.ts'
import { ReplyInsertEvent, RunDismissEvent } from './console-events.ts'
import { WordsElement } from './words-element.ts'

/** Longer answers are collapsed at first. */
const FOLDED_FROM_LINES = 14

/**
 * @event reply-insert - Insert the answer into the reply.
 * @event run-dismiss - Remove the card.
 */
export class ActionCard extends WordsElement {
  static override properties = {
    run: { attribute: false },
    copied: { state: true },
  }

  static override styles = [base, actionCardStyles]

  declare run: AgentActionRun | null
  declare protected copied: boolean

  constructor() {
    super()
    this.run = null
    this.copied = false
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('run')) this.copied = false
  }

  override render() {
    const { run } = this
    if (run === null) return nothing
    const { tone, label, about } = runWords(run)
    const json = answerJson(run)
    return html`<section aria-labelledby="name">
      <div class="head">
        <h3 id="name">${icons.action}<span class="visually-hidden">${words().run.action} </span><bdi>${run.name}</bdi></h3>
        <span class=${`label ${tone}`}>${label}</span>
        <time datetime=${run.startedAt} title=${fullTime(run.startedAt)}>${clockTime(run.startedAt)}</time>
      </div>
      ${about === null ? nothing : html`<p>${about}</p>`} ${json === null ? nothing : this.#answer(json)}
      <div class="foot">
        <span class="private">${icons.hidden}${words().run.onlyAgents}</span>
        ${json === null ? nothing : this.#uses(run, json)}
        ${
          run.state.status === 'running'
            ? nothing
            : html`<button
                type="button"
                class="link"
                @click=${() => this.dispatchEvent(new RunDismissEvent(run.runId))}
              >
                ${words().run.dismiss}
              </button>`
        }
      </div>
    </section>`
  }

  #answer(json: string) {
    const lines = json.split('\n').length
    const answer = html`<pre tabindex="0" role="group" aria-label=${words().run.answer} dir="ltr">${json}</pre>`
    return lines < FOLDED_FROM_LINES
      ? answer
      : html`<details>
          <summary>${words().run.lines(lines)}</summary>
          ${answer}
        </details>`
  }

  #uses(run: AgentActionRun, json: string) {
    return html`<button
        type="button"
        class="link"
        @click=${() => this.dispatchEvent(new ReplyInsertEvent(answerText(run)))}
      >
        ${words().run.use}
      </button>
      ${
        // Only pages of a secure origin may write to the clipboard.
        !canCopy()
          ? nothing
          : html`<button type="button" class="link" @click=${() => void this.#copy(json)}>
              ${this.copied ? words().run.copied : words().run.copy}
            </button>`
      }
      <span class="visually-hidden" role="status">${this.copied ? words().run.copiedAll : ''}</span>`
  }

  async #copy(json: string): Promise<void> {
    // Refused while the page is not in front; the button then keeps saying "Copy".
    this.copied = await copyText(json)
  }
}
