/** When a proactive message is due: time on the page, scrolling, address. */

export interface ProactiveRules {
  /** Time on a page of this address. Milliseconds. */
  readonly afterMs: number
  /** Share of the page that was scrolled, in percent. */
  readonly scroll: number
  /** Path and query of the page, or its whole URL, with `*` for anything. `null`: any page. */
  readonly address: string | null
}

const EVERY_MS = 500

/** `null` without any rule: then only the host shows the message. */
export function readRules(element: Element): ProactiveRules | null {
  const [after, scroll, address] = ['after', 'scroll', 'address'].map((name) => element.getAttribute(name))
  if (after === null && scroll === null && address === null) return null
  return { afterMs: (Number(after) || 0) * 1_000, scroll: Number(scroll) || 0, address: address ?? null }
}

export function isAddress(pattern: string, { href, origin }: Pick<Location, 'href' | 'origin'>): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.+?()[\]{}|/]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`)
  const page = href.split('#')[0] ?? ''
  return expression.test(page) || (page.startsWith(origin) && expression.test(page.slice(origin.length)))
}

function scrolled(): number {
  const { scrollHeight, clientHeight, scrollTop } = document.scrollingElement ?? document.documentElement
  const most = scrollHeight - clientHeight
  // A page that fits the window was seen whole.
  return most <= 0 ? 100 : (scrollTop / most) * 100
}

/** Calls `due` once all rules hold. Returns what ends it. A page that changes its address begins anew. */
export function watchRules({ afterMs, scroll, address }: ProactiveRules, due: () => void): () => void {
  let since: number | null = null
  const look = () => {
    if (address !== null && !isAddress(address, location)) {
      since = null
      return
    }
    since ??= performance.now()
    if (performance.now() - since >= afterMs && scrolled() >= scroll) due()
  }
  const timer = setInterval(look, EVERY_MS)
  const stop = () => clearInterval(timer)
  look()
  return stop
}
