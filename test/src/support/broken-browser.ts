/** Scripts that remove a browser interface, or make it refuse or never answer, before the page's code runs. */
import type { BrowserContext } from 'playwright'

export type Fault = 'is missing' | 'throws on access' | 'throws on use' | 'never answers'

/** `path`: from `window`, e.g. `navigator.locks`. */
export async function breakInterface(context: BrowserContext, path: string, fault: Fault): Promise<void> {
  await context.addInitScript(breakInPage, { path, fault })
}

/** Runs in the page. */
function breakInPage({ path, fault }: { readonly path: string; readonly fault: Fault }): void {
  // The initial page of a tab has no storage to remove.
  if (location.protocol === 'about:') return
  const steps = path.split('.')
  const name = steps.pop() as string
  const at = steps.reduce<Record<string, unknown>>(
    (object, step) => object[step] as never,
    globalThis as never,
  )
  /** The object that owns it: `indexedDB` is `window`'s own, `locks` is of the navigator's prototype. */
  let holder: object = at
  while (!Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder)
  const refuse = (): never => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  const define = (descriptor: PropertyDescriptor) =>
    Object.defineProperty(holder, name, { configurable: true, ...descriptor })
  /** A request of IndexedDB, a channel or an animation that never fires an event. */
  const silence = () =>
    new Proxy(new EventTarget(), {
      get: (target, key) => (key === 'addEventListener' ? target.addEventListener.bind(target) : silent),
      set: () => true,
    })
  const silent = () => new Promise(() => {})
  const answer = fault === 'throws on use' ? refuse : silent
  if (fault === 'is missing') {
    Reflect.deleteProperty(holder, name)
    return
  }
  if (fault === 'throws on access') {
    define({ get: refuse })
    return
  }
  // An accessor of a prototype cannot be read there.
  const before = at[name]
  if (name === 'indexedDB') define({ value: { open: fault === 'throws on use' ? refuse : silence } })
  else if (name === 'animate') define({ value: fault === 'throws on use' ? refuse : silence })
  else if (typeof before === 'function' && before.prototype === undefined) define({ value: answer })
  else if (typeof before === 'function' && !Object.hasOwn(before, 'prototype')) define({ value: answer })
  else if (typeof before === 'function')
    // Works as a class, and as a function called with `new`.
    define({
      value:
        fault === 'throws on use'
          ? class {
              constructor() {
                refuse()
              }
            }
          : class {
              postMessage() {}
              close() {}
              observe() {}
              disconnect() {}
            },
    })
  else define({ value: new Proxy({}, { get: () => answer, set: refuse }) })
}
