// @ts-check
/** The command queue as a site pastes it: calls made before `embed.js` has loaded run after it, in order. */
;(() => {
  /** @type {unknown[][]} */
  const calls = []
  const ChatWidget = Object.assign((/** @type {unknown[]} */ ...call) => void calls.push(call), { q: calls })

  // For the log only: `embed.js` is asynchronous, so it may send events, or fail, before the page's module listens.
  /** @type {Event[]} */
  const early = []
  const record = (/** @type {Event} */ event) => void early.push(event)
  const names = ['error', 'widget-ready', 'widget-error', 'connection-change', 'identity-change']
  for (const name of names) document.addEventListener(name, record, { capture: true })
  const takeEarlyEvents = () => {
    for (const name of names) document.removeEventListener(name, record, { capture: true })
    return early
  }

  Object.assign(window, { ChatWidget, takeEarlyEvents })
})()
