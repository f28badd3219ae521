/** `<chat-widget-banner>`: problems of connection, sign-in and storage that the visitor must know about. */
import type { ConnectionState, IdentityState, LoginRequest } from '@chat-widget/client'
import type { PropertyValues } from 'lit'
import { litPart } from '../lit.ts'
import { bannerStyles } from './chat-banner.styles.ts'
import { type KeyedChild, keepChildren, make, place } from './dom.ts'
import { PanelElement } from './panel-element.ts'

/** Loaded with the first identity that has ended. */
const signInAgain = litPart(() => import('./sign-in-again.ts'))

/** Delay before a lost connection is shown: one that is back sooner is not worth it. Milliseconds. */
export const SHOW_AFTER_MS = 1_000

/** Key of the part that offers to sign in again. */
const AGAIN = 'again'

/** A sentence, created again when it changes. */
const line = (text: string, busy = false): KeyedChild => [
  text,
  () =>
    make(
      'div',
      { className: 'banner', part: 'banner' },
      make('span', { className: busy ? 'dot busy' : 'dot' }),
      make('span', {}, text),
    ),
]

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
    if (this.#wait) this.#startWaiting()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#hadFocus = this.#focused
    const { status } = this.identity
    if (status === 'reauthentication-required') this.#isSuccessPending = true
    else if (status === 'anonymous' || !changed.has('identity')) this.#isSuccessPending = false
    if (!changed.has('connection') && !changed.has('identity')) return
    if (this.#wait) this.#startWaiting()
    else this.#stopWaiting()
  }

  /** Moves the focus into the chat when the focused button is removed. */
  protected override updated(): void {
    if (this.#hadFocus && !this.#focused) ((this.getRootNode() as ShadowRoot).host as HTMLElement).focus()
  }

  protected override draw(): void {
    const status = keepChildren(this.renderRoot, [['status', () => make('div', { role: 'status' })]])
    // Identity, connection and storage are shown side by side: none hides another.
    const parts = keepChildren(status.get('status') as HTMLElement, [
      this.#aboutIdentity(),
      this.#aboutConnection(),
      this.memoryOnly && line(this.words.strings.memoryOnly),
    ])
    const again = parts.get(AGAIN)
    if (again) signInAgain.part?.drawSignInAgain(again, this)
  }

  #aboutIdentity(): KeyedChild {
    const { words, identity, problem } = this
    if (identity.status === 'reauthentication-required')
      // Sentence and buttons are drawn together, so that they are announced once; if their file is lost, the sentence alone.
      return this.need(signInAgain) ? place(AGAIN) : signInAgain.isLost && line(words.strings.reauthenticate)
    if (problem !== null) return line(problem)
    const { loginDone } = words.strings
    return (
      this.#isSuccessPending &&
      identity.status === 'identified' && [loginDone, () => make('span', { className: 'sr' }, loginDone)]
    )
  }

  #aboutConnection(): KeyedChild {
    const { words, identity, connection, problem } = this
    if (connection.status === 'offline') return line(words.strings.offline)
    // A connection that is being made is shown only if there is no other problem.
    if (problem !== null || identity.status === 'reauthentication-required') return null
    const text =
      (this.impatient && this.#wait) || (identity.status === 'signing-out' && words.strings.signingOut)
    return text && line(text, true)
  }

  /** Sentence for what is waited for. */
  get #wait(): string | false {
    const { status } = this.connection
    const { strings } = this.words
    if (status === 'connecting' || status === 'reconnecting') return strings[status]
    return this.identity.status === 'authenticating' && strings.signingIn
  }

  get #focused(): boolean {
    return this.shadowRoot?.activeElement != null
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
