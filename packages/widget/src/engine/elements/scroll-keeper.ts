/** Keeps what the visitor reads where it is while rows come and go above and below it. */
export function createScrollKeeper(findScroller: () => HTMLElement | null) {
  let endTop = 0
  let anchor: { readonly key: string; readonly top: number } | null = null

  const rowsIn = (scroller: HTMLElement) => scroller.querySelectorAll<HTMLElement>('[data-key]')

  return {
    /** Before an update: notes the row in the middle of the view. */
    remember(): void {
      anchor = null
      const scroller = findScroller()
      if (scroller === null) return
      // The middle row is in the window before and after, whichever way it moves.
      const view = scroller.getBoundingClientRect()
      const middle = view.top + view.height / 2
      for (const row of rowsIn(scroller)) {
        const { top, bottom } = row.getBoundingClientRect()
        if (bottom < middle) continue
        anchor = { key: row.dataset.key ?? '', top }
        return
      }
    },
    /** After it: puts that row back where it was. */
    restore(): void {
      const scroller = findScroller()
      if (scroller === null || anchor === null) return
      for (const row of rowsIn(scroller)) {
        if (row.dataset.key !== anchor.key) continue
        const moved = row.getBoundingClientRect().top - anchor.top
        if (Math.abs(moved) >= 1) scroller.scrollTop += moved
        return
      }
    },
    toEnd(): void {
      const scroller = findScroller()
      if (scroller === null) return
      scroller.scrollTop = scroller.scrollHeight
      endTop = scroller.scrollTop
    },
    /** Nobody scrolled back since `toEnd`; what came below by growing is no scrolling of the visitor's. */
    isWhereItEnded: (): boolean => (findScroller()?.scrollTop ?? 0) >= endTop - 1,
  }
}
