/** Boxes, fonts and colours of the widget's parts, which a page's CSS could change. */
import type { Page } from 'playwright'

export interface Measured {
  readonly box: readonly number[]
  readonly style: Readonly<Record<string, string>>
}

const PARTS = [
  'launcher',
  'panel',
  'header',
  'title',
  'close',
  'messages',
  'bubble',
  'composer',
  'input',
  'send',
] as const

const PROPERTIES = [
  'display',
  'visibility',
  'opacity',
  'color',
  'background-color',
  'background-image',
  'border',
  'border-radius',
  'outline-style',
  'box-shadow',
  'box-sizing',
  'padding',
  'margin',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'font-variant',
  'line-height',
  'letter-spacing',
  'word-spacing',
  'text-transform',
  'text-align',
  'text-indent',
  'text-decoration-line',
  'text-shadow',
  'white-space',
  'direction',
  'writing-mode',
  'cursor',
  'list-style-type',
  'user-select',
  'color-scheme',
] as const

/** By part name and index, e.g. `bubble 1`. Boxes are `[x, y, width, height]` in CSS px, rounded to a hundredth. */
export function measure(page: Page): Promise<Readonly<Record<string, Measured>>> {
  return page.evaluate(
    ([parts, properties]) => {
      const found: [string, { box: number[]; style: Record<string, string> }][] = []
      const counts = new Map<string, number>()
      const visit = (root: ParentNode) => {
        for (const element of root.querySelectorAll('*')) {
          for (const part of element.part ?? []) {
            if (!(parts as readonly string[]).includes(part)) continue
            const index = counts.get(part) ?? 0
            counts.set(part, index + 1)
            const { x, y, width, height } = element.getBoundingClientRect()
            const computed = getComputedStyle(element)
            found.push([
              `${part} ${index}`,
              {
                box: [x, y, width, height].map((length) => Math.round(length * 100) / 100),
                style: Object.fromEntries(properties.map((name) => [name, computed.getPropertyValue(name)])),
              },
            ])
          }
          if (element.shadowRoot !== null) visit(element.shadowRoot)
        }
      }
      const widget = document.querySelector('chat-widget')
      if (widget?.shadowRoot) visit(widget.shadowRoot)
      return Object.fromEntries(found)
    },
    [PARTS, PROPERTIES] as const,
  )
}

/** Resolves when nothing moves, in the page and in every shadow tree. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const roots = (root: Document | ShadowRoot): (Document | ShadowRoot)[] => [
      root,
      ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? roots(shadowRoot) : [])),
    ]
    const finite = roots(document)
      .flatMap((root) => root.getAnimations())
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    await Promise.allSettled(finite.map((animation) => animation.finished))
  })
