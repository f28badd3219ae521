/** A page in which no element is defined: test files share one, and a definition cannot be taken back. */
import { onTestFinished } from 'vitest'

export type FreshPage = Window & typeof globalThis

/** Opens it in a frame, until the test ends. Its address has the origin of the test's page. */
export async function openFreshPage(): Promise<FreshPage> {
  const frame = document.createElement('iframe')
  frame.style.cssText = 'inline-size: 400px; block-size: 640px'
  frame.src = URL.createObjectURL(new Blob(['<!doctype html><title>New</title>'], { type: 'text/html' }))
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await loaded
  onTestFinished(() => {
    URL.revokeObjectURL(frame.src)
    frame.remove()
  })
  const page = frame.contentWindow as FreshPage
  // Vitest loads the parts of a module by it.
  const runner = '__vitest_browser_runner__'
  Object.assign(page, { [runner]: Reflect.get(globalThis, runner) })
  return page
}

/** Imports a module in that page. `address`: `new URL('./module.ts', import.meta.url)`. */
export const importIn = <Module>(page: FreshPage, address: URL): Promise<Module> =>
  new Promise((resolve, reject) => {
    Object.assign(page, { imported: resolve })
    const script = page.document.createElement('script')
    script.type = 'module'
    script.textContent = `import * as module from ${JSON.stringify(address.href)}; imported(module)`
    script.addEventListener('error', () => reject(new Error(`${address} could not be imported`)))
    page.document.head.append(script)
  })
