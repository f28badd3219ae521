/** Sign-in by identifier: how to connect an authenticator, the form, and the waiting view. */
import { type Html, html } from './html.ts'
import { logo } from './illustrations.ts'
import { type PageContext, renderLayout } from './page-layout.ts'
import { renderWaiting } from './person-login-parts.ts'

export interface AuthenticatorPage {
  readonly context: PageContext
  /** Connects the person who opens it to the shop. */
  readonly link: string
  /** URL of a QR code of the link. */
  readonly qr: string
}

export function renderAuthenticatorPage({ context, link, qr }: AuthenticatorPage): Html {
  return renderLayout({
    title: 'Authenticator · Northwind',
    context,
    head: html`<link rel="stylesheet" href="/assets/authenticator.css">
<script type="module" src="/assets/authenticator-page.js"></script>`,
    body: html`<main class="login-page">
  <div class="login-form authenticator">
    <div class="login-head">${logo}<h1>Sign in with your authenticator</h1></div>
    <p class="login-why">An authenticator is a page on a device of yours that is asked whether it is you. It has a number of ten digits, and no password that you could forget or give away.</p>
    ${renderSignedIn(context)}
    <div class="authenticator-steps">
      ${renderConnect(link, qr)}
      ${renderAsk(context.chatUrl)}
    </div>
    <div class="form-actions"><a class="button quiet" data-testid="login-cancel" href="/">Back to the shop</a></div>
  </div>
</main>`,
  })
}

const renderSignedIn = ({ customer }: PageContext) =>
  customer &&
  html`<p class="login-why">You are signed in as <strong>${customer.id}</strong>. Another sign-in takes its place.</p>`

const renderConnect = (
  link: string,
  qr: string,
) => html`<section class="authenticator-step" aria-labelledby="connect-title">
  <h2 id="connect-title">1. Connect</h2>
  <p>Once, before your first sign-in: let Northwind ask you. Scan the code with the device that is to be your authenticator, or open the link on this one.</p>
  <img class="authenticator-qr" data-testid="authenticator-qr" src="${qr}" width="176" height="176" alt="QR code of the link “Connect on this device”">
  <a class="button" data-testid="authenticator-link" href="${link}">Connect on this device</a>
  <p class="authenticator-note">This demo runs on your computer, where the camera of a phone leads nowhere. Take the link, and another browser for another person.</p>
</section>`

const renderAsk = (chatUrl: string) => html`<section class="authenticator-step" aria-labelledby="ask-title">
  <h2 id="ask-title">2. Sign in</h2>
  <div class="authenticator-ask">
  <form class="authenticator-form" method="post" action="/login/identifier" data-ask>
    <p>Give the number that your authenticator shows. You then see a code here, and approve there by typing it.</p>
    <label>Your identifier, ten digits
      <input data-testid="authenticator-identifier" name="identifier" inputmode="numeric" autocomplete="username" maxlength="20" required aria-describedby="ask-error">
    </label>
    <p class="form-error" role="alert" id="ask-error" data-testid="authenticator-error" hidden></p>
    <button class="button primary" data-testid="authenticator-submit">Ask my authenticator</button>
  </form>
  ${renderWaiting({
    testId: 'authenticator',
    before: 'Waiting for your authenticator. Approve there, with this code:',
    after: html`This page goes on by itself. <a href="${chatUrl}/authenticator/" target="_blank" rel="noreferrer">Open the authenticator in a new tab</a>`,
    cancel: true,
  })}
  </div>
</section>`
