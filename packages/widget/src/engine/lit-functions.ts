/** Functions of Lit that the chat uses. */
export { keyed } from 'lit/directives/keyed.js'
export { html, nothing, render } from 'lit/html.js'
