/** `<chat-widget-banner>`: problems of connection, sign-in and storage that the visitor must know about. */
import type { ConnectionState, IdentityState, LoginRequest } from '@chat-widget/client'
import type { PropertyValues } from 'lit'
import { html, nothing } from 'lit/html.js'
import { onDemand } from '../on-demand.ts'
import { bannerStyles } from './chat-banner.styles.ts'
import { PanelElement } from './panel-element.ts'

/** Loaded with the first identity that has ended. */
const signInAgain = onDemand(() => import('./sign-in-again.ts'))

/** Delay before a lost connection is shown: one that is back sooner is not worth it. Milliseconds. */
export const SHOW_AFTER_MS = 1_000

/**
 * @csspart banner - The box, if there is something to say.
 */
export class ChatBanner extends PanelElement {
  static override css = bannerStyles
  static override defaults = {
    connection: { status: 'connected' },
    identity: { status: 'anonymous' },
    login: null,
    problem: null,
    memoryOnly: false,
    guestAllowed: false,
    impatient: false,
  } satisfies Partial<ChatBanner>

  declare connection: ConnectionState
  declare identity: IdentityState
  /** The newest tap on "Sign in again". */
  declare login: LoginRequest | null
  /** A sentence about a problem that is not fatal. */
  declare problem: string | null
  declare memoryOnly: boolean
  declare guestAllowed: boolean
  declare impatient: boolean
  #timer: ReturnType<typeof setTimeout> | undefined
  #hadFocus = false
  /** True from a request to sign in until the visitor was told that it worked. */
  #isSuccessPending = false

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopWaiting()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.#isBusy()) this.#startWaiting()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#hadFocus = this.#focused
    const { status } = this.identity
    if (status === 'reauthentication-required') this.#isSuccessPending = true
    else if (status === 'anonymous' || !changed.has('identity')) this.#isSuccessPending = false
    if (!changed.has('connection') && !changed.has('identity')) return
    if (!this.#isBusy()) this.#stopWaiting()
    else this.#startWaiting()
  }

  /** Moves the focus into the chat when the focused button is removed. */
  protected override updated(): void {
    if (this.#hadFocus && !this.#focused) ((this.getRootNode() as ShadowRoot).host as HTMLElement).focus()
  }

  protected override render() {
    return html`<div role="status">${this.#content()}</div>`
  }

  /** Identity, connection and storage are shown side by side: none hides another. */
  #content() {
    return [this.#aboutIdentity(), this.#aboutConnection(), this.#aboutStorage()]
  }

  #aboutIdentity() {
    const { words, identity, problem } = this
    if (identity.status === 'reauthentication-required') return this.#reauthentication()
    if (problem !== null) return this.#line(problem)
    if (this.#isSuccessPending && identity.status === 'identified')
      return html`<span class="sr">${words.strings.loginDone}</span>`
    return nothing
  }

  #aboutConnection() {
    const { words, identity, connection, problem } = this
    if (connection.status === 'offline') return this.#line(words.strings.offline)
    // A connection that is being made is shown only if there is no other problem.
    if (problem !== null || identity.status === 'reauthentication-required') return nothing
    if (this.impatient && connection.status === 'connecting')
      return this.#line(words.strings.connecting, true)
    if (this.impatient && connection.status === 'reconnecting')
      return this.#line(words.strings.reconnecting, true)
    if (identity.status === 'signing-out') return this.#line(words.strings.signingOut, true)
    if (this.impatient && identity.status === 'authenticating')
      return this.#line(words.strings.signingIn, true)
    return nothing
  }

  #aboutStorage() {
    return this.memoryOnly ? this.#line(this.words.strings.memoryOnly) : nothing
  }

  #line(text: string, busy = false) {
    return html`<div class="banner" part="banner">
      <span class=${busy ? 'dot busy' : 'dot'}></span><span>${text}</span>
    </div>`
  }

  /**
   * Sentence and buttons are rendered together, so that they are announced once; if their file is lost, the sentence
   * alone.
   */
  #reauthentication() {
    const part = this.need(signInAgain)
    if (part !== undefined) return part.signInAgain(this)
    return signInAgain.isLost ? this.#line(this.words.strings.reauthenticate) : nothing
  }

  get #focused(): boolean {
    return this.shadowRoot?.activeElement != null
  }

  #isBusy(): boolean {
    return (
      this.connection.status === 'connecting' ||
      this.connection.status === 'reconnecting' ||
      this.identity.status === 'authenticating'
    )
  }

  #startWaiting(): void {
    this.#timer ??= setTimeout(() => {
      this.impatient = true
    }, SHOW_AFTER_MS)
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.impatient = false
  }
}

PanelElement.define('chat-widget-banner', ChatBanner)
