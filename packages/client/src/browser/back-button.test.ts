/** In Node, with a history of the test's own. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

interface Entry {
  readonly state: unknown
  readonly href: string
}

/** A page with a history whose steps back are told later, as a browser does. */
function openPage() {
  const entries: Entry[] = [{ state: { idx: 0 }, href: 'https://shop.test/' }]
  let at = 0
  const listeners: ((event: PopStateEvent) => void)[] = []
  const heardByPage: unknown[] = []
  class FakeHistory {
    get state() {
      return entries[at]?.state
    }
    pushState(state: unknown) {
      entries.splice(at + 1, entries.length, { state, href: entries[at]?.href ?? '' })
      at += 1
    }
    back() {
      queueMicrotask(() => go(-1))
    }
  }
  const history = new FakeHistory()
  function go(steps: number): void {
    at += steps
    let isStopped = false
    const event = { stopImmediatePropagation: () => (isStopped = true) } as unknown as PopStateEvent
    for (const listener of listeners) listener(event)
    if (!isStopped) heardByPage.push(history.state)
  }
  vi.stubGlobal('History', FakeHistory)
  vi.stubGlobal('history', history)
  vi.stubGlobal('location', {
    get href() {
      return entries[at]?.href
    },
  })
  vi.stubGlobal('addEventListener', (_name: string, listener: (event: PopStateEvent) => void) =>
    listeners.push(listener),
  )
  return {
    heardByPage,
    back: (steps = 1) => go(-steps),
    /** The page's own router goes on. */
    visit(href: string) {
      history.pushState({ idx: at + 1 })
      entries[at] = { state: { idx: at }, href }
    },
    get place() {
      return [at, entries[at]?.href] as const
    },
  }
}

let page: ReturnType<typeof openPage>
let closeOnBack: (close: () => void) => () => void

beforeEach(async () => {
  page = openPage()
  vi.resetModules()
  closeOnBack = (await import('./back-button.ts')).closeOnBack
})
afterEach(() => vi.unstubAllGlobals())

const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

it('[HP12] the back button closes the chat, and the page’s router hears nothing', async () => {
  const close = vi.fn()
  const leave = closeOnBack(close)
  expect(page.place[0]).toBe(1)
  page.back()
  expect(close).toHaveBeenCalledOnce()
  leave()
  await settled()
  expect([page.place[0], page.heardByPage]).toEqual([0, []])
})

it('[HP12] a chat that is closed otherwise leaves no entry behind', async () => {
  const close = vi.fn()
  closeOnBack(close)()
  await settled()
  expect([page.place[0], page.heardByPage]).toEqual([0, []])
  expect(close).not.toHaveBeenCalled()
  page.visit('https://shop.test/cart')
  page.back()
  expect(page.heardByPage).toEqual([{ idx: 0 }])
})

it('[HP12] an element that moves within the page keeps its entry', async () => {
  const close = vi.fn()
  closeOnBack(close)()
  const leave = closeOnBack(close)
  await settled()
  expect(page.place[0]).toBe(1)
  page.back()
  expect(close).toHaveBeenCalledOnce()
  leave()
})

it('[HP12] the page’s own steps stay the page’s', async () => {
  const close = vi.fn()
  const leave = closeOnBack(close)
  page.visit('https://shop.test/cart')
  leave()
  await settled()
  expect(page.place).toEqual([2, 'https://shop.test/cart'])
  const closeAgain = vi.fn()
  closeOnBack(closeAgain)
  // Beyond the entry of the chat.
  page.back(3)
  expect(closeAgain).toHaveBeenCalledOnce()
  expect(page.heardByPage).toEqual([{ idx: 0 }])
})

it('[HP12] a browser that asks dialogs by itself gets no entry', () => {
  vi.stubGlobal('CloseWatcher', class {})
  closeOnBack(() => {})
  expect(page.place[0]).toBe(0)
})
