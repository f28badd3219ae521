/** The sign-in page, for browsers without the dialog. */
import { type Html, html } from './html.ts'
import { logo } from './illustrations.ts'
import { type PageContext, renderLayout, renderLoginFields } from './page-layout.ts'
import { authenticatorLink } from './person-login-parts.ts'

export interface LoginPage {
  readonly context: PageContext
  readonly email?: string
  readonly error?: string
}

export function renderLoginPage({ context, email, error }: LoginPage): Html {
  return renderLayout({
    title: 'Sign in · Northwind',
    context,
    head: html`<script type="module" src="/assets/fill-login.js"></script>`,
    body: html`<main class="login-page">
  <form method="post" action="/login" class="login-form">
    <div class="login-head">${logo}<h1>Sign in to Northwind</h1></div>
    ${renderLoginFields({ ...(email === undefined ? {} : { email }), ...(error === undefined ? {} : { error }) })}
    <div class="form-actions">
      <a class="button quiet" data-testid="login-cancel" href="/">Back to the shop</a>
      <button class="button primary" data-testid="login-submit">Sign in</button>
    </div>
    <div class="other-logins">${authenticatorLink}</div>
  </form>
</main>`,
  })
}
