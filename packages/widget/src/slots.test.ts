/** Pictures that the host brings, and its distances from the window's edges. */
import { html, render } from 'lit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { find, finishTransitions } from './looking.testing.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'

/** A picture of that size in px. */
const picture = (width: number, height: number) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

async function add(element: Element, slot: string, [width, height]: readonly [number, number]) {
  const image = Object.assign(new Image(), { src: picture(width, height), alt: '', slot })
  element.append(image)
  await image.decode()
  return image
}

const boxOf = (element: Element) => {
  const { x, y, width, height, right, bottom } = element.getBoundingClientRect()
  return { x, y, width, height, right, bottom }
}
const sizeOf = (element: Element) => {
  const { width, height } = boxOf(element)
  return [width, height].map(Math.round)
}
/** Opacity of an element and of all around it, through shadow roots and slots. */
function opacityOf(element: Element): number {
  const around = element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as ShadowRoot).host
  return Number(getComputedStyle(element).opacity) * (around ? opacityOf(around) : 1)
}
const iconOf = (element: Element) => find(element, 'slot[name=launcher-icon] svg')!
const arrowOf = (element: Element) => find(element, '[part=launcher] > svg')!

beforeEach(async () => {
  await page.viewport(1280, 800)
})
afterEach(cleanUp)

describe('launcher-icon', () => {
  it('stands in for the icon while the panel is closed, and the arrow for it while it is open', async () => {
    const { element } = mountWidget()
    expect(iconOf(element).checkVisibility()).toBe(true)
    const image = await add(element, 'launcher-icon', [24, 24])
    expect(iconOf(element).checkVisibility()).toBe(false)
    finishTransitions()
    expect([opacityOf(image), opacityOf(arrowOf(element))]).toEqual([1, 0])
    image.click()
    await vi.waitFor(() => expect(find(element, 'textarea')).not.toBeNull())
    finishTransitions()
    expect([opacityOf(image), opacityOf(arrowOf(element))]).toEqual([0, 1])
    image.remove()
    element.hide()
    finishTransitions()
    expect(iconOf(element).checkVisibility()).toBe(true)
    expect(sizeOf(iconOf(element))).toEqual([30, 30])
  })

  it.each([
    [
      [24, 24],
      [24, 24],
    ],
    [
      [512, 512],
      [36, 36],
    ],
    [
      [300, 150],
      [36, 18],
    ],
  ] as const)('of %j px is %j px, in the middle', async (given, shown) => {
    const { element } = mountWidget()
    const image = await add(element, 'launcher-icon', given)
    const launcher = boxOf(find(element, '[part=launcher]')!)
    expect([launcher.width, launcher.height]).toEqual([60, 60])
    const { x, y, width, height } = boxOf(image)
    expect([Math.round(width), Math.round(height)]).toEqual(shown)
    expect(x + width / 2).toBeCloseTo(launcher.x + 30)
    expect(y + height / 2).toBeCloseTo(launcher.y + 30)
  })

  it('may be as large as the launcher by the page’s own CSS, and is cut to its circle', async () => {
    const { element } = mountWidget()
    const image = await add(element, 'launcher-icon', [90, 60])
    image.style.cssText = 'inline-size: 100%; block-size: 100%; max-inline-size: none; max-block-size: none'
    expect(boxOf(image)).toEqual(boxOf(find(element, '[part=launcher]')!))
    const { x, y } = boxOf(image)
    expect(document.elementsFromPoint(x + 2, y + 2)).not.toContain(image)
    expect(document.elementsFromPoint(x + 30, y + 30)).toContain(image)
  })
})

