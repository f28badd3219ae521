/** A page that tests use one after the other, each as a new visitor. */
import type { Disposable, Page } from 'playwright'

export interface ReusablePage {
  readonly page: Page
  /** Options of its context, as JSON. */
  readonly key: string
  /** Makes the page a new visitor's. False if it cannot: then its context is to be closed. */
  forget(): Promise<boolean>
}

type Method = (...given: never[]) => Promise<unknown>

/** Calls `after` with the result of each call of the methods. */
function watch<Name extends string>(
  target: Readonly<Record<Name, Method>>,
  names: readonly Name[],
  after: (result: unknown) => void,
): void {
  for (const name of names) {
    const method = target[name].bind(target) as (...given: unknown[]) => Promise<unknown>
    Object.assign(target, {
      async [name](...given: unknown[]) {
        const result = await method(...given)
        after(result)
        return result
      },
    })
  }
}

export function reusablePage(page: Page, key: string): ReusablePage {
  const context = page.context()
  const viewport = page.viewportSize()
  let added: Disposable[] = []
  let isSpoiled = false
  const spoil = () => {
    isSpoiled = true
  }
  const newCDPSession = context.newCDPSession.bind(context)
  for (const target of [page, context]) {
    watch(target, ['addInitScript', 'exposeFunction'], (result) => added.push(result as Disposable))
    watch(target, ['routeWebSocket', 'setExtraHTTPHeaders'], spoil)
  }
  watch(page, ['emulateMedia'], spoil)
  watch(context, ['newCDPSession', 'grantPermissions', 'addCookies'], spoil)
  watch(page.clock, ['install', 'pauseAt', 'runFor', 'fastForward', 'setFixedTime', 'setSystemTime'], spoil)

  async function forget(): Promise<boolean> {
    if (isSpoiled || context.pages().some((other) => other !== page)) return false
    const tools = await newCDPSession(page)
    const { entries } = await tools.send('Page.getNavigationHistory')
    const origins = new Set(entries.map(({ url }) => new URL(url).origin).filter((one) => one !== 'null'))
    const [origin] = origins
    // The storage of a tab is cleared from within a page of the origin alone.
    if (origin === undefined || origins.size > 1) return false
    await page.evaluate(() => {
      // The last of all listeners: the chat may store something as the page is left.
      const clear = () => sessionStorage.clear()
      addEventListener('pagehide', clear)
      addEventListener('visibilitychange', clear)
    })
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await context.unrouteAll({ behavior: 'ignoreErrors' })
    await context.setOffline(false)
    await page.goto('about:blank')
    await tools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' })
    await tools.send('Page.resetNavigationHistory')
    await tools.detach()
    await context.clearCookies()
    for (const one of added) await one.dispose()
    added = []
    if (viewport !== null) await page.setViewportSize(viewport)
    return true
  }
  return { page, key, forget: () => forget().catch(() => false) }
}
