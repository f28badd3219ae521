// @ts-check
/** The panel "What the widget tells the page": a log, newest last, and the token's countdown. */

/** @typedef {'event' | 'provider' | 'host' | 'error'} Kind */

const MAX_ENTRIES = 200

/** @param {string} selector */
const find = (selector) => {
  const element = document.querySelector(selector)
  if (!(element instanceof HTMLElement)) throw new Error(`The page has no ${selector}.`)
  return element
}

export function createLog() {
  const list = find('[data-testid="event-log"]')
  const scroller = /** @type {HTMLElement} */ (list.parentElement)
  const empty = find('[data-log-empty]')
  const panel = find('[data-inspector]')
  const toggle = find('[data-inspector-toggle]')
  const countdown = createCountdown(find('[data-testid="token-countdown"]'))

  find('[data-log-clear]').addEventListener('click', () => {
    list.replaceChildren()
    empty.hidden = false
  })
  toggle.addEventListener('click', () => {
    const hidden = panel.classList.toggle('collapsed')
    document.body.classList.toggle('inspector-collapsed', hidden)
    toggle.setAttribute('aria-expanded', String(!hidden))
    toggle.textContent = hidden ? 'Show' : 'Hide'
  })

  return {
    countdown,
    /**
     * @param {Kind} kind
     * @param {string} name
     * @param {string} [details]
     * @param {Record<string, string>} [data] further `data-` attributes
     */
    add(kind, name, details = '', data = {}) {
      // Keeps the position of somebody who scrolled up to read.
      const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40
      empty.hidden = true
      const entry = document.createElement('li')
      Object.assign(entry.dataset, { testid: 'log-entry', name, kind, ...data })
      entry.append(timestamp(new Date()), label(name), text('log-details', details))
      list.append(entry)
      while (list.childElementCount > MAX_ENTRIES) list.firstElementChild?.remove()
      if (atEnd) scroller.scrollTop = scroller.scrollHeight
    },
  }
}

/** @param {Date} date */
function timestamp(date) {
  const element = document.createElement('time')
  element.dateTime = date.toISOString()
  const pad = (/** @type {number} */ value, length = 2) => String(value).padStart(length, '0')
  element.textContent = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
  return element
}

/** @param {string} name */
function label(name) {
  const element = document.createElement('code')
  element.textContent = name
  return element
}

/** @param {string} className @param {string} content */
function text(className, content) {
  const element = document.createElement('span')
  element.className = className
  element.textContent = content
  return element
}

/** @param {HTMLElement} element */
function createCountdown(element) {
  const initial = element.textContent
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer
  /** @type {number} */
  let end

  const show = () => {
    const seconds = Math.ceil((end - Date.now()) / 1_000)
    element.dataset.state = seconds > 0 ? 'valid' : 'expired'
    element.textContent =
      seconds > 0
        ? `Token expires in ${seconds} s`
        : `Token expired ${-seconds} s ago. The next question asks the page for a fresh one.`
  }

  return {
    /** @param {number} expiresIn seconds */
    start(expiresIn) {
      clearInterval(timer)
      end = Date.now() + expiresIn * 1_000
      show()
      timer = setInterval(show, 1_000)
    },
    stop() {
      clearInterval(timer)
      element.dataset.state = 'none'
      element.textContent = initial
    },
  }
}
