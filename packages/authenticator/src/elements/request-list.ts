/** [AR13] All requests, above the page; those that are over stay for a while and are then removed. */
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import { css, html } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import type { RequestView } from '../device/device-state.ts'
import { base } from '../styles/base.styles.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { icons } from './icons.ts'
import { StringsElement } from './strings-element.ts'

/** Further delay while somebody points at the list or has the focus in it. Milliseconds. */
const HELD_MS = 2_000

export class RequestList extends StringsElement {
  static override properties = {
    client: { attribute: false },
    views: { attribute: false },
    lingerMs: { attribute: false },
  }

  static override styles = [
    base,
    css`
      section {
        display: grid;
        gap: 1rem;
      }

      h2 {
        margin-block-end: -0.25rem;
      }

      .none {
        display: flex;
        align-items: center;
        gap: 1rem;
      }

      .none svg {
        inline-size: 2rem;
        block-size: 2rem;
        color: var(--accent);
      }

      .none p:first-child {
        font-weight: 600;
      }
    `,
  ]

  declare client: AuthenticatorClientApi | null
  declare views: readonly RequestView[]
  /** Time for which ended requests stay. Milliseconds. Default 12 000. */
  declare lingerMs: number
  readonly #timers = new Map<AuthenticationRequestId, ReturnType<typeof setTimeout>>()

  constructor() {
    super()
    this.client = null
    this.views = []
    this.lingerMs = 12_000
    new FocusKeeper(this, 'h2')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  protected override updated(): void {
    const ids = new Set(this.views.map(({ request }) => request.id))
    for (const { request, progress } of this.views)
      if (progress.kind === 'over' && !this.#timers.has(request.id))
        this.#dismissIn(request.id, this.lingerMs)
    for (const [id, timer] of this.#timers) {
      if (ids.has(id)) continue
      clearTimeout(timer)
      this.#timers.delete(id)
    }
  }

  override render() {
    const { strings, views } = this
    return html`<section aria-labelledby="heading">
      <h2 id="heading" tabindex="-1">${strings.requests.heading}</h2>
      ${views.length === 0 ? this.#none() : null}
      ${repeat(
        views,
        ({ request }) => request.id,
        (view) => html`<request-card
          id=${view.request.id}
          .strings=${strings}
          .client=${this.client}
          .view=${view}
        ></request-card>`,
      )}
    </section>`
  }

  #none() {
    const { none, noneHint } = this.strings.requests
    return html`<div class="card none">
      ${icons.shield}
      <div>
        <p>${none}</p>
        <p class="soft small">${noneHint}</p>
      </div>
    </div>`
  }

  /** Waits while the pointer or the focus is on the list: the next click would hit whatever moved up. */
  #dismissIn(id: AuthenticationRequestId, ms: number): void {
    const due = () => {
      const card = [...this.renderRoot.querySelectorAll('request-card')].find((one) => one.id === id)
      if (this.matches(':hover') || card?.matches(':focus-within'))
        this.#dismissIn(id, Math.min(HELD_MS, this.lingerMs))
      else this.client?.dismiss(id)
    }
    this.#timers.set(id, setTimeout(due, ms))
  }
}
