/** Signs agents in on behalf of the console: state of the sign-in page, and the ways that the server offers. */
import type { AgentClientApi, AgentSession } from '@chat-widget/client/agent'
import type { ErrorCode, SignInMethods, SignInProblem } from '@chat-widget/protocol'
import { html, type ReactiveControllerHost } from 'lit'
import { errorText, signInErrorText } from '../format/error-text.ts'
import { hashOfConversation, signInProblemOfHash } from '../routing/hash-route.ts'
import { takeKeptAddress } from '../routing/kept-address.ts'
import { words } from '../words/words.ts'
import type { SignInEvent } from './console-events.ts'

type Host = ReactiveControllerHost & { readonly client: AgentClientApi | null }
type SignedOut = Extract<AgentSession, { readonly status: 'signed-out' }>

export class SignInController {
  readonly #host: Host
  #busy = false
  #error: string | null = null
  #problem: SignInProblem | null = null
  /** `null` until the server has told them. */
  #methods: SignInMethods | null = null

  constructor(host: Host) {
    this.#host = host
  }

  /** Reads from the address how a single sign-on ended, and asks the server for the ways to sign in. */
  async begin(): Promise<void> {
    this.#problem = signInProblemOfHash(location.hash)
    // Another visit of the page does not say it again.
    if (this.#problem !== null) history.replaceState(null, '', hashOfConversation(null))
    const unknown: SignInMethods = { passwords: 'all', issuer: null }
    this.#methods = (await this.#host.client?.signInMethods().catch(() => this.#methods)) ?? unknown
    this.#host.requestUpdate()
  }

  /** Takes a session that was begun in another window, unless this one is signing in. */
  lookAgain(): void {
    if (!this.#busy) void this.#host.client?.restore()
  }

  /** Goes back to the address from which a single sign-on led away. */
  end(): void {
    const kept = takeKeptAddress()
    if (kept !== null && ['', hashOfConversation(null)].includes(location.hash)) location.hash = kept
  }

  render(session: SignedOut) {
    if (this.#methods === null) return html`<p class="splash" role="status">${words().loading}</p>`
    return html`<sign-in-form
      .busy=${this.#busy}
      .error=${this.#error}
      .notice=${session.reason === undefined ? null : noticeOf(session.reason, session.kept ?? 0)}
      .methods=${this.#methods}
      .problem=${this.#problem}
      @console-sign-in=${this.#signIn}
    ></sign-in-form>`
  }

  #signIn = async ({ detail }: SignInEvent): Promise<void> => {
    this.#busy = true
    this.#error = null
    this.#problem = null
    this.#host.requestUpdate()
    try {
      await this.#host.client?.signIn(detail.email, detail.password)
    } catch (error) {
      this.#error = signInErrorText(error)
    } finally {
      this.#busy = false
      this.#host.requestUpdate()
    }
  }
}

const noticeOf = (reason: ErrorCode, kept: number) =>
  kept === 0 ? errorText(reason) : words().kept(errorText(reason))
