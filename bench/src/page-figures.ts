/** Figures of a page in Chromium. */
import type { CDPSession } from 'playwright'

/** Main-thread time of the page's tasks during `work`. Milliseconds. `Performance` is enabled in the session. */
export async function mainThreadMs(session: CDPSession, work: () => Promise<void>): Promise<number> {
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
  const before = await read()
  await work()
  return (await read()) - before
}

/** Elements, texts and comments of the page, shadow trees included. Runs in the page. */
export function countNodes(): number {
  const count = (root: Node): number => {
    let found = 0
    const walker = document.createTreeWalker(root)
    while (walker.nextNode() !== null) {
      found += 1
      const { shadowRoot } = walker.currentNode as Element
      if (shadowRoot) found += count(shadowRoot)
    }
    return found
  }
  return count(document.body)
}
