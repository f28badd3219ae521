/** The operating system's process of a page, to be stopped or killed: so a frozen or crashed page looks to others. */
import type { Page } from 'playwright'

interface TraceEvent {
  readonly name: string
  readonly args?: { readonly data?: { readonly frames?: readonly { readonly processId?: number }[] } }
}

/** A few pages of one browser have a process each. */
export async function processOf(page: Page): Promise<number> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('a page of a browser that was launched is needed')
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] })
  const trace = JSON.parse(String(await browser.stopTracing())) as { readonly traceEvents: TraceEvent[] }
  const started = trace.traceEvents.find(({ name }) => name === 'TracingStartedInBrowser')
  const id = started?.args?.data?.frames?.[0]?.processId
  if (id === undefined) throw new Error('the browser does not say which process the page has')
  return id
}
