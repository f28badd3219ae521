/** Pages kept in the browser's back/forward cache while another one is shown. */
import type { Page } from 'playwright'
import { until } from './wait.ts'

const TRIES = 3

/** The browser did not keep the page, for a reason that it hides from pages, e.g. time or memory. */
class NotKept extends Error {
  override readonly name = 'NotKept'
}

/**
 * Plays a story about a page that was kept. If the browser did not keep it for reasons of its own, the story begins
 * again, a few times; then it fails.
 */
export async function withKeptPage(story: () => Promise<void>): Promise<void> {
  for (let left = TRIES - 1; ; left -= 1)
    try {
      return await story()
    } catch (error) {
      if (!(error instanceof NotKept) || left === 0) throw error
    }
}

/** Leaves and comes back. Rejects if the page does not come from the cache. Use it within `withKeptPage`. */
export async function awayAndBack(
  page: Page,
  elsewhere: string,
  meanwhile: () => unknown = () => {},
): Promise<void> {
  const comeBack = await goAway(page, elsewhere)
  await meanwhile()
  await comeBack()
}

/** Leaves. The answer comes back; it rejects as `awayAndBack` does. */
export async function goAway(page: Page, elsewhere: string): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    Object.assign(globalThis, { shown: 'before' })
    addEventListener('pageshow', ({ persisted }) =>
      Object.assign(globalThis, { shown: persisted ? 'kept' : 'anew' }),
    )
  })
  const url = page.url()
  await page.goto(elsewhere)
  return () => comeBack(page, url)
}

async function comeBack(page: Page, url: string): Promise<void> {
  await page.goBack({ waitUntil: 'commit' })
  let state = { url: '', shown: '', reasons: '' }
  await until('the page is shown again', async () => {
    state = await page.evaluate(readState)
    return state.url === url && state.shown !== 'before'
  })
  if (state.shown === 'kept') return
  const reasons = state.reasons.replaceAll('{"reason":"masked"}', '')
  if (reasons.includes('"reason":')) throw new Error(`the page cannot be kept: ${state.reasons}`)
  throw new NotKept(`the browser did not keep the page: ${state.reasons}`)
}

/** Runs in the page. */
function readState(): { readonly url: string; readonly shown: string; readonly reasons: string } {
  const [navigation] = performance.getEntriesByType('navigation')
  // Absent if the test sets the page's clock.
  const { notRestoredReasons = null } = (navigation ?? {}) as { readonly notRestoredReasons?: unknown }
  return {
    url: location.href,
    // A reloaded page has no earlier value.
    shown: (globalThis as { readonly shown?: string }).shown ?? 'anew',
    reasons: JSON.stringify(notRestoredReasons),
  }
}
