// @ts-check
/** The site's part of the chat: identifies the customer, handles the login button, and listens to events. */
import { createAccount } from './account.js'
import { announce, startBag } from './bag.js'
import { createLog } from './log.js'
import { createLoginHandler } from './login-handler.js'
import { WIDGET_EVENTS } from './widget-events.js'

/**
 * @typedef {object} ChatUser
 * @property {string} userIdentifier
 * @property {(needsRefresh: boolean, options: { signal: AbortSignal }) => Promise<object>} requestContextProvider
 */

/**
 * The widget as this page uses it, by the element or by the command queue.
 * @typedef {object} Chat
 * @property {(user: ChatUser) => void} setUser
 * @property {() => Promise<void> | void} logout
 * @property {(requestId: string) => void} cancelLogin
 * @property {() => void} show
 */

const LOGOUT_TIMEOUT_MS = 5_000

/**
 * @param {Chat} chat
 * @param {readonly Event[]} [earlyEvents] events from before this page listened
 */
export function startHost(chat, earlyEvents = []) {
  const log = createLog()
  const loginHandler = createLoginHandler()
  /** The login button that opened the dialog. @type {string | null} */
  let requestId = null

  const record = (/** @type {Event} */ event) => {
    if (event.type === 'error') logLoadFailure(log, event)
    else {
      const details = WIDGET_EVENTS[event.type]?.(/** @type {CustomEvent} */ (event).detail)
      log.add(event.type === 'widget-error' ? 'error' : 'event', event.type, details)
    }
  }
  for (const event of earlyEvents) record(event)
  for (const name of Object.keys(WIDGET_EVENTS)) document.addEventListener(name, record)
  // A script that cannot be loaded fires an error event on its own element, which does not bubble.
  document.addEventListener('error', record, { capture: true })

  /** @param {import('./account.js').Customer} customer */
  const identify = (customer) => {
    log.add('host', 'set-user', `chat.user = ${customer.id}`)
    chat.setUser({ userIdentifier: customer.id, requestContextProvider: createProvider(log, customer) })
  }

  const account = createAccount({
    onSignIn(customer) {
      requestId = null
      identify(customer)
    },
    onCancel() {
      if (requestId === null) return
      log.add('host', 'cancel-login', `request ${requestId.slice(0, 8)}`)
      chat.cancelLogin(requestId)
      requestId = null
    },
    async beforeSignOut() {
      log.add('host', 'logout', 'chat.logout()')
      // The customer leaves the shop even if the chat server does not answer.
      await within(LOGOUT_TIMEOUT_MS, chat.logout()).catch((error) =>
        log.add('error', 'logout', error.message),
      )
      log.countdown.stop()
    },
  })

  document.addEventListener('login-button', async (event) => {
    if (loginHandler.isChat) {
      log.add('host', 'login-left', 'no preventDefault(): the chat signs in by itself')
      return
    }
    // Before any `await`: afterwards the event is over.
    event.preventDefault()
    requestId = /** @type {CustomEvent} */ (event).detail.requestId
    // The chat may ask although the shop's session is valid; then there is nothing to type.
    const customer = account.customer && (await account.refresh().catch(() => null))
    if (customer) {
      requestId = null
      identify(customer)
    } else account.open({ forChat: true })
  })

  // A page from the back/forward cache may show the customer of that time.
  window.addEventListener('pageshow', async ({ persisted }) => {
    if (!persisted) return
    const before = account.customer?.id
    const now = await account.refresh().catch(() => account.customer)
    if (now?.id === before) return
    if (now) identify(now)
    else await chat.logout()
  })

  document.querySelector('[data-show-chat]')?.addEventListener('click', () => chat.show())
  startBag()
  if (account.customer) identify(account.customer)
}

/**
 * @param {ReturnType<typeof createLog>} log
 * @param {import('./account.js').Customer} customer
 * @returns {ChatUser['requestContextProvider']}
 */
function createProvider(log, { plan }) {
  return async (needsRefresh, { signal }) => {
    log.add('provider', 'provider-call', `needsRefresh: ${needsRefresh}`, {
      needsRefresh: String(needsRefresh),
    })
    try {
      const response = await fetch('/chat-token', { method: 'POST', signal })
      if (!response.ok) throw new Error(`The shop gives no token (${response.status}).`)
      const { token, expiresIn } = await response.json()
      log.add('provider', 'provider-answer', `{ Auth, CustomerInfo }, token good for ${expiresIn} s`)
      log.countdown.start(expiresIn)
      // The chat server verifies the token; the plan beside it is shown to agents as "Not verified".
      return { Auth: { Token: token }, CustomerInfo: { plan } }
    } catch (error) {
      log.add('error', 'provider-failed', error instanceof Error ? error.message : String(error))
      throw error
    }
  }
}

/** @param {ReturnType<typeof createLog>} log @param {Event} event */
function logLoadFailure(log, { target }) {
  if (!(target instanceof HTMLScriptElement) || !target.matches('[data-chat-script]')) return
  log.add('error', 'load-failed', `The widget could not be loaded from ${document.body.dataset.chatUrl}.`)
  announce('The chat is not available right now.')
}

/**
 * @template Value
 * @param {number} ms
 * @param {Promise<Value> | Value} work
 */
async function within(ms, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1_000} s`)), ms)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
