/** Keeps the read messages in place while rows are added and removed above and below. */
export function createScrollKeeper(findScroller: () => HTMLElement | null) {
  let endTop = 0
  let anchor: { readonly key: string; readonly top: number } | null = null

  const rowsIn = (scroller: HTMLElement) => scroller.querySelectorAll<HTMLElement>('[data-key]')

  return {
    /** Before an update: stores the position of the row in the middle of the view. */
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
    /** After an update: scrolls that row back to its position. */
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
    /** True if nobody scrolled back since `toEnd`; growing content below is not the visitor's scrolling. */
    isWhereItEnded: (): boolean => (findScroller()?.scrollTop ?? 0) >= endTop - 1,
  }
}
