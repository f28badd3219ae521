/** `<chat-widget-closed>`: in the composer's place when the conversation is closed, with its rating. */
import { rateConversation } from '@chat-widget/client/conversations'
import { ChatError, type ConversationId, LIMITS, type OwnConversation } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/closed.ts'
import { buttonStyles } from '../elements/button.styles.ts'
import { PanelElement } from '../elements/panel-element.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { closedStyles } from './chat-closed.styles.ts'
import { goTo, useClient } from './use-client.ts'

/** Names of the ratings from 1 to 5. */
const RATINGS = ['rating1', 'rating2', 'rating3', 'rating4', 'rating5'] as const

const star = (isFull: boolean) =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true" class=${isFull ? 'full' : ''}>
    <path d="M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.8-5.2 2.8 1-5.8-4.2-4.1 5.8-.8Z"></path>
  </svg>`

/** One that another device was first with is a rating as well. */
const wasRated = (error: unknown): void => {
  if (!(error instanceof ChatError && error.code === 'already-answered')) throw error
}

/** The visitor wants to write in it all the same. */
const REOPEN = 'chat-reopen'

export class ChatClosed extends TemplateElement {
  static override css = buttonStyles + closedStyles
  static override defaults = {
    conversation: null,
    rated: 0,
    isWriting: false,
    openElsewhere: null,
    rating: 0,
    stage: 'asking',
  } satisfies Partial<ChatClosed>

  declare conversation: OwnConversation | null
  /** The rating that the conversation has; 0: none. */
  declare rated: number
  /** True while the composer stands below. */
  declare isWriting: boolean
  /** The open conversation of a visitor who may have one. */
  declare openElsewhere: ConversationId | null
  /** 0: none chosen yet. */
  declare rating: number
  declare stage: 'asking' | 'sending' | 'failed' | 'thanked'

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.start')?.focus(options)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('conversation') === undefined) return
    if (changed.get('conversation')?.id === this.conversation?.id) return
    this.rating = 0
    this.stage = 'asking'
  }

  protected override render(): unknown {
    const strings = partStrings(english, this.words)
    const { openElsewhere, rating, stage, rated } = this
    // One main button at a time.
    const start = rating === 0 || stage === 'thanked' || rated > 0 ? 'button start' : 'button quiet start'
    return html`<section aria-label=${strings.closedNotice}>
      ${this.#rating()}
      <p>${strings.closedNotice}</p>
      ${
        openElsewhere === null
          ? html`<button type="button" class=${start} @click=${() => this.#go((client) => client.newConversation())}>
                ${strings.startAnother}</button
              >${
                this.isWriting
                  ? nothing
                  : html`<button type="button" class="link" @click=${() => this.dispatchEvent(new Event(REOPEN, { bubbles: true }))}>
                      ${strings.writeAgain}
                    </button>`
              }`
          : html`<button type="button" class=${start} @click=${() => this.#go((client) => client.showConversation(openElsewhere))}>
              ${strings.goToOpen}
            </button>`
      }
    </section>`
  }

  #rating() {
    const strings = partStrings(english, this.words)
    const { rating, stage, rated } = this
    const given = rated || (stage === 'thanked' ? rating : 0)
    const name = RATINGS[given - 1]
    if (name !== undefined)
      return html`<div class="stars given" role="img" aria-label=${strings[name]}>
          ${RATINGS.map((_, index) => star(index < given))}
        </div>
        <p class="thanks" role="status">${stage === 'thanked' ? strings.rateThanks : nothing}</p>`
    return html`<form @submit=${this.#send}>
      <fieldset>
        <legend>${strings.rateQuestion}</legend>
        <div class="stars">
          ${RATINGS.map(
            (name, index) =>
              html`<label title=${strings[name]}
                ><input
                  type="radio"
                  name="rating"
                  aria-label=${strings[name]}
                  .value=${`${index + 1}`}
                  .checked=${rating === index + 1}
                  @change=${() => {
                    this.rating = index + 1
                  }} />${star(index < rating)}</label
              >`,
          )}
        </div>
      </fieldset>
      ${
        rating === 0
          ? nothing
          : html`<label class="words"
                >${strings.rateWords}<textarea rows="2" maxlength=${LIMITS.ratingTextLength} dir="auto"></textarea></label
              ><button type="submit" class="button" ?disabled=${stage === 'sending'}>${strings.rateSend}</button>`
      }
      <p class="bad" role="status">${stage === 'failed' ? strings.rateFailed : nothing}</p>
    </form>`
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault()
    const { conversation, rating } = this
    if (conversation === null || rating === 0 || this.stage === 'sending') return
    const text = this.renderRoot.querySelector('textarea')?.value ?? ''
    this.stage = 'sending'
    const rated = useClient<unknown>(this, (client) =>
      rateConversation(client, conversation.id, { rating, text }),
    )
    const stage = await rated.catch(wasRated).then(
      () => 'thanked' as const,
      () => 'failed' as const,
    )
    // Another conversation may be shown by now.
    if (this.conversation?.id !== conversation.id) return
    const hadFocus = this.renderRoot.activeElement !== null
    this.stage = stage
    await this.updateComplete
    if (hadFocus && stage === 'thanked') this.focus()
  }

  #go(work: Parameters<typeof goTo>[1]): void {
    goTo(this, work).catch(() => {})
  }
}

PanelElement.define('chat-widget-closed', ChatClosed)

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-closed': ChatClosed
  }
}
