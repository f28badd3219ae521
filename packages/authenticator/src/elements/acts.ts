/** What an element is doing at the server, one thing at a time, and why the last one failed. */
import type { ReactiveControllerHost } from 'lit'

export class Acts {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>
  /** What is under way, by the name the element gave it. */
  pending: string | null = null
  problem: string | null = null

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host
  }

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
