/**
 * Listeners on objects that outlive a chat, and connections, that a page holds. Counted as they come and go, as garbage
 * is collected at any time.
 */
import type { Page } from 'playwright'

type Held = Readonly<Record<string, number>>

/** Call it before the page is opened; the result counts those held then, by kind. */
export async function watchHeld(page: Page): Promise<() => Promise<Held>> {
  await page.addInitScript(countInPage)
  return () => page.evaluate(() => (globalThis as unknown as { held(): Promise<Held> }).held())
}

/** Runs in the page. */
function countInPage(): void {
  /** Held objects and their kinds. */
  const held = new Map<object, string>()
  const lasting = (target: EventTarget) =>
    target === window || target === document || target === visualViewport || target instanceof MediaQueryList

  /** One per listener, as the browser distinguishes them. */
  const marks = new WeakMap<EventTarget, Map<unknown, Map<string, object>>>()
  const markOf = (target: EventTarget, type: string, listener: unknown, options: unknown) => {
    const capture = typeof options === 'object' ? (options as AddEventListenerOptions)?.capture : options
    const ofTarget = marks.get(target) ?? new Map<unknown, Map<string, object>>()
    marks.set(target, ofTarget)
    const ofListener = ofTarget.get(listener) ?? new Map<string, object>()
    ofTarget.set(listener, ofListener)
    const key = `${type} ${capture === true}`
    const mark = ofListener.get(key) ?? {}
    ofListener.set(key, mark)
    return mark
  }
  const { addEventListener, removeEventListener } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const target = (this ?? window) as EventTarget
    if (listener !== null && lasting(target)) {
      const mark = markOf(target, type, listener, options)
      const forget = () => held.delete(mark)
      const { once, signal } = typeof options === 'object' ? options : {}
      if (signal?.aborted !== true) held.set(mark, `${target.constructor.name} ${type}`)
      if (signal) addEventListener.call(signal, 'abort', forget)
      if (once) addEventListener.call(target, type, forget, { once })
    }
    addEventListener.call(target, type, listener, options)
  }
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = (this ?? window) as EventTarget
    if (lasting(target)) held.delete(markOf(target, type, listener, options))
    removeEventListener.call(target, type, listener, options)
  }

  const { open } = IDBFactory.prototype
  IDBFactory.prototype.open = function (...names) {
    const request = open.apply(this, names)
    addEventListener.call(request, 'success', () => held.set(request.result, 'database'))
    return request
  }
  const { close } = IDBDatabase.prototype
  IDBDatabase.prototype.close = function () {
    held.delete(this)
    close.call(this)
  }
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      held.set(this, 'channel')
    }

    override close(): void {
      held.delete(this)
      super.close()
    }
  }
  globalThis.WebSocket = class extends WebSocket {
    constructor(...options: ConstructorParameters<typeof WebSocket>) {
      super(...options)
      held.set(this, 'socket')
      addEventListener.call(this, 'close', () => held.delete(this))
    }
  }
  const { setInterval, clearInterval } = globalThis
  const intervals = new Map<number, object>()
  Object.assign(globalThis, {
    setInterval(...timer: Parameters<typeof setInterval>) {
      const id = setInterval(...timer) as unknown as number
      const mark = {}
      intervals.set(id, mark)
      held.set(mark, 'interval')
      return id
    },
    clearInterval(id: number) {
      held.delete(intervals.get(id) ?? {})
      clearInterval(id)
    },
    async held() {
      const locks = await navigator.locks.query()
      const kinds = [...held.values(), ...[...(locks.held ?? []), ...(locks.pending ?? [])].map(() => 'lock')]
      const counts: Record<string, number> = {}
      for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
      return counts
    },
  })
}
