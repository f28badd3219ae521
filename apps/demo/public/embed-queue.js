// @ts-check
/** The command queue as a site pastes it: calls made before `embed.js` is there run after it, in order. */
;(() => {
  /** @type {unknown[][]} */
  const calls = []
  const ChatWidget = Object.assign((/** @type {unknown[]} */ ...call) => void calls.push(call), { q: calls })
  Object.assign(window, { ChatWidget })

  // `embed.js` is asynchronous: it may fail before the page's own module listens.
  document.addEventListener(
    'error',
    (event) => {
      if (event.target instanceof HTMLScriptElement) event.target.dataset.failed = 'true'
    },
    { capture: true },
  )
})()
