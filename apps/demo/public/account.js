// @ts-check
/** The shop's own sign-in: the dialog, the header, and their requests. Knows nothing of the chat. */

/** @typedef {{ id: string, name: string, plan: string }} Customer */

import { fillOnClick } from './fill-login.js'
import { createPersonLogin } from './person-login.js'

/**
 * @param {object} handlers
 * @param {(customer: Customer) => void} handlers.onSignIn
 * @param {() => Promise<void>} handlers.beforeSignOut the session still stands while this runs
 * @param {() => void} handlers.onCancel the dialog was closed without a sign-in
 */
export function createAccount({ onSignIn, beforeSignOut, onCancel }) {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('dialog'))
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'))
  const error = /** @type {HTMLElement} */ (form.querySelector('[role="alert"]'))
  const why = /** @type {HTMLElement} */ (form.querySelector('[data-login-why]'))
  const submit = /** @type {HTMLButtonElement} */ (form.querySelector('[data-testid="login-submit"]'))
  let customer = customerOfPage()

  /** @param {Customer | null} next */
  const show = (next) => {
    customer = next
    showCustomer(next)
  }

  /** @param {string} message */
  const showError = (message) => {
    error.textContent = message
    error.hidden = message === ''
  }

  const open = ({ forChat = false } = {}) => {
    if (dialog.open) return
    why.hidden = !forChat
    showError('')
    dialog.returnValue = ''
    dialog.showModal()
  }

  fillOnClick(form)
  /** @param {Customer} found */
  const signedIn = (found) => {
    form.reset()
    show(found)
    dialog.close('signed-in')
    onSignIn(found)
  }
  const byEmail = /** @type {HTMLButtonElement} */ (form.querySelector('[data-testid="login-by-email"]'))
  const emailLogin = createPersonLogin(dialog, {
    path: '/login/email',
    onSignIn: signedIn,
    onProblem: showError,
    onState(state) {
      byEmail.disabled = state !== 'idle'
    },
  })
  byEmail.addEventListener('click', () =>
    emailLogin.ask({ email: String(new FormData(form).get('email') ?? '') }),
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    submit.disabled = true
    try {
      signedIn(await signIn(new FormData(form)))
    } catch (cause) {
      showError(cause instanceof Error ? cause.message : String(cause))
    } finally {
      submit.disabled = false
    }
  })
  form.querySelector('[data-testid="login-cancel"]')?.addEventListener('click', () => dialog.close())
  // Escape, the back gesture and Cancel all end here.
  dialog.addEventListener('close', () => {
    emailLogin.cancel()
    if (dialog.returnValue !== 'signed-in') onCancel()
  })

  document.querySelector('[data-testid="login-open"]')?.addEventListener('click', (event) => {
    event.preventDefault()
    open()
  })
  document.querySelector('[data-logout]')?.addEventListener('submit', async (event) => {
    event.preventDefault()
    await beforeSignOut()
    await fetch('/logout', { method: 'POST' })
    show(null)
  })

  return {
    open,
    /** The signed-in customer, as far as this page knows. */
    get customer() {
      return customer
    },
    /** Asks the shop: the session may have ended, or begun, in another tab. */
    async refresh() {
      const response = await fetch('/me')
      if (response.ok) show((await response.json()).customer)
      return customer
    },
  }
}

/** @returns {Customer | null} */
function customerOfPage() {
  const { customer, customerName, customerPlan } = document.body.dataset
  return customer ? { id: customer, name: customerName ?? customer, plan: customerPlan ?? '' } : null
}

/** @param {Customer | null} customer */
function showCustomer(customer) {
  const set = (/** @type {string} */ selector, /** @type {string} */ text) => {
    const element = document.querySelector(selector)
    if (element) element.textContent = text
  }
  set('.customer-name', customer?.name ?? '')
  set('.customer-id', customer?.id ?? '')
  for (const [selector, shown] of /** @type {const} */ ([
    ['[data-testid="customer"]', customer !== null],
    ['[data-logout]', customer !== null],
    ['[data-testid="login-open"]', customer === null],
  ])) {
    document.querySelector(selector)?.toggleAttribute('hidden', !shown)
  }
}

/** @param {FormData} fields @returns {Promise<Customer>} */
async function signIn(fields) {
  const response = await fetch('/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(Object.fromEntries(fields)),
  }).catch(() => null)
  if (response === null) throw new Error('The shop cannot be reached. Please try again.')
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(body.error ?? 'That did not work. Please try again.')
  return body.customer
}
