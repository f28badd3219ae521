/** Views for sign-in without a password. */
import { type Html, type HtmlValue, html } from './html.ts'

interface Waiting {
  /** `…-waiting` for the whole, `…-code` for the code. */
  readonly testId: string
  readonly before: HtmlValue
  readonly after: HtmlValue
  /** True for a cancel button, where nothing around it cancels. */
  readonly cancel?: boolean
}

/** The region is always rendered: screen readers announce only changes within one. */
export function renderWaiting({ testId, before, after, cancel }: Waiting): Html {
  return html`<div role="status">
  <div class="waiting" data-testid="${testId}-waiting" data-waiting hidden>
    <p>${before}</p>
    <p class="waiting-code" data-testid="${testId}-code" data-code></p>
    <p>${after}</p>
    ${cancel && html`<button class="button quiet" type="button" data-testid="${testId}-cancel" data-cancel>Cancel</button>`}
  </div>
</div>`
}

/** Sign-in by authenticator has a page of its own, as the app has to be connected first. */
export const authenticatorLink = html`<a class="button quiet" href="/authenticator" data-testid="login-by-authenticator">Sign in with your authenticator</a>`

/** Logins besides the password: by the mail of an address, or by an identifier. */
export function renderOtherLogins(chatUrl: string): Html {
  return html`<div class="other-logins">
  <div>
    <button class="button quiet" type="button" data-testid="login-by-email">Email me a link</button>
    ${renderWaiting({
      testId: 'login-email',
      before: 'We have sent you a mail. Open its link on any device, and type this code there:',
      after: html`This page goes on by itself. In this demo, all mail is in <a href="${chatUrl}/dev/mailbox" target="_blank" rel="noreferrer">the mailbox</a>.`,
    })}
  </div>
  ${authenticatorLink}
</div>`
}
