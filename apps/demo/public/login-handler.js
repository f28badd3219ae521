// @ts-check
/** The switch "Who handles sign-in": the shop by its dialog, or the chat by its own login. Kept across reloads. */

const KEY = 'northwind.login-handler'

export function createLoginHandler() {
  const select = /** @type {HTMLSelectElement} */ (document.querySelector('[data-testid="login-handler"]'))
  select.value = sessionStorage.getItem(KEY) === 'chat' ? 'chat' : 'shop'
  select.addEventListener('change', () => sessionStorage.setItem(KEY, select.value))
  return {
    get isChat() {
      return select.value === 'chat'
    },
  }
}
