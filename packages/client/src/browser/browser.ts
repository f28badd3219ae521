/**
 * Every browser interface that a browser, a setting or another script may take away, in one place: client and widget use
 * these functions and never the interfaces themselves. Each is done without where it is missing, throws on access or
 * throws on use; those that answer later have a time limit where they are waited for.
 *
 * | interface | without it |
 * | --- | --- |
 * | IndexedDB | memory, and the visitor is told ([DL5]) |
 * | localStorage, sessionStorage | nothing is remembered there; `storage="session"` is memory, and the visitor is told |
 * | Web Locks (web-locks.ts) | each tab for itself, with a connection of its own |
 * | BroadcastChannel | each tab for itself, with a connection of its own |
 * | crypto | ids are not of random bits of the system; no sign-in inside the chat |
 * | structuredClone | copies by way of JSON |
 * | visualViewport (viewport.ts) | the panel is not fitted around an on-screen keyboard |
 * | Popover | the z-index decides what is in front |
 * | constructed style sheets | style elements, which a strict policy of the page forbids |
 * | matchMedia | light, large, with animations |
 * | ResizeObserver | the list stays at its end when it is told something, not when it is resized |
 * | IntersectionObserver, checkVisibility | an open panel counts as seen wherever it is |
 * | requestIdleCallback | a timer |
 * | clipboard (clipboard.ts) | nothing is copied, and no button says so |
 * | Intl (the protocol's locale.ts) | dates in English, one plural form |
 * | navigator.onLine | as if online |
 * | AudioContext, Notification (alerts.ts) | no sound, no notification |
 * | history (back-button.ts) | the back button leaves the page |
 * | WebSocket (../connection/transports.ts) | long polling |
 *
 * Trusted Types are Lit's: a page whose policy forbids them is told which to allow (`load-failed`).
 */

/** What `read` answers, or nothing where it throws. */
export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

export const databases = (): IDBFactory | undefined => attempt(() => globalThis.indexedDB) ?? undefined

export const localArea = (): Storage | undefined => attempt(() => globalThis.localStorage) ?? undefined

export const tabArea = (): Storage | undefined => attempt(() => globalThis.sessionStorage) ?? undefined

/** `false` only where the browser is sure. */
export const isOnline = (): boolean => attempt(() => navigator.onLine) !== false

/** Good for secrets; nothing where the browser has no such source. */
export const randomBytes = (count: number): Uint8Array | undefined =>
  attempt(() => crypto.getRandomValues(new Uint8Array(count)))

/** Of plain data. */
export function copyOf<Value>(value: Value): Value {
  return attempt(() => structuredClone(value)) ?? (value && JSON.parse(JSON.stringify(value)))
}

export interface Channel {
  post(value: unknown): void
  close(): void
}

export function openChannel(name: string, received: (value: unknown) => void): Channel | null {
  const channel = attempt(() => new BroadcastChannel(name))
  if (channel === undefined) return null
  channel.onmessage = ({ data }) => received(data)
  return {
    post: (value) => attempt(() => channel.postMessage(value)),
    close: () => attempt(() => channel.close()),
  }
}

export interface MediaMatch {
  readonly matches: boolean
  /** Returns what ends it. */
  onChange(listener: () => void): () => void
}

export function matchMedium(query: string): MediaMatch {
  const list = attempt(() => matchMedia(query))
  return {
    get matches() {
      return attempt(() => list?.matches) === true
    },
    onChange(listener) {
      attempt(() => list?.addEventListener('change', listener))
      return () => attempt(() => list?.removeEventListener('change', listener))
    },
  }
}

/** Tells when one of the elements is resized. Returns what ends it. */
export function watchSize(elements: Iterable<Element>, resized: () => void): () => void {
  const observer = attempt(() => {
    const made = new ResizeObserver(resized)
    for (const element of elements) made.observe(element)
    return made
  })
  return () => attempt(() => observer?.disconnect())
}

/** Tells whether some of an element is on the screen, now and whenever that changes. Returns what ends it. */
export function watchOnScreen(element: Element, told: (isOnScreen: boolean) => void): () => void {
  const observer = attempt(() => {
    const made = new IntersectionObserver((entries) => told(entries.at(-1)?.isIntersecting === true))
    made.observe(element)
    return made
  })
  if (!observer) queueMicrotask(() => told(true))
  return () => attempt(() => observer?.disconnect())
}

/** Boxes are made for an element: neither it nor what is around it is `display: none`. */
export const isRendered = (element: Element): boolean => attempt(() => element.checkVisibility()) !== false

/** Puts an element in the top layer, above what was put there before. Answers whether it is there. */
export function raise(element: HTMLElement): boolean {
  lower(element)
  element.setAttribute('popover', 'manual')
  attempt(() => element.showPopover())
  const raised = isRaised(element)
  // The attribute alone would hide it.
  if (!raised) lower(element)
  return raised
}

export function lower(element: HTMLElement): void {
  attempt(() => element.hidePopover())
  element.removeAttribute('popover')
}

export const isRaised = (element: HTMLElement) => attempt(() => element.matches(':popover-open')) === true

export type StyleSheet = CSSStyleSheet | HTMLStyleElement

/** Adds a style sheet to a shadow root. `view`: the window of its document; a constructed sheet belongs to one. */
export function addSheet(root: ShadowRoot, view: typeof globalThis, css: string): StyleSheet {
  const constructed = attempt(() => {
    const sheet = new view.CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets.push(sheet)
    return sheet
  })
  return constructed ?? Object.assign(root.appendChild(document.createElement('style')), { textContent: css })
}

/** Calls once when the page has nothing else to do, and after three seconds at the latest. */
export function whenIdle(work: () => void): void {
  let isDone = false
  const once = () => {
    if (!isDone) work()
    isDone = true
  }
  attempt(() => requestIdleCallback(once, { timeout: 2_000 }))
  setTimeout(once, 3_000)
}

/** Writes dates as the locale does; where the browser cannot, in English: `08:07`, `Fri Jan 09 2026`. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): (date: Date) => string {
  const format = attempt(() => new Intl.DateTimeFormat(locale, options))
  return (date) =>
    attempt(() => format?.format(date)) ??
    (options.hour ? date.toTimeString().slice(0, 5) : date.toDateString())
}

/** Has the browser read what it needs to write a language's dates: the first time takes it 30 ms and more. */
export const warmDates = (locale: string): unknown => attempt(() => new Intl.DateTimeFormat(locale))

/** The tag as it is written properly; nothing where it is no language tag, or the browser cannot say. */
export const canonicalLocale = (tag: string): string | undefined =>
  attempt(() => Intl.getCanonicalLocales(tag)[0])
