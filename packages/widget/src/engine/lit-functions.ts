/** What the chat uses of Lit. */
export { keyed } from 'lit/directives/keyed.js'
export { html, nothing, render } from 'lit/html.js'
