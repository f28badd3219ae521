// @ts-check
/** "Email me a link": asks the shop for a mail, shows the code, and waits for what becomes of it. */

/** @typedef {{ email: string, name: string, plan: string }} Customer */

const POLL_MS = 1_000
const WORDS = {
  denied: 'The sign-in was denied.',
  over: 'The link is not valid any more. Please ask for another one.',
  unreachable: 'The shop cannot be reached. Please try again.',
}

/**
 * @param {HTMLElement} dialog
 * @param {object} handlers
 * @param {() => string} handlers.email what is in the email field
 * @param {(customer: Customer) => void} handlers.onSignIn
 * @param {(message: string) => void} handlers.onProblem an empty one takes the last one back
 * @returns {() => void} gives the waiting up
 */
export function createEmailLogin(dialog, { email, onSignIn, onProblem }) {
  const find = (/** @type {string} */ id) =>
    /** @type {HTMLElement} */ (dialog.querySelector(`[data-testid="${id}"]`))
  const button = /** @type {HTMLButtonElement} */ (find('login-by-email'))
  const waiting = find('login-email-waiting')
  const code = find('login-email-code')
  let timer = 0

  const stop = () => {
    clearTimeout(timer)
    timer = 0
    waiting.hidden = true
    button.disabled = false
  }

  /** @param {string} message */
  const fail = (message) => {
    stop()
    onProblem(message)
  }

  const poll = async () => {
    const answer = await post('/login/email/state', {})
    if (timer === 0) return
    switch (answer?.state) {
      case 'signed-in':
        stop()
        onSignIn(answer.customer)
        return
      case 'denied':
      case 'over':
        fail(WORDS[/** @type {'denied' | 'over'} */ (answer.state)])
        return
      default:
        // Waiting, or the shop did not answer: both go on.
        timer = window.setTimeout(poll, POLL_MS)
    }
  }

  button.addEventListener('click', async () => {
    onProblem('')
    button.disabled = true
    const answer = await post('/login/email', { email: email() })
    if (answer?.code === undefined) return fail(answer?.error ?? answer?.message ?? WORDS.unreachable)
    code.textContent = answer.code
    waiting.hidden = false
    timer = window.setTimeout(poll, POLL_MS)
  })
  return stop
}

/** @param {string} url @param {object} body @returns {Promise<any>} nothing where the shop did not answer */
const post = (url, body) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
    .then((response) => response.json())
    .catch(() => undefined)
