/** The shop front, twice: with the `<chat-widget>` element, and with the one-tag loader. */
import { type Html, html } from './html.ts'
import { heroScene } from './illustrations.ts'
import { type PageContext, renderHeader, renderLayout, renderLoginDialog } from './page-layout.ts'
import { PRODUCTS, type Product } from './products.ts'

/** `element`: script tag and `<chat-widget>`. `embed`: `embed.js` and the command queue. */
export type Embedding = 'element' | 'embed'

export function renderShopPage(context: PageContext, embedding: Embedding): Html {
  return renderLayout({
    title: 'Northwind · Gear for the long way round',
    context,
    head: embedding === 'element' ? elementHead(context) : embedHead(context),
    body: html`<div class="page">
<div class="shop">
${renderHeader(context, embedding === 'element' ? 'home' : 'embed')}
<main>
${renderHero()}
${renderPromise()}
${renderProducts()}
${renderHelp()}
</main>
${renderFooter(embedding)}
</div>
${renderInspector(embedding)}
</div>
${renderLoginDialog(context)}
<p class="visually-hidden" role="status" data-announcement></p>
${embedding === 'element' && html`<chat-widget app="shop" server="${context.chatUrl}"></chat-widget>`}`,
  })
}

// The page's own module comes first: it has to listen before the widget's script succeeds or fails.
const elementHead = ({
  chatUrl,
}: PageContext) => html`<script type="module" src="/assets/element-page.js"></script>
<script type="module" src="${chatUrl}/chat-widget.js" data-chat-script></script>`

// The queue is a classic script, so that `ChatWidget(…)` exists from the first line on.
const embedHead = ({ chatUrl }: PageContext) => html`<script src="/assets/embed-queue.js"></script>
<script type="module" src="/assets/embed-page.js"></script>
<script async src="${chatUrl}/embed.js" data-app="shop" data-chat-script></script>`

const renderHero = () => html`<section class="hero">
  ${heroScene}
  <div class="hero-text">
    <p class="eyebrow">Autumn in the fells</p>
    <h1>Gear for the long way round.</h1>
    <p class="lede">Made for wet mornings and clear evenings, and mended for free as long as you own it.</p>
    <a class="button primary large" href="#products">See the collection</a>
  </div>
</section>`

const renderPromise = () => html`<section class="promise" id="promise" aria-label="Our promise">
  <div><h2>Mended for life</h2><p>Tears, zips and seams, free of charge.</p></div>
  <div><h2>60 days to try</h2><p>Walk in it. Send it back muddy.</p></div>
  <div><h2>Tomorrow at your door</h2><p>Ordered by four, there by noon.</p></div>
</section>`

const renderProducts = () => html`<section class="products" id="products" aria-labelledby="products-title">
  <div class="section-head"><h2 id="products-title">For the next trip</h2><p>Six things we would not leave without.</p></div>
  <ul class="product-grid">${PRODUCTS.map(renderProduct)}</ul>
</section>`

const renderProduct = ({ id, name, description, price, badge }: Product) => html`<li class="product">
  <div class="product-picture ${`tint-${id}`}"><img src="/assets/img/${id}.svg" alt="" width="240" height="200">${badge && html`<span class="badge">${badge}</span>`}</div>
  <div class="product-text">
    <h3>${name}</h3><p>${description}</p>
    <div class="product-buy"><span class="price">€${price}</span><button class="button small" type="button" data-add="${name}">Add<span class="visually-hidden"> ${name} to bag</span></button></div>
  </div>
</li>`

const renderHelp = () => html`<section class="help" id="help" aria-labelledby="help-title">
  <div class="help-text">
    <h2 id="help-title">Where is my order?</h2>
    <p>Ask in the chat. Sign in when it asks you to, and it looks your parcel up while you wait.</p>
  </div>
  <button class="button primary large" type="button" data-show-chat>Ask us</button>
</section>`

const renderFooter = (embedding: Embedding) => html`<footer class="site-footer">
  <p>Northwind Outfitters · Est. 1987 (not really)</p>
  <p>${
    embedding === 'element'
      ? html`The chat is a <code>&lt;chat-widget&gt;</code> element. <a href="/embed">See it by one script tag</a>`
      : html`The chat comes by one script tag, <code>embed.js</code>. <a href="/">See it as an element</a>`
  }</p>
  <p><a href="/authenticator">Sign in with an authenticator</a></p>
</footer>`

/** Panel for site developers: each event of the widget, each call of the provider, and the token's end. */
const renderInspector = (
  embedding: Embedding,
) => html`<aside class="inspector" aria-labelledby="inspector-title" data-inspector>
  <div class="inspector-head">
    <div><h2 id="inspector-title">What the widget tells the page</h2>
    <p>${embedding === 'element' ? 'Embedded as <chat-widget>' : 'Embedded by embed.js'}</p></div>
    <div class="inspector-tools">
      <button type="button" data-log-clear>Clear</button>
      <button type="button" data-inspector-toggle aria-expanded="true" aria-controls="inspector-body">Hide</button>
    </div>
  </div>
  <div class="inspector-body" id="inspector-body">
    <label class="login-handler">Who handles sign-in
      <select data-testid="login-handler" autocomplete="off"><option value="shop">the shop</option><option value="chat">the chat itself</option></select>
    </label>
    <p class="token" data-testid="token-countdown" data-state="none">No token yet: the provider has not been called.</p>
    <div class="log-scroll" tabindex="0" role="region" aria-labelledby="inspector-title">
      <ol class="log" data-testid="event-log"></ol>
      <p class="log-empty" data-log-empty>Nothing yet. Open the chat and write something.</p>
    </div>
  </div>
</aside>`
