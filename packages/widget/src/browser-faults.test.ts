/**
 * Each browser interface missing, throwing on access, throwing on use and never answering, and the widget's behaviour.
 */
import {
  canCopy,
  canonicalLocale,
  copyOf,
  copyText,
  databases,
  dateFormat,
  isOnline,
  isRendered,
  localArea,
  lower,
  matchMedium,
  openChannel,
  raise,
  randomBytes,
  tabArea,
  warmDates,
  watchOnScreen,
  watchSize,
  watchViewport,
  whenIdle,
} from '@chat-widget/client/browser'
import { createFormats } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

type Fault = 'is missing' | 'throws on access' | 'throws on use' | 'never answers'

const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError')
}
const silent = () => new Promise<never>(() => {})

let restore = () => {}

/** Breaks `owner[name]`; members of an object, a function itself, a class when it is made. */
function breakInterface(owner: object, name: string, fault: Fault): void {
  let holder = owner
  while (!Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder)
  const before = Object.getOwnPropertyDescriptor(holder, name) as PropertyDescriptor
  restore = () => void Object.defineProperty(holder, name, before)
  const answer = fault === 'throws on use' ? refuse : silent
  const value: unknown = Reflect.get(owner, name)
  const broken = typeof value !== 'object' ? () => answer() : new Proxy({}, { get: () => answer })
  if (fault === 'is missing') Reflect.deleteProperty(holder, name)
  else if (fault === 'throws on access')
    Object.defineProperty(holder, name, { configurable: true, get: refuse })
  else Object.defineProperty(holder, name, { configurable: true, value: broken })
}

const ALL: readonly Fault[] = ['is missing', 'throws on access', 'throws on use', 'never answers']
const SYNCHRONOUS = ALL.filter((fault) => fault !== 'never answers')
/** Only its existence is tested: none of its methods is called here. */
const ACCESS = ALL.slice(0, 2)

let element: HTMLElement
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  element = document.createElement('div')
  document.body.append(element)
})
afterEach(() => {
  restore()
  vi.useRealTimers()
  element.remove()
})

const DAY = new Date(2026, 0, 9, 8, 7)
const afterAll = () => vi.advanceTimersByTimeAsync(10_000)

/** Expected behaviour with any of the faults. */
const CASES: readonly (readonly [
  owner: object,
  name: string,
  faults: readonly Fault[],
  hold: (fault: Fault) => unknown,
])[] = [
  [window, 'indexedDB', ACCESS, () => expect(databases()).toBeUndefined()],
  [window, 'localStorage', ACCESS, () => expect(localArea()).toBeUndefined()],
  [window, 'sessionStorage', ACCESS, () => expect(tabArea()).toBeUndefined()],
  [navigator, 'onLine', ACCESS, () => expect(isOnline()).toBe(true)],
  [window, 'crypto', SYNCHRONOUS, () => expect(randomBytes(4)).toBeUndefined()],
  [
    window,
    'structuredClone',
    SYNCHRONOUS,
    () => {
      const value = { list: [1, { deep: null }] }
      expect(copyOf(value)).toEqual(value)
      expect(copyOf(value)).not.toBe(value)
      expect(copyOf(undefined)).toBeUndefined()
    },
  ],
  [
    window,
    'BroadcastChannel',
    ALL,
    (fault) => {
      const channel = openChannel('name', () => {})
      if (fault !== 'never answers') expect(channel).toBeNull()
      channel?.post('note')
      channel?.close()
    },
  ],
  [
    window,
    'matchMedia',
    SYNCHRONOUS,
    () => {
      const medium = matchMedium('(min-width: 1px)')
      expect(medium.matches).toBe(false)
      medium.onChange(() => {})()
    },
  ],
  [window, 'ResizeObserver', ALL, () => watchSize([element], () => {})()],
  [
    window,
    'IntersectionObserver',
    ALL,
    async (fault) => {
      const told: boolean[] = []
      const unwatch = watchOnScreen(element, (isOnScreen) => told.push(isOnScreen))
      await afterAll()
      // Nobody can tell, so it counts as seen.
      if (fault !== 'never answers') expect(told).toEqual([true])
      unwatch()
    },
  ],
  [Element.prototype, 'checkVisibility', SYNCHRONOUS, () => expect(isRendered(element)).toBe(true)],
  [
    window,
    'visualViewport',
    ALL,
    () => {
      watchViewport(({ scale, height }) => element.style.setProperty('height', String(scale * height)))()
    },
  ],
  [
    HTMLElement.prototype,
    'showPopover',
    SYNCHRONOUS,
    () => {
      expect(raise(element)).toBe(false)
      // With the attribute it would be hidden.
      expect(element.hasAttribute('popover')).toBe(false)
      lower(element)
    },
  ],
  [
    window,
    'requestIdleCallback',
    ALL,
    async () => {
      const work = vi.fn()
      whenIdle(work)
      await afterAll()
      expect(work).toHaveBeenCalledTimes(1)
    },
  ],
  [
    navigator,
    'clipboard',
    ALL,
    async (fault) => {
      if (ACCESS.includes(fault)) expect(canCopy()).toBe(false)
      const copied = copyText('text')
      await afterAll()
      expect(await copied).toBe(false)
    },
  ],
  [
    Intl,
    'DateTimeFormat',
    SYNCHRONOUS,
    () => {
      warmDates('en')
      expect(dateFormat('en', { day: 'numeric', month: 'long' })(DAY)).toBe('Fri Jan 09 2026')
      expect(dateFormat('en', { hour: 'numeric', minute: '2-digit' })(DAY)).toBe('08:07')
    },
  ],
  [
    Intl,
    'PluralRules',
    SYNCHRONOUS,
    () => expect(createFormats('ar').plural(1, { one: 'one', other: 'other' })).toBe('other'),
  ],
  [Intl, 'NumberFormat', SYNCHRONOUS, () => expect(createFormats('ar-EG').number(12)).toBe('12')],
  [Intl, 'getCanonicalLocales', SYNCHRONOUS, () => expect(canonicalLocale('en-us')).toBeUndefined()],
]

for (const [owner, name, faults, hold] of CASES) {
  describe(name, () => {
    it.each(faults)('[DL12] that %s is done without', async (fault) => {
      breakInterface(owner, name, fault)
      await hold(fault)
    })
  })
}
