// @ts-check
/** Sign-in by a person who approves elsewhere: asks the shop, shows the code, and waits for the outcome. */

/** @typedef {import('./account.js').Customer} Customer */

const POLL_MS = 1_000
const UNREACHABLE = 'The shop cannot be reached. Please try again.'

/**
 * @param {ParentNode} place holds the waiting view
 * @param {object} options
 * @param {'/login/email' | '/login/identifier'} options.path whom the shop asks
 * @param {(customer: Customer) => void} options.onSignIn
 * @param {(message: string) => void} options.onProblem an empty one takes the last one back
 * @param {(state: 'idle' | 'asking' | 'waiting') => void} options.onState
 */
export function createPersonLogin(place, { path, onSignIn, onProblem, onState }) {
  const waiting = /** @type {HTMLElement} */ (place.querySelector('[data-waiting]'))
  const code = /** @type {HTMLElement} */ (waiting.querySelector('[data-code]'))
  let timer = 0
  /** Counts attempts, so that late answers to a cancelled one are ignored. */
  let turn = 0

  const end = () => {
    turn += 1
    clearTimeout(timer)
    waiting.hidden = true
    onState('idle')
  }

  const pollLater = () => {
    const current = turn
    timer = window.setTimeout(async () => {
      const answer = await post(`${path}/state`)
      if (current !== turn) return
      // If the shop did not answer, it may the next time.
      if (answer?.state === undefined) pollLater()
      else settle(answer)
    }, POLL_MS)
  }

  /** @param {any} answer */
  const settle = (answer) => {
    switch (answer.state) {
      case 'waiting':
        if (waiting.hidden) {
          code.textContent = answer.code
          waiting.hidden = false
          onState('waiting')
        }
        pollLater()
        return
      case 'signed-in':
        end()
        onSignIn(answer.customer)
        return
      default:
        end()
        onProblem(answer.text)
    }
  }

  return {
    /** @param {Record<string, string>} whom */
    async ask(whom) {
      turn += 1
      const current = turn
      onProblem('')
      onState('asking')
      const answer = await post(path, whom)
      if (current !== turn) return
      if (answer?.state !== undefined) return settle(answer)
      end()
      onProblem(answer?.error ?? UNREACHABLE)
    },
    /** Resumes a request of this browser from before the page was loaded. */
    async resume() {
      const current = turn
      const answer = await post(`${path}/state`)
      // `over`: nothing was asked, or the outcome is long known.
      if (current === turn && answer?.state !== undefined && answer.state !== 'over') settle(answer)
    },
    /** Cancels the request. */
    cancel() {
      if (!waiting.hidden) void post(`${path}/cancel`)
      end()
    },
  }
}

/** @param {string} url @param {object} [body] @returns {Promise<any>} nothing if the shop did not answer */
const post = (url, body = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
    .then((response) => response.json())
    .catch(() => undefined)
