/** Measures contrast on elements as the browser computes them: at rest, under the pointer, and with the focus. */
import { vi } from 'vitest'
import { contrastOf, parseColor } from './engine/readable-colors.ts'

type Layer = readonly [red: number, green: number, blue: number, alpha: number]
type Opaque = readonly [number, number, number]

const WHITE: Opaque = [1, 1, 1]
const layers = new Map<string, Layer>()

/** Kept: a palette has few colours. */
function layerOf(css: string): Layer {
  const known = layers.get(css)
  if (known !== undefined) return known
  const alpha = /(?:\/|rgba\(.*,)\s*([\d.]+)\)$/.exec(css)?.[1]
  // Black or white, which is all that is written in these coordinates.
  const isWhite = /xyz-d65 0\.9505/.test(css)
  const opaque = css.replace(/(\/|rgba\(.*,)\s*[\d.]+\)$/, '$1 1)')
  const color: Opaque = css.startsWith('color(xyz') ? (isWhite ? WHITE : [0, 0, 0]) : parseColor(opaque)
  const layer: Layer = [...color, alpha === undefined ? 1 : Number(alpha)]
  layers.set(css, layer)
  return layer
}

const over = ([red, green, blue, alpha]: Layer, ground: Opaque): Opaque => [
  red * alpha + ground[0] * (1 - alpha),
  green * alpha + ground[1] * (1 - alpha),
  blue * alpha + ground[2] * (1 - alpha),
]

const parentOf = (element: Element): Element | null =>
  element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null

const hasText = (element: Element) =>
  [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '')

const FIELD = 'textarea, input:not([type=radio]), select'
const FOCUSABLE = `${FIELD}, button, a, [tabindex]`

/** Elements below these, through every shadow root, that are seen and can be measured: one of each kind and place. */
export function seenBelow(roots: Iterable<Element>): readonly Element[] {
  const found = new Map<string, Element>()
  const walk = (element: Element, place: string) => {
    // An icon of the launcher that is not shown is there all the same.
    if (element.matches('style, .sr, .probe, .news') || getComputedStyle(element).opacity === '0') return
    const isMeasured = hasText(element) || element.matches(`svg, ${FOCUSABLE}`)
    const key = `${place} ${element.localName}.${element.getAttribute('class')}${hasText(element)}`
    if (isMeasured && !found.has(key) && element.getClientRects().length > 0) found.set(key, element)
    for (const child of [...(element.shadowRoot?.children ?? []), ...element.children]) walk(child, key)
  }
  for (const root of roots) walk(root, '')
  return [...found.values()]
}

/** Texts, edges and icons below the contrast of AA, in words. */
export function tooFaint(elements: readonly Element[]): readonly string[] {
  const faint = new Set<string>()
  const known = new Map<Element, Opaque>()
  const groundOf = (element: Element | null): Opaque => {
    if (element === null) return WHITE
    const before = known.get(element)
    if (before !== undefined) return before
    const layer = layerOf(getComputedStyle(element).backgroundColor)
    const ground =
      layer[3] === 1 ? (layer.slice(0, 3) as unknown as Opaque) : over(layer, groundOf(parentOf(element)))
    known.set(element, ground)
    return ground
  }
  const hold = (what: string, css: string, ground: Opaque, least: number, opacity = '1') => {
    const [red, green, blue, alpha] = layerOf(css)
    const ratio = contrastOf(over([red, green, blue, alpha * Number(opacity)], ground), ground)
    if (ratio < least)
      faint.add(`${what}: ${css} on ${ground.map((c) => Math.round(c * 255))} is ${ratio.toFixed(2)}`)
  }
  for (const element of elements) {
    const style = getComputedStyle(element)
    const name = `${element.localName}.${element.getAttribute('class') ?? ''}[${element.getAttribute('part') ?? ''}]`
    if (element.matches('svg')) {
      hold(`${name} of ${parentOf(element)?.className}`, style.color, groundOf(element), 3, style.opacity)
      continue
    }
    if (hasText(element)) hold(name, style.color, groundOf(element), 4.5, style.opacity)
    if (element.matches(FIELD)) {
      hold(`text in ${name}`, style.color, groundOf(element), 4.5)
      const { color } = getComputedStyle(element, '::placeholder')
      if (element.hasAttribute('placeholder')) hold(`placeholder of ${name}`, color, groundOf(element), 4.5)
      // The composer's edge is that of the box around it.
      const box = element.closest('.box') ?? element
      hold(`edge of ${name}`, getComputedStyle(box).borderTopColor, groundOf(parentOf(box)), 3)
    }
    if (element.matches(FOCUSABLE) && style.outlineStyle !== 'none') {
      const isInside = Number.parseFloat(style.outlineOffset) < 0
      hold(`focus ring of ${name}`, style.outlineColor, groundOf(isInside ? element : parentOf(element)), 3)
    }
  }
  return [...faint]
}

function* rootsBelow(element: Element): Generator<ShadowRoot> {
  if (element.shadowRoot !== null) yield element.shadowRoot
  for (const one of (element.shadowRoot ?? element).querySelectorAll('*')) yield* rootsBelow(one)
}

/** Ends transitions and animations below an element for good: each that is finished by itself costs a layout. */
export function still(element: Element): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('*:not(.probe) { transition: none !important; animation: none !important; }')
  for (const root of rootsBelow(element)) root.adoptedStyleSheets.push(sheet)
}

/** Texts of sheets by sheet: reading their rules, hundreds for each chat, takes longer than measuring. */
const texts = new WeakMap<CSSStyleSheet, string>()

/** Keeps the texts of sheets that are made from now on. Call it before the chats are drawn. */
export function recordSheets(): void {
  const { replaceSync } = CSSStyleSheet.prototype
  vi.spyOn(CSSStyleSheet.prototype, 'replaceSync').mockImplementation(function (this: CSSStyleSheet, text) {
    texts.set(this, text)
    replaceSync.call(this, text)
  })
}

/** Styles of a state, e.g. `:hover`, given to all elements at once. Returns what takes them back. */
export function pretend(element: Element, states: RegExp): () => void {
  const undo: (() => void)[] = []
  // Each chat has sheets of its own, with the same texts.
  const copies = new Map<string, CSSStyleSheet>()
  const copyOf = (sheet: CSSStyleSheet) => {
    const text = texts.get(sheet) ?? [...sheet.cssRules].map(({ cssText }) => cssText).join('\n')
    const made = copies.get(text)
    if (made !== undefined) return made
    const copy = new CSSStyleSheet()
    copy.replaceSync(text.replace(states, ''))
    copies.set(text, copy)
    return copy
  }
  for (const root of rootsBelow(element)) {
    const before = [...root.adoptedStyleSheets]
    root.adoptedStyleSheets = before.map(copyOf)
    undo.push(() => {
      root.adoptedStyleSheets = before
    })
  }
  return () => {
    for (const one of undo) one()
  }
}
