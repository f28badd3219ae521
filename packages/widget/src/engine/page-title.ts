/** The number of unread messages in the title of the page, as `(2) Shop`. */

export interface PageTitle {
  /** 0 leaves the title to the page. */
  setCount(count: number): void
}

export function createPageTitle(): PageTitle {
  let prefix = ''
  let count = 0
  const write = () => {
    const { title } = document
    const own = title.startsWith(prefix) ? title.slice(prefix.length) : title
    prefix = count > 0 ? `(${count}) ` : ''
    if (title !== prefix + own) document.title = prefix + own
  }
  // A page that changes its title does not know of the number.
  const observer = new MutationObserver(write)
  return {
    setCount(next) {
      if (next === count) return
      count = next
      observer.disconnect()
      write()
      if (count > 0 && document.head !== null)
        observer.observe(document.head, { childList: true, subtree: true, characterData: true })
    },
  }
}
