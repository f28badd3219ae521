/** Announcements of a screen reader for the widget: every change of a live region, in order. */
import type { Page } from 'playwright'

/** Call it when the panel is open; the result returns the announcements since then. */
export async function recordAnnouncements(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const announced: string[] = []
    Object.assign(globalThis, { announced })
    const textOf = (node: Node) => (node.textContent ?? '').replace(/\s+/g, ' ').trim()
    const say = (text: string) => {
      if (text !== '') announced.push(text)
    }
    const watch = (region: Element) => {
      const isAtomic = region.getAttribute('role') === 'status'
      let last = textOf(region)
      new MutationObserver((changes) => {
        const text = textOf(region)
        // A region that is not rendered is not announced, e.g. the list of a closed chat.
        const isHeard = region.checkVisibility()
        // A status is read as a whole, other live regions by their additions.
        if (isHeard && isAtomic && text !== last) say(text)
        if (isHeard && !isAtomic)
          for (const { addedNodes } of changes) for (const node of addedNodes) say(textOf(node))
        last = text
      }).observe(region, { childList: true, characterData: true, subtree: true })
    }
    const visit = (root: ParentNode) => {
      for (const element of root.querySelectorAll('*')) {
        if (element.matches('[role=status], [aria-live=polite], [aria-live=assertive], [role=alert]'))
          watch(element)
        if (element.shadowRoot !== null) visit(element.shadowRoot)
      }
    }
    const widget = document.querySelector('chat-widget')?.shadowRoot
    if (widget) visit(widget)
  })
  return () => page.evaluate(() => (globalThis as unknown as { announced: string[] }).announced)
}
