/** The number of unread messages in the page's title, as `(2) Shop`: one number for all chats of the page. */

export interface PageTitle {
  /** 0 leaves the title to the page. */
  setCount(count: number): void
}

const counts = new Map<PageTitle, number>()
let prefix = ''
let observer: MutationObserver | undefined

/**
 * Keeps a prefix that another script put before the number: two scripts that insist on the first place would never end.
 */
function write(): void {
  const { title } = document
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const next = total > 0 ? `(${total}) ` : ''
  const changed = prefix !== '' && title.includes(prefix) ? title.replace(prefix, next) : next + title
  prefix = next
  if (title !== changed) document.title = changed
}

/** Watches for the page's own changes of its title, which drop the number. */
function watch(): void {
  observer?.disconnect()
  observer = undefined
  if (prefix === '' || document.head === null) return
  observer = new MutationObserver(() => {
    if (!document.title.includes(prefix)) write()
  })
  observer.observe(document.head, { childList: true, subtree: true, characterData: true })
}

export function createPageTitle(): PageTitle {
  const mine: PageTitle = {
    setCount(count) {
      if (count === (counts.get(mine) ?? 0)) return
      if (count > 0) counts.set(mine, count)
      else counts.delete(mine)
      write()
      watch()
    },
  }
  return mine
}
