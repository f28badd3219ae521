/** The number of unread messages in the page's title, as `(2) Shop`: one number for all chats of the page. */

export interface PageTitle {
  /** 0 leaves the title to the page. */
  setCount(count: number): void
}

const counts = new Map<PageTitle, number>()
/**
 * Titles with a number that were written since there is one, each with the page's own; the present one is the last. They
 * distinguish the number from one of the page itself, also after a script has kept a title and put it back.
 */
const written = new Map<string, string>()
const MAX_WRITTEN = 20
let observer: MutationObserver | undefined

/** True if `title` is `text`, or another script has put something around it. */
const holds = (title: string, text: string) =>
  title === text || (written.get(text) !== '' && title.includes(text))

/**
 * Keeps what another script put around the number: two scripts that insist on the first place would never end.
 */
function write(): void {
  const { title } = document
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const known = [...written.keys()].findLast((text) => holds(title, text))
  const own = written.get(known ?? '') ?? title
  // A browser removes the space where the page has no title of its own.
  const next = total > 0 ? `(${total}) ${own}`.trim() : own
  const changed = title.replace(known ?? title, () => next)
  written.delete(next)
  if (total > 0) written.set(next, own)
  else written.clear()
  for (const text of [...written.keys()].slice(0, -MAX_WRITTEN)) written.delete(text)
  if (title !== changed) document.title = changed
}

/** Watches for the page's own changes of its title, which drop the number. */
function watch(): void {
  observer?.disconnect()
  observer = undefined
  if (counts.size === 0 || document.head === null) return
  observer = new MutationObserver(() => {
    if (!holds(document.title, [...written.keys()].at(-1) ?? '')) write()
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
