/** Keeps the focus on the page when an update removes the focused element. */
import type { ReactiveController, ReactiveElement } from 'lit'

export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveElement
  readonly #place: string
  #had = false

  /** `place`: selector, within the element, of the place that gets the focus instead. */
  constructor(host: ReactiveElement, place: string) {
    this.#host = host
    this.#place = place
    host.addController(this)
  }

  hostUpdate(): void {
    this.#had = this.#active !== null
  }

  hostUpdated(): void {
    if (this.#had && this.#active === null)
      this.#host.renderRoot.querySelector<HTMLElement>(this.#place)?.focus()
  }

  get #active(): Element | null {
    return this.#host.shadowRoot?.activeElement ?? null
  }
}
