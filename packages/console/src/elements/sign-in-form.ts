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

  constructor() {
    super()
    this.busy = false
    this.error = null
    this.notice = null
    this.methods = { passwords: 'all', issuer: null }
    this.problem = null
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
          <button class=${isOnly ? 'button primary' : 'button'} aria-disabled=${this.busy ? 'true' : 'false'}>
            ${this.busy ? html`<span class="spinner" aria-hidden="true"></span>${words().signIn.busy}` : words().signIn.submit}
          </button>
        </form>
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
