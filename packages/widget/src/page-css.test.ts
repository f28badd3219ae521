import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import {
  ALEX,
  createFakeClient,
  stored,
  textMessage,
  VISITOR,
  withItems,
} from './engine/fake-client.testing.ts'
import { find, finishTransitions } from './looking.testing.ts'
import { cleanUp, openWidget } from './widget.testing.ts'

beforeEach(async () => {
  await page.viewport(1280, 800)
})
afterEach(cleanUp)

describe('<chat-widget> in somebody else’s page', () => {
  it('keeps the page’s CSS out', async () => {
    const style = document.createElement('style')
    style.textContent = `
      * { all: unset !important; }
      body { font: italic 40px/3 serif; color: red; letter-spacing: 9px; text-transform: uppercase; direction: rtl;
             visibility: hidden; opacity: .1; transform: scale(.5); }
      button, textarea, dialog { display: none !important; }`
    const client = createFakeClient(withItems([stored(textMessage(1, VISITOR, 'Hello'))]))
    const look = (element: Element) => {
      finishTransitions()
      const styles = ['[part=bubble]', '[part=input]', '[part=launcher]', '[part=title]'].map((selector) => {
        const part = find(element, selector)!
        const {
          fontFamily,
          fontSize,
          lineHeight,
          color,
          backgroundColor,
          letterSpacing,
          textTransform,
          direction,
          visibility,
        } = getComputedStyle(part)
        const { x, y, width, height } = part.getBoundingClientRect()
        return {
          selector,
          fontFamily,
          fontSize,
          lineHeight,
          color,
          backgroundColor,
          letterSpacing,
          textTransform,
          direction,
          visibility,
          box: [x, y, width, height].map(Math.round),
        }
      })
      return styles
    }
    const bare = await openWidget({ client })
    const expected = look(bare.element)
    bare.element.remove()
    document.head.append(style)
    try {
      const hostile = await openWidget({ client: createFakeClient(client.getState()) })
      expect(look(hostile.element)).toEqual(expected)
    } finally {
      style.remove()
    }
  })

  it('stays above overlays of the page', async () => {
    const { element } = await openWidget()
    const overlay = document.createElement('div')
    overlay.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#fff'
    document.body.append(overlay)
    for (const name of ['launcher', 'title']) {
      const { x, y, width, height } = find(element, `[part=${name}]`)!.getBoundingClientRect()
      expect(document.elementFromPoint(x + width / 2, y + height / 2)).toBe(element)
    }
  })

  it('keeps the shape of bubbles whichever way their text reads', async () => {
    const items = [stored(textMessage(1, ALEX, 'one')), stored(textMessage(2, ALEX, 'two'))]
    const { element } = await openWidget({
      client: createFakeClient(withItems(items)),
      attributes: { locale: 'ar' },
    })
    const { borderBottomRightRadius, borderBottomLeftRadius } = getComputedStyle(
      find(element, '[part=bubble]')!,
    )
    expect([borderBottomRightRadius, borderBottomLeftRadius]).toEqual(['6px', '18px'])
  })

  it.each([
    [1200, 720],
    [380, 380],
  ])('inside a page, keeps to a column: %i px wide, %i px of it', async (width, column) => {
    const items = [stored(textMessage(1, ALEX, 'one')), stored(textMessage(2, VISITOR, 'two'))]
    const { element } = await openWidget({
      client: createFakeClient(withItems(items)),
      attributes: { mode: 'inline', style: `width: ${width}px` },
    })
    const { x } = element.getBoundingClientRect()
    const placeOf = (selector: string) => {
      const { left, right } = find(element, selector)!.getBoundingClientRect()
      return { left: left - x, right: x + width - right }
    }
    const room = (width - column) / 2
    // With the panel's border.
    const isNear = (distance: number) => [distance >= room + 10, distance <= room + 24]
    const sides = [
      placeOf('.row:not(.own) .bubble').left,
      placeOf('.own .bubble').right,
      placeOf('.box').left,
    ]
    expect(sides.flatMap(isNear)).not.toContain(false)
    expect(placeOf('.scroller').right).toBeLessThan(3)
  })

  it('lets a page style the mark in the header and what is there without a message', async () => {
    const style = document.createElement('style')
    style.textContent = `
      chat-widget::part(header-mark) { background: rgb(1, 2, 3) }
      chat-widget::part(empty) { background: rgb(4, 5, 6) }`
    document.body.append(style)
    const { element } = await openWidget({ client: createFakeClient(withItems([])) })
    const grounds = ['.mark', '.empty'].map((one) => getComputedStyle(find(element, one)!).backgroundColor)
    expect(grounds).toEqual(['rgb(1, 2, 3)', 'rgb(4, 5, 6)'])
  })
})
