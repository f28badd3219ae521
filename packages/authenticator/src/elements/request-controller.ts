/** An element's request to the server, one at a time, and the error of the last one. */
import type { ReactiveControllerHost } from 'lit'

export class RequestController {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>
  /** Name of the pending request, chosen by the element. */
  pending: string | null = null
  problem: string | null = null

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>) {
    this.#host = host
  }

  /**
   * Does nothing while another request is pending. Resolves with `false` if it failed; `explain` returns the error's
   * sentence.
   */
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