describe('header-logo', () => {
  it('stands in for the name’s first letter, in both modes', async () => {
    for (const mode of ['floating', 'inline']) {
      const { element } = await openWidget({ attributes: { mode } })
      finishTransitions()
      const letter = find(element, '.mark')!
      expect(letter.textContent).toBe('N')
      expect([letter.checkVisibility(), ...sizeOf(letter)]).toEqual([true, 36, 36])
      const image = await add(element, 'header-logo', [36, 36])
      expect(letter.checkVisibility()).toBe(false)
      const [header, title] = ['header', 'title'].map((part) => boxOf(find(element, `[part=${part}]`)!))
      // In a wide page, the column begins there.
      const start = Number.parseFloat(getComputedStyle(find(element, '[part=header]')!).paddingInlineStart)
      const { x, y, right, bottom } = boxOf(image)
      expect([x, y, right, bottom].map(Math.round)).toEqual(
        [header!.x + start, header!.y + 14, title!.x - 14, header!.bottom - 14].map(Math.round),
      )
      image.remove()
      expect(letter.checkVisibility()).toBe(true)
      cleanUp()
    }
  })

  it.each([
    [
      [24, 24],
      [24, 24],
    ],
    [
      [300, 30],
      [120, 12],
    ],
    [
      [600, 600],
      [40, 40],
    ],
  ] as const)('of %j px is %j px', async (given, shown) => {
    const { element } = await openWidget()
    finishTransitions()
    expect(sizeOf(await add(element, 'header-logo', given))).toEqual(shown)
    expect(boxOf(find(element, '[part=header]')!).height).toBe(64)
  })

  it('leaves room for the title and the buttons at 320 px', async () => {
    await page.viewport(320, 600)
    const { element } = await openWidget()
    finishTransitions()
    await add(element, 'header-logo', [600, 100])
    expect(boxOf(find(element, '[part=close]')!).right).toBeLessThanOrEqual(320)
    expect(boxOf(find(element, '[part=title]')!).width).toBeGreaterThan(60)
  })
})

it('pictures that are there from the beginning are shown, and the chat stays accessible', async () => {
  const { element } = mountWidget()
  render(
    html`<img slot="launcher-icon" src=${picture(24, 24)} alt="" /><img slot="header-logo" src=${picture(90, 30)} alt="Northwind" />`,
    element,
  )
  await expect(document.body).to.be.accessible()
  element.show()
  await vi.waitFor(() => expect(element.querySelector('[slot=header-logo]')!.checkVisibility()).toBe(true))
  await expect(document.body).to.be.accessible()
})

describe('--chat-offset-inline and --chat-offset-block', () => {
  async function placed(attributes: Readonly<Record<string, string>>, dir: string) {
    const style = document.createElement('style')
    style.textContent = 'chat-widget { --chat-offset-inline: 30px; --chat-offset-block: 70px }'
    document.body.append(style)
    document.documentElement.dir = dir
    const { element } = await openWidget({ attributes })
    finishTransitions()
    const [launcher, panel] = ['launcher', 'panel'].map((part) => boxOf(find(element, `[part=${part}]`)!))
    return { element: boxOf(element), launcher: launcher!, panel: panel! }
  }
  // The launcher grows under the pointer, which may be there from an earlier test.
  beforeEach(() => userEvent.hover(document.body))
  afterEach(() => document.documentElement.removeAttribute('dir'))

  it.each([
    ['end', 'ltr', 'right', { locale: 'en' }],
    ['start', 'ltr', 'left', { locale: 'en', position: 'bottom-start' }],
    ['end', 'rtl', 'left', { locale: 'ar' }],
    ['start', 'rtl', 'right', { locale: 'ar', position: 'bottom-start' }],
  ] as const)(
    'are of launcher, panel and the element’s own box: %s, %s',
    async (_name, dir, side, attributes) => {
      const { element, launcher, panel } = await placed(attributes, dir)
      const distance = ({ x, right }: DOMRect | typeof launcher) => (side === 'left' ? x : innerWidth - right)
      expect(launcher).toEqual(element)
      expect([distance(launcher), innerHeight - launcher.bottom]).toEqual([30, 70])
      expect(distance(panel)).toBe(30)
      expect(launcher.y - panel.bottom).toBe(16)
      expect(panel.y).toBeGreaterThanOrEqual(70)
    },
  )

  it('move the launcher of a phone, whose panel covers the page', async () => {
    await page.viewport(390, 844)
    const { launcher, panel } = await placed({}, 'ltr')
    expect([390 - launcher.right, 844 - launcher.bottom]).toEqual([30, 70])
    expect(panel).toMatchObject({ x: 0, y: 0, width: 390, height: 844 })
  })
})
