/** `<chat-widget-sign-in>`: asks the visitor for the person to ask, and shows the code meanwhile ([AR14]). */
import type { BuiltInLoginState } from '@chat-widget/client/built-in-login'
import { AUTHENTICATION_REQUEST_LIMITS, type BuiltInMethod, type MessageId } from '@chat-widget/protocol'
import type { PropertyValues } from 'lit'
import { english } from '../../locales/parts/sign-in.ts'
import { addStyles } from '../add-styles.ts'
import { buttonStyles } from '../elements/button.styles.ts'
import { TemplateElement } from '../elements/template-element.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { addressOf, shownAddress } from './address.ts'
import { shownCode, spelled } from './binding-code.ts'
import { besideSignInStyles, signInStyles } from './chat-sign-in.styles.ts'
import { minutesAndSeconds, secondsUntil } from './countdown.ts'
import { focusCard } from './focus-card.ts'
import { type Problem, problemOf, problemText } from './sign-in-problem.ts'

export interface SignInActions {
  ask(method: BuiltInMethod, address: string): Promise<void>
  resend(): Promise<void>
  cancel(): void
}

type Waiting = BuiltInLoginState & { status: 'waiting' }
type Step = 'none' | 'address' | 'code' | 'signing-in'

function stepOf({ status }: BuiltInLoginState): Step {
  switch (status) {
    case 'loading':
    case 'ended':
      return 'none'
    case 'idle':
    case 'asking':
      return 'address'
    case 'waiting':
      return 'code'
    case 'signing-in':
      return 'signing-in'
    default:
      return status satisfies never
  }
}

/**
 * @csspart sign-in - The sheet between messages and composer.
 * @csspart sign-in-input - Its text field.
 * @csspart sign-in-button - Its main button.
 * @csspart sign-in-code - The digits to be typed on the other device.
 */
export class ChatSignIn extends TemplateElement {
  static override css = buttonStyles + signInStyles
  static override defaults = {
    state: { status: 'loading' },
    methods: [],
    online: true,
    method: null,
    problem: null,
    said: '',
    now: 0,
  } satisfies Partial<ChatSignIn>

  declare state: BuiltInLoginState
  /** In the order in which they are offered. */
  declare methods: readonly BuiltInMethod[]
  declare online: boolean
  /** The visitor's choice; `null`: the first method. */
  declare method: BuiltInMethod | null
  declare problem: Problem | null
  /** Text for screen readers. */
  declare said: string
  /** Milliseconds since the epoch, at the last tick. */
  declare now: number
  actions: SignInActions | null = null
  #isAsking = false
  #wantsFocus = false
  #hadFocus = false
  #timer: ReturnType<typeof setInterval> | undefined
  #root: ShadowRoot | null = null
  /** Card that gets the focus when the sheet is removed; `undefined`: the focus was elsewhere. */
  #leavesFor: MessageId | null | undefined

