/** The sign-in page: single sign-on where there is one, email and password, and a sentence when it did not work. */
import type { SignInMethods, SignInProblem } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { signInProblemText } from '../format/error-text.ts'
import { icons } from '../icons.ts'
import { keepAddress } from '../routing/kept-address.ts'
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
    methods: { attribute: false },
    problem: { attribute: false },
    empty: { state: true },
  }

  static override styles = [base, signInFormStyles]

  /** True while an answer is pending. */
  declare busy: boolean
  /** Reason of the last failure, as a sentence. */
  declare error: string | null
  /** Reason why an agent who was signed in has to sign in again. */
  declare notice: string | null
  declare methods: SignInMethods
  /** Reason why a single sign-on failed. */
  declare problem: SignInProblem | null
  /** The field without which the form was submitted last. */
  declare protected empty: 'email' | 'password' | null

  constructor() {
    super()
    this.busy = false
    this.error = null
    this.notice = null
    this.methods = { passwords: 'all', issuer: null }
    this.problem = null
    this.empty = null
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.issuer, input')?.focus()
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('error') && this.error !== null) {
      const password = this.renderRoot.querySelector<HTMLInputElement>('#password')
      password?.focus()
      password?.select()
    }
  }

  override render() {
    const { passwords, issuer } = this.methods
    return html`
      <main>
        <div class="mark" aria-hidden="true">${icons.inbox}</div>
        <h1>${words().signIn.title}</h1>
        ${this.notice === null ? nothing : html`<p class="notice" role="status">${this.notice}</p>`}
        ${
          this.problem === null
            ? nothing
            : html`<div class="error" role="alert">
                <p>${icons.warning}<span>${signInProblemText(this.problem)}</span></p>
              </div>`
        }
        ${
          issuer === null
            ? nothing
            : html`<a class="button primary issuer" href="oidc/start" @click=${keepAddress}
                >${words().signIn.issuer(issuer.name)}</a
              >`
        }
        ${
          passwords === 'all'
            ? this.#form(issuer === null)
            : html`<details><summary>${words().signIn.byPassword}</summary>${this.#form(false)}</details>`
        }
        <language-choice></language-choice>
      </main>
    `
  }

  /** `isOnly`: there is no other way to sign in. */
  #form(isOnly: boolean) {
    const error = this.#sentence()
    return html`
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
              aria-invalid=${this.empty === 'email' ? 'true' : 'false'}
              aria-describedby=${this.empty === 'email' ? 'error' : nothing}
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
              aria-invalid=${error === null || this.empty === 'email' ? 'false' : 'true'}
              aria-describedby=${this.empty === 'email' ? nothing : 'error'}
            />
          </div>
          <div class="error" id="error" role="alert">
            ${error === null ? nothing : html`<p>${icons.warning}<span>${error}</span></p>`}
          </div>
          <button class=${isOnly ? 'button primary' : 'button'} aria-disabled=${this.busy ? 'true' : 'false'}>
            ${this.busy ? html`<span class="spinner" aria-hidden="true"></span>${words().signIn.busy}` : words().signIn.submit}
          </button>
        </form>
    `
  }

  /** A sentence about an empty field ends when the form is sent; the server's answer to it has its own. */
  #sentence(): string | null {
    switch (this.empty) {
      case 'email':
        return words().signIn.noEmail
      case 'password':
        return words().signIn.noPassword
      default:
        return this.error
    }
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (this.busy || !(event.target instanceof HTMLFormElement)) {
      return
    }
    const data = new FormData(event.target)
    const email = String(data.get('email') ?? '').trim()
    const password = String(data.get('password') ?? '')
    this.empty = email === '' ? 'email' : password === '' ? 'password' : null
    if (this.empty !== null) {
      this.renderRoot.querySelector<HTMLInputElement>(`#${this.empty}`)?.focus()
      return
    }
    this.dispatchEvent(new SignInEvent(email, password))
  }
}
