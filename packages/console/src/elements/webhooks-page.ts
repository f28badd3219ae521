/** Webhooks of the apps that one manages, and their deliveries that wait or were given up. */
import type { AgentState, AgentWebhooks } from '@chat-widget/client/agent'
import {
  type AppId,
  LIMITS,
  plainName,
  type WebhookDeliveryInfo,
  type WebhookInfo,
} from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { fullTime } from '../format/time.ts'
import { problemText, triesText, webhookErrorText } from '../format/webhook-words.ts'
import { hashOfConversation } from '../routing/hash-route.ts'
import { base } from '../styles/base.styles.ts'
import { segmentStyles } from '../styles/segments.styles.ts'
import { words } from '../words/words.ts'
import { pageStyles } from './page.styles.ts'
import { pageHeader } from './page-header.ts'
import { webhooksStyles } from './webhooks-page.styles.ts'
import { WordsElement } from './words-element.ts'

type Shown = 'given-up' | 'waiting'

/** Deliveries that the page holds: the others are listed by the command. */
const MOST = 1_000

/** The number stands at the end in every language. */
const counted = (words: (count: number) => string, count: number): string =>
  count > LIMITS.countedDeliveries ? `${words(LIMITS.countedDeliveries)}+` : words(count)

export class WebhooksPage extends WordsElement {
  static override properties = {
    webhooks: { attribute: false },
    apps: { attribute: false },
    infos: { state: true },
    shown: { state: true },
    deliveries: { state: true },
    cursor: { state: true },
    state: { state: true },
    sent: { state: true },
  }

  static override styles = [base, segmentStyles, pageStyles, webhooksStyles]

  declare webhooks: AgentWebhooks | null
  declare apps: AgentState['apps']
  declare protected infos: readonly WebhookInfo[] | null
  declare protected shown: Shown
  declare protected deliveries: readonly WebhookDeliveryInfo[]
  declare protected cursor: string | null
  declare protected state: 'loading' | 'loaded' | { readonly problem: string }
  /** Number of deliveries that the last request has sent again. */
  declare protected sent: number | null
  /** Number of the latest load: an earlier one that answers later is not shown. */
  #load = 0

