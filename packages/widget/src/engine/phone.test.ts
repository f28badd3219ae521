import { afterEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { find, finishTransitions } from '../looking.testing.ts'
import { cleanUp, openWidget } from '../widget.testing.ts'

afterEach(async () => {
  cleanUp()
  vi.unstubAllGlobals()
  await page.viewport(1280, 800)
})

it('[HP12] the panel is within what the on-screen keyboard leaves; a pinch zoom is no keyboard', async () => {
  await page.viewport(390, 844)
  const viewport = Object.assign(new EventTarget(), { scale: 1, height: 844, offsetTop: 0 })
  vi.stubGlobal('visualViewport', viewport)
  const { element } = await openWidget()
  finishTransitions()
  const place = () => {
    const { top, height } = find(element, 'dialog')!.getBoundingClientRect()
    const { bottom } = find(element, '[part=composer]')!.getBoundingClientRect()
    return { top, height, bottom }
  }
  expect(place()).toEqual({ top: 0, height: 844, bottom: 844 })
  const becomes = (change: object, told: string) => {
    Object.assign(viewport, change)
    viewport.dispatchEvent(new Event(told))
    return place()
  }
  expect(becomes({ height: 500 }, 'resize')).toEqual({ top: 0, height: 500, bottom: 500 })
  expect(becomes({ offsetTop: 60 }, 'scroll')).toEqual({ top: 60, height: 500, bottom: 560 })
  expect(becomes({ scale: 2, height: 250, offsetTop: 100 }, 'resize')).toEqual({
    ...{ top: 60, height: 500, bottom: 560 },
  })
  becomes({ scale: 1, height: 844, offsetTop: 0 }, 'resize')
  element.hide()
  await vi.waitFor(() => expect(element.open).toBe(false))
  viewport.height = 400
  viewport.dispatchEvent(new Event('resize'))
  expect(getComputedStyle(find(element, 'dialog')!).getPropertyValue('--_keyboard-height')).toBe('')
})
