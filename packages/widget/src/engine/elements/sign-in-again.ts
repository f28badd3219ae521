/** Buttons of the banner for an identity that has ended ([ID6]): sign in again, or continue as a guest. */
import type { LoginRequest } from '@chat-widget/client'
import { LoginRequests } from '@chat-widget/client/login-requests'
import { english } from '../../locales/parts/sign-in.ts'
import { ensureStyles } from '../../shell/ensure-styles.ts'
import { html, nothing, render } from '../lit.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { signInAgainStyles } from './sign-in-again.styles.ts'

interface SignInAgainHost extends HTMLElement {
  readonly words: Words
  /** The newest tap on "Sign in again". */
  readonly login: LoginRequest | null
  readonly guestAllowed: boolean
}

export function drawSignInAgain(box: HTMLElement, banner: SignInAgainHost): void {
  // After the sheet that the banner has from the beginning.
  ensureStyles(banner.shadowRoot as ShadowRoot, 1, signInAgainStyles)
  const strings = partStrings(english, banner.words)
  const { login } = banner
  const state = login?.state
  const isWaiting = state?.status === 'requested'
  const tap = (event: MouseEvent) => {
    if (!isWaiting) ask(banner, { type: 'login', messageId: null, reason: 'expired', code: LoginRequests })
    // The second click of a double click was meant for the button that was here before.
    else if (login && event.detail < 2) ask(banner, { type: 'cancel-login', requestId: login.requestId })
  }
  const failure =
    state?.status !== 'failed'
      ? nothing
      : html`<span class="bad">${state.reason === '' ? strings.loginFailed : strings.loginFailedBecause(state.reason)}</span>`
  const drawn = html`<div class="banner strong" part="banner">
    <span>${isWaiting ? strings.loginWaiting : html`${failure} ${strings.reauthenticate}`}</span>
    <div class="buttons">
      <button type="button" class=${isWaiting ? 'button quiet' : 'button'} part="login-button" @click=${tap}>
        ${isWaiting ? strings.loginCancel : strings.signInAgain}
      </button>
      ${
        banner.guestAllowed && !isWaiting
          ? html`<button type="button" class="button quiet" @click=${() => ask(banner, { type: 'continue-as-guest' })}>
              ${strings.continueAsGuest}
            </button>
            <small>${strings.guestNote}</small>`
          : nothing
      }
    </div>
  </div>`
  render(drawn, box)
}
