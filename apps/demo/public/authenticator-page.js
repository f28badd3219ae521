// @ts-check
/** The page "Authenticator": asks by identifier, and opens the shop once it was approved. */
import { createPersonLogin } from './person-login.js'

const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (document.querySelector(selector))

const form = /** @type {HTMLFormElement} */ (find('[data-ask]'))
const input = /** @type {HTMLInputElement} */ (form.elements.namedItem('identifier'))
const submit = /** @type {HTMLButtonElement} */ (find('[data-testid="authenticator-submit"]'))
const error = find('[data-testid="authenticator-error"]')
const cancel = find('[data-cancel]')

const login = createPersonLogin(document, {
  path: '/login/identifier',
  onSignIn: () => location.assign('/'),
  onProblem(message) {
    error.textContent = message
    error.hidden = message === ''
    if (message !== '') input.focus()
  },
  onState(state) {
    submit.disabled = state === 'asking'
    form.hidden = state === 'waiting'
    // The pressed button is gone: the focus moves to the next useful one.
    if (state === 'waiting') cancel.focus()
  },
})

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void login.ask({ identifier: input.value })
})
cancel.addEventListener('click', () => {
  login.cancel()
  input.focus()
})
void login.resume()