  constructor() {
    super()
    this.addEventListener('keydown', this.#keydown)
  }

  /** Focuses the field, or the element in its place, once it is rendered. */
  override focus(): void {
    this.#wantsFocus = true
    this.#leavesFor = undefined
    this.requestUpdate()
  }

  /** Called before the sheet is removed: if it has the focus, that returns to the card of `messageId`. */
  leave(messageId: MessageId | null): void {
    this.#leavesFor = this.#focused ? messageId : undefined
    this.#wantsFocus = false
    this.#isAsking = false
    this.problem = null
    this.method = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#root = this.getRootNode() as ShadowRoot
    addStyles(this.#root, besideSignInStyles)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopTicking()
    if (this.#leavesFor !== undefined && this.#root !== null) void focusCard(this.#root, this.#leavesFor)
    this.#leavesFor = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#hadFocus = this.#focused
    if (changed.has('state')) this.#onStateChange(changed.get('state') ?? { status: 'loading' })
    else if (changed.has('now')) this.#onTick(changed.get('now') ?? this.now)
  }

  protected override updated(): void {
    if (this.state.status === 'waiting' || this.#retryAt !== null) this.#tick()
    else this.#stopTicking()
    const step = stepOf(this.state)
    if (step === 'none') return
    if (this.#wantsFocus) {
      this.#wantsFocus = false
      const target = this.#find('.input') ?? this.#find('h3')
      target?.focus()
    } else if (this.#hadFocus && !this.#focused) this.#find('h3')?.focus()
  }

  protected override render() {
    return html`${this.#content()}<div class="sr" role="status">${this.said}</div>`
  }

  #content() {
    const { state } = this
    const step = stepOf(state)
    if (step === 'none') return nothing
    const content =
      step === 'address'
        ? this.#address()
        : state.status === 'waiting'
          ? this.#code(state)
          : this.#signingIn()
    return html`<div class="sheet" part="sign-in" role="group" aria-labelledby="title">${content}</div>`
  }

  #address() {
    const strings = this.#strings
    const { methods } = this
    const method = this.#chosen
    const isEmail = method === 'email'
    const isAsking = this.state.status === 'asking'
    return html`<form novalidate @submit=${this.#submit}>
      <h3 id="title" tabindex="-1">${strings.signInTitle}</h3>
      <p class="lead">${isEmail ? strings.signInEmailHint : strings.signInIdentifierHint}</p>
      ${
        methods.length < 2
          ? nothing
          : html`<fieldset>
              <legend class="sr">${strings.signInMethods}</legend>
              ${methods.map((one) => this.#choice(one, one === method))}
            </fieldset>`
      }
      <label class="field" for="address">${isEmail ? strings.signInEmailLabel : strings.signInIdentifierLabel}</label>
      ${isEmail ? this.#emailField(isAsking) : this.#identifierField(isAsking)}
      <div role="alert" id="problem">${this.#problemLine(method)}</div>
      <div role="status" class="facts">${this.#connection(isAsking)}</div>
      <div class="buttons">
        <button type="submit" class="button" part="sign-in-button" aria-disabled=${String(isAsking)}>
          ${isAsking ? strings.signInAsking : strings.signInContinue}
        </button>
        ${this.#cancel()}
      </div>
    </form>`
  }

  #choice(method: BuiltInMethod, checked: boolean) {
    const strings = this.#strings
    const choose = () => {
      this.method = method
      this.problem = null
    }
    return html`<label>
      <input type="radio" name="method" .checked=${checked} @change=${choose} ?disabled=${this.state.status === 'asking'} />
      <span>${method === 'email' ? strings.signInEmail : strings.signInIdentifier}</span>
    </label>`
  }

  #emailField(isAsking: boolean) {
    return html`<input
      id="address"
      class="input"
      part="sign-in-input"
      type="email"
      inputmode="email"
      autocomplete="email"
      autocapitalize="none"
      spellcheck="false"
      enterkeyhint="go"
      maxlength=${AUTHENTICATION_REQUEST_LIMITS.emailLength}
      dir="ltr"
      aria-describedby="problem"
      aria-invalid=${String(this.problem?.kind === 'address')}
      ?readonly=${isAsking}
    />`
  }

  #identifierField(isAsking: boolean) {
    return html`<input
      id="address"
      class="input digits"
      part="sign-in-input"
      type="text"
      inputmode="numeric"
      autocomplete="off"
      enterkeyhint="go"
      maxlength="20"
      dir="ltr"
      aria-describedby="problem"
      aria-invalid=${String(this.problem?.kind === 'address')}
      ?readonly=${isAsking}
    />`
  }

  #code(state: Waiting) {
    const strings = this.#strings
    const { bindingCode, expiresAt, resendAt } = state
    const isEmail = state.method === 'email'
    const cooldown = secondsUntil(Math.max(resendAt, this.#retryAt ?? 0), this.now)
    const resend = isEmail ? strings.signInEmailResend : strings.signInIdentifierResend
    return html`<h3 id="title" tabindex="-1">
        ${isEmail ? strings.signInEmailAsked : strings.signInIdentifierAsked}
      </h3>
      <p class="lead">${this.#whatToDo(state)}</p>
      ${shownCode(bindingCode, strings, (said) => {
        this.said = said
      })}
      <div class="facts">
        <span role="timer" aria-live="off"
          >${strings.signInTimeLeft}
          <span class="time">${minutesAndSeconds(secondsUntil(expiresAt, this.now), this.words.formats)}</span></span
        >
        <span role="status">${this.#connection(true)}</span>
      </div>
      <div role="alert">${this.#problemLine(state.method)}</div>
      <div class="buttons">
        <button
          type="button"
          class="button quiet"
          aria-disabled=${String(cooldown > 0)}
          @click=${() => this.#resend(cooldown)}
        >
          <span
            >${resend}${
              cooldown > 0
                ? html`<span aria-hidden="true"> · ${minutesAndSeconds(cooldown, this.words.formats)}</span>`
                : nothing
            }</span
          >
        </button>
        ${this.#cancel()}
      </div>`
  }

  #signingIn() {
    return html`<div class="busy">
      <span class="spinner"></span>
      <h3 id="title" tabindex="-1">${this.#strings.signInSigningIn}</h3>
    </div>`
  }

  #connection(matters: boolean) {
    return matters && !this.online ? this.#strings.signInWaitingForConnection : nothing
  }

  #cancel() {
    // The second click of a double click was meant for the button that was here before.
    const tap = (event: MouseEvent) => event.detail < 2 && this.actions?.cancel()
    return html`<button type="button" class="button quiet" @click=${tap}>${this.#strings.loginCancel}</button>`
  }

