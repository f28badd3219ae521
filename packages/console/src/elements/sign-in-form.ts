/** The sign-in page: email, password, and a sentence when they are wrong. */
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { words } from '../words/words.ts'
import { SignInEvent } from './console-events.ts'
import { signInFormStyles } from './sign-in-form.styles.ts'
import { WordsElement } from './words-element.ts'

/** @event console-sign-in - The form was submitted with both fields filled in. */
export class SignInForm extends WordsElement {
  static override properties = {
    busy: { type: Boolean },
    error: { attribute: false },
    notice: { attribute: false },
  }

  static override styles = [base, signInFormStyles]

  /** True while an answer is pending. */
  declare busy: boolean
  /** Reason of the last failure, as a sentence. */
  declare error: string | null
  /** Reason why an agent who was signed in has to sign in again. */
  declare notice: string | null

  constructor() {
    super()
    this.busy = false
    this.error = null
    this.notice = null
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector('input')?.focus()
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('error') && this.error !== null) {
      const password = this.renderRoot.querySelector<HTMLInputElement>('#password')
      password?.focus()
      password?.select()
    }
  }

  override render() {
    return html`
      <main>
        <div class="mark" aria-hidden="true">${icons.inbox}</div>
        <h1>${words().signIn.title}</h1>
        ${this.notice === null ? nothing : html`<p class="notice" role="status">${this.notice}</p>`}
        <form novalidate @submit=${this.#submit} aria-busy=${this.busy ? 'true' : 'false'}>
          <div class="row">
            <label for="email">${words().signIn.email}</label>
            <input
              class="field"
              id="email"
              name="email"
              type="email"
              autocomplete="username"
              autocapitalize="off"
              spellcheck="false"
              required
            />
          </div>
          <div class="row">
            <label for="password">${words().signIn.password}</label>
            <input
              class="field"
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              required
              aria-invalid=${this.error === null ? 'false' : 'true'}
              aria-describedby="error"
            />
          </div>
          <div class="error" id="error" role="alert">
            ${this.error === null ? nothing : html`<p>${icons.warning}<span>${this.error}</span></p>`}
          </div>
          <button class="button primary" aria-disabled=${this.busy ? 'true' : 'false'}>
            ${this.busy ? html`<span class="spinner" aria-hidden="true"></span>${words().signIn.busy}` : words().signIn.submit}
          </button>
        </form>
        <language-choice></language-choice>
      </main>
    `
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (this.busy || !(event.target instanceof HTMLFormElement)) {
      return
    }
    const data = new FormData(event.target)
    const email = String(data.get('email') ?? '').trim()
    const password = String(data.get('password') ?? '')
    if (email === '' || password === '') {
      const empty = email === '' ? 'email' : 'password'
      this.error = empty === 'email' ? words().signIn.noEmail : words().signIn.noPassword
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector<HTMLInputElement>(`#${empty}`)?.focus(),
      )
      return
    }
    this.dispatchEvent(new SignInEvent(email, password))
  }
}
