/** The frame of every page: head, header with the account, sign-in dialog, footer. */
import { type Customer, DEMO_CUSTOMERS } from './customers.ts'
import { type Html, type HtmlValue, html } from './html.ts'
import { logo } from './illustrations.ts'
import { renderOtherLogins } from './person-login-parts.ts'

export interface PageContext {
  readonly customer: Customer | null
  /** The chat server's origin. */
  readonly chatUrl: string
}

interface Layout {
  readonly title: string
  readonly context: PageContext
  /** Scripts and further head elements. */
  readonly head?: HtmlValue
  readonly body: HtmlValue
}

export function renderLayout({ title, context, head, body }: Layout): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#fbf9f4" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#10191a" media="(prefers-color-scheme: dark)">
<meta name="description" content="Northwind: jackets, packs and tents for bad weather and good company.">
<title>${title}</title>
<link rel="icon" href="/assets/img/logo.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/shop.css">
<link rel="stylesheet" href="/assets/inspector.css">
${head}
</head>
<body data-chat-url="${context.chatUrl}" data-customer="${context.customer?.id}" data-customer-name="${context.customer?.name}" data-customer-plan="${context.customer?.plan}">
${body}
</body>
</html>
`
}

export function renderHeader(context: PageContext, current: 'home' | 'embed'): Html {
  const { customer } = context
  return html`<a class="skip-link" href="#products">Skip to the products</a>
<aside class="notice" aria-label="Notice">Free returns for 60 days · A demo, nothing is sold</aside>
<header class="site-header">
  <a class="brand" aria-label="Northwind" href="${current === 'home' ? '/' : '/embed'}">${logo}<span>Northwind</span></a>
  <nav class="site-nav" aria-label="Shop">
    <a href="#products">Gear</a>
    <a href="#promise">Our promise</a>
    <a href="#help">Help</a>
  </nav>
  <div class="account">
    <p class="customer" data-testid="customer" ${customer ? '' : html`hidden`}>
      <span class="customer-name">${customer?.name}</span>
      <span class="customer-id">${customer?.id}</span>
    </p>
    <a class="button quiet" href="/login" data-testid="login-open" ${customer ? html`hidden` : ''}>Sign in</a>
    <form method="post" action="/logout" data-logout ${customer ? '' : html`hidden`}>
      <button class="button quiet" data-testid="logout">Sign out</button>
    </form>
    <button class="bag" type="button" data-bag aria-label="Bag, empty">
      <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round" aria-hidden="true"><path d="M5 8h14l1 12H4L5 8Z"/><path d="M8.5 10V7a3.5 3.5 0 0 1 7 0v3" stroke-linecap="round"/></svg>
      <span class="bag-count" data-bag-count hidden>0</span>
    </button>
  </div>
</header>`
}

/** The fields also work as a plain form: `/login` is the page for browsers without the dialog. */
export function renderLoginFields(options: { readonly email?: string; readonly error?: string }): Html {
  return html`<p class="form-error" role="alert" data-testid="login-error" ${options.error ? '' : html`hidden`}>${options.error}</p>
<label>Email
  <input data-testid="login-email" name="email" type="email" autocomplete="username" required value="${options.email}">
</label>
<label>Password
  <input data-testid="login-password" name="password" type="password" autocomplete="current-password" required>
</label>
<div class="demo-hint">
  <p>Demo customers</p>
  <ul>${DEMO_CUSTOMERS.map(
    ({ email, password }) =>
      html`<li><button type="button" class="fill" data-fill-email="${email}" data-fill-password="${password}"><span>${email}</span> <span class="fill-password">${password}</span></button></li>`,
  )}</ul>
</div>`
}

export function renderLoginDialog({ chatUrl }: PageContext): Html {
  return html`<dialog class="login-dialog" data-testid="login-dialog" aria-labelledby="login-title">
  <form method="post" action="/login" data-login class="login-form">
    <div class="login-head">${logo}<h2 id="login-title">Sign in to Northwind</h2></div>
    <p class="login-why" data-login-why hidden>The chat asks who you are, so that it can answer about your orders.</p>
    ${renderLoginFields({})}
    <div class="form-actions">
      <button class="button quiet" type="button" data-testid="login-cancel">Cancel</button>
      <button class="button primary" data-testid="login-submit">Sign in</button>
    </div>
    ${renderOtherLogins(chatUrl)}
  </form>
</dialog>`
}