  #whatToDo({ method, address }: Waiting): string {
    const strings = this.#strings
    const shown = shownAddress(method, address)
    return method === 'email' ? strings.signInEmailWhatToDo(shown) : strings.signInIdentifierWhatToDo(shown)
  }

  /** Updates problem and announcement from a change of state. */
  #onStateChange(before: BuiltInLoginState): void {
    const { state } = this
    const strings = this.#strings
    this.now = Date.now()
    this.said = ''
    if (state.status === 'idle' || state.status === 'waiting') this.problem = problemOf(state, this.now)
    if (state.status === 'waiting') {
      const code = `${strings.signInCode} ${spelled(state.bindingCode)}`
      if (before.status !== 'waiting') this.said = `${this.#whatToDo(state)} ${code}`
      else if (before.bindingCode !== state.bindingCode) this.said = `${strings.signInNewCode} ${code}`
    } else if (state.status === 'signing-in') this.said = strings.signInSigningIn
  }

  #onTick(before: number): void {
    const { state, now } = this
    const retryAt = this.#retryAt
    if (retryAt !== null && retryAt <= now) this.problem = null
    if (state.status !== 'waiting') return
    if (secondsUntil(state.expiresAt, before) > 60 && secondsUntil(state.expiresAt, now) <= 60)
      this.said = this.#strings.signInOneMinute
  }

  /** When it may be tried again, while that is said. The visitor may try another address before. */
  get #retryAt(): number | null {
    const { state, problem } = this
    if (problem?.kind !== 'rate-limited' || !('problem' in state)) return null
    return state.problem?.retryAt ?? null
  }

  #problemLine(method: BuiltInMethod) {
    const { problem } = this
    if (problem === null) return nothing
    return html`<p class="problem">${problemText(problem, method, this.#strings)}</p>`
  }

  get #strings() {
    return partStrings(english, this.words)
  }

  get #chosen(): BuiltInMethod {
    return this.method ?? this.methods[0] ?? 'email'
  }

  get #focused(): boolean {
    return this.shadowRoot?.activeElement != null
  }

  #find(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector)
  }

  #submit = (event: Event): void => {
    event.preventDefault()
    if (this.#isAsking || this.state.status !== 'idle') return
    const method = this.#chosen
    const address = addressOf(method, (this.#find('.input') as HTMLInputElement | null)?.value ?? '')
    this.problem = null
    if (address === null) {
      this.#announceProblem()
      return
    }
    this.#once(this.actions?.ask(method, address))
  }

  /** In two steps, so that the same words are announced again. */
  #announceProblem(): void {
    void this.updateComplete.then(() => {
      this.problem = { kind: 'address' }
    })
    this.#find('.input')?.focus()
  }

  #resend(cooldown: number): void {
    if (cooldown > 0) this.said = this.#strings.signInResendIn(cooldown)
    else if (!this.#isAsking) this.#once(this.actions?.resend())
  }

  #once(work: Promise<void> | undefined): void {
    this.#isAsking = true
    const done = () => {
      this.#isAsking = false
    }
    work?.then(done, done)
  }

  #keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing || stepOf(this.state) !== 'address') return
    // Escape closes the sheet, but not the panel.
    event.preventDefault()
    event.stopPropagation()
    this.actions?.cancel()
  }

  #tick(): void {
    this.#timer ??= setInterval(() => {
      this.now = Date.now()
    }, 1_000)
  }

  #stopTicking(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

TemplateElement.define('chat-widget-sign-in', ChatSignIn)
