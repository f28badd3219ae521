// @ts-check
/** The shopping bag: counts its items, and announces each. */

export function startBag() {
  const bag = document.querySelector('[data-bag]')
  const badge = document.querySelector('[data-bag-count]')
  if (!(bag instanceof HTMLElement) || !(badge instanceof HTMLElement)) return
  let count = 0

  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-add]') : null
    if (!(button instanceof HTMLElement)) return
    count += 1
    badge.textContent = String(count)
    badge.hidden = false
    bag.setAttribute('aria-label', `Bag, ${count} ${count === 1 ? 'item' : 'items'}`)
    announce(`${button.dataset.add} is in your bag.`)
  })
}

/** @param {string} message */
export function announce(message) {
  const status = document.querySelector('[data-announcement]')
  if (status) status.textContent = message
}