  constructor() {
    super()
    this.webhooks = null
    this.apps = []
    this.infos = null
    this.shown = 'given-up'
    this.deliveries = []
    this.cursor = null
    this.state = 'loading'
    this.sent = null
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('webhooks')) void this.#reload()
  }

  focusHeading(): void {
    this.renderRoot.querySelector('h2')?.focus()
  }

  override render() {
    const { webhooks } = words()
    const { infos, state, sent } = this
    return html`${pageHeader(webhooks.title)}
      <div class="scroll">
        <div class="column">
          ${infos === null ? nothing : this.#webhooks(infos)}
          ${infos === null || (infos.length === 0 && this.#isEmpty) ? nothing : this.#deliveries()}
          <p role="status">${sent === null ? nothing : webhooks.sentAgain(sent)}</p>
          <div role="alert">${typeof state === 'object' ? html`<p class="problem">${state.problem}</p>` : nothing}</div>
          ${state === 'loading' ? html`<p class="soft" role="status">${words().loading}</p>` : this.#more()}
        </div>
      </div>`
  }

  get #isEmpty(): boolean {
    return this.deliveries.length === 0 && this.shown === 'given-up'
  }

  #webhooks(infos: readonly WebhookInfo[]) {
    const { webhooks } = words()
    if (infos.length === 0)
      return html`<div class="empty">
        <p class="name">${webhooks.empty}</p>
        <p class="soft">${webhooks.emptyHint}</p>
      </div>`
    return html`<ul role="list" aria-label=${webhooks.title}>
      ${infos.map(
        (info) => html`<li>
          <div class="who">
            <p class="name"><bdi dir="ltr">${info.address}</bdi></p>
            <p class="soft">
              ${this.apps.length > 1 ? html`<bdi>${this.#nameOf(info.app)}</bdi> · ` : nothing}<bdi dir="ltr"
                >${info.events.join(', ')}</bdi
              >
            </p>
          </div>
          ${this.#counts(info)}
        </li>`,
      )}
    </ul>`
  }

  #counts({ waiting, failing, givenUp }: WebhookInfo) {
    const { webhooks } = words()
    const fresh = waiting - failing
    if (waiting + givenUp === 0) return html`<p class="badge good">${webhooks.idle}</p>`
    return html`<p class="badges">
      ${fresh > 0 ? html`<span class="badge">${counted(webhooks.waitingCount, fresh)}</span>` : nothing}
      ${failing > 0 ? html`<span class="badge warn">${counted(webhooks.failingCount, failing)}</span>` : nothing}
      ${givenUp > 0 ? html`<span class="badge bad">${counted(webhooks.givenUpCount, givenUp)}</span>` : nothing}
    </p>`
  }

  #deliveries() {
    const { webhooks } = words()
    const { deliveries, shown } = this
    const none = shown === 'waiting' ? webhooks.noWaiting : webhooks.noGivenUp
    return html`<section aria-labelledby="deliveries">
      <div class="head">
        <div class="who">
          <h3 id="deliveries" tabindex="-1">${webhooks.deliveries}</h3>
          <p class="soft">${webhooks.note}</p>
        </div>
        <fieldset @change=${this.#choose}>
          <legend class="visually-hidden">${words().list.show}</legend>
          ${(['given-up', 'waiting'] as const).map(
            (one) =>
              html`<label
                ><input type="radio" name="shown" value=${one} .checked=${shown === one} /><span
                  >${one === 'waiting' ? webhooks.waiting : webhooks.givenUp}</span
                ></label
              >`,
          )}
        </fieldset>
        ${
          shown === 'given-up' && deliveries.length > 0
            ? html`<button type="button" class="button" @click=${() => void this.#replay(null)}>
                ${webhooks.sendAll}
              </button>`
            : nothing
        }
      </div>
      ${
        deliveries.length === 0
          ? this.state === 'loaded'
            ? html`<p class="soft">${none}</p>`
            : nothing
          : html`<ul role="list" aria-labelledby="deliveries">
              ${deliveries.map((delivery) => this.#item(delivery))}
            </ul>`
      }
    </section>`
  }

  #item(delivery: WebhookDeliveryInfo) {
    const { webhooks, conversation } = words()
    const { id, event, conversationId, at, address, app, problem, state } = delivery
    return html`<li>
      <div class="who">
        <p>
          <bdi class="name" dir="ltr">${event}</bdi> · <time datetime=${at}>${fullTime(at)}</time>${
            conversationId === null
              ? nothing
              : html` · <a href=${hashOfConversation(conversationId)}>${conversation}</a>`
          }
        </p>
        <p class="soft">
          ${this.apps.length > 1 ? html`<bdi>${this.#nameOf(app)}</bdi> · ` : nothing}<bdi dir="ltr">${address}</bdi>
        </p>
        <p class="soft">
          ${problem === null ? nothing : html`<strong class="problem">${problemText(problem)}</strong> · `}${triesText(delivery)}
        </p>
      </div>
      ${
        state === 'under-way'
          ? nothing
          : html`<button
              type="button"
              class="button"
              aria-label=${`${webhooks.sendAgain}: ${event}, ${fullTime(at)}`}
              @click=${() => void this.#replay(id)}
            >
              ${webhooks.sendAgain}
            </button>`
      }
    </li>`
  }

  #more() {
    const isFailed = typeof this.state === 'object'
    if (!isFailed && (this.cursor === null || this.deliveries.length >= MOST)) return nothing
    return html`<div>
      <button
        type="button"
        class="button"
        @click=${() => void (isFailed ? this.#reload() : this.#next())}
      >
        ${isFailed ? words().tryAgain : words().webhooks.more}
      </button>
    </div>`
  }

  #nameOf(id: AppId): string {
    return plainName(this.apps.find((app) => app.id === id)?.name ?? id)
  }

  #choose = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return
    this.shown = target.value === 'waiting' ? 'waiting' : 'given-up'
    this.sent = null
    this.deliveries = []
    this.cursor = null
    void this.#reload()
  }

  /** Both lists anew, from the first page on. */
  #reload(): Promise<void> {
    return this.#attempt(async (webhooks) => {
      const [infos, page] = await Promise.all([webhooks.list(), webhooks.deliveries(this.shown, null)])
      return () => {
        this.infos = infos
        this.deliveries = page.deliveries
        this.cursor = page.cursor
      }
    })
  }

  #next(): Promise<void> {
    return this.#attempt(async (webhooks) => {
      const page = await webhooks.deliveries(this.shown, this.cursor)
      return () => {
        const known = new Set(this.deliveries.map(({ id }) => id))
        this.deliveries = [...this.deliveries, ...page.deliveries.filter(({ id }) => !known.has(id))]
        this.cursor = page.cursor
      }
    })
  }

  async #replay(id: string | null): Promise<void> {
    this.sent = null
    await this.#attempt(async (webhooks) => {
      const sent = await webhooks.replay(id)
      return () => {
        this.sent = sent
      }
    })
    if (this.sent === null) return
    // Its button is gone.
    this.renderRoot.querySelector<HTMLElement>('#deliveries')?.focus()
    await this.#reload()
  }

  /** Does what `work` resolves with, unless something else was asked for meanwhile. */
  async #attempt(work: (webhooks: AgentWebhooks) => Promise<() => void>): Promise<void> {
    const { webhooks } = this
    if (webhooks === null) return
    this.#load += 1
    const load = this.#load
    this.state = 'loading'
    try {
      const take = await work(webhooks)
      if (load !== this.#load) return
      take()
      this.state = 'loaded'
    } catch (error) {
      if (load === this.#load) this.state = { problem: webhookErrorText(error) }
    }
  }
}
