/** What an element is doing at the server, one thing at a time, and why the last one failed. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export class Acts implements ReactiveController {
  readonly #host: ReactiveControllerHost
  /** What is under way, by the name the element gave it. */
  pending: string | null = null
  problem: string | null = null

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {}

  /** Does nothing while something else is under way. `false` where it failed; `explain` says why in a sentence. */
  async run(name: string, act: () => Promise<void>, explain: (error: unknown) => string): Promise<boolean> {
    if (this.pending !== null) return false
    this.pending = name
    this.problem = null
    this.#host.requestUpdate()
    try {
      await act()
      return true
    } catch (error) {
      this.problem = explain(error)
      return false
    } finally {
      this.pending = null
      this.#host.requestUpdate()
    }
  }

  fail(problem: string | null): void {
    this.problem = problem
    this.#host.requestUpdate()
  }
}
