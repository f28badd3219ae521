import { describe, expect, it } from 'vitest'
import { contrastOf, parseColor, propertiesFor } from './readable-colors.ts'

const palette = {
  accent: parseColor('rgb(36, 87, 230)'),
  surface: parseColor('rgb(255, 255, 255)'),
  text: parseColor('rgb(25, 28, 34)'),
  danger: parseColor('rgb(179, 38, 30)'),
  ok: parseColor('rgb(23, 102, 58)'),
}

describe('readable colours', () => {
  it('leave a palette alone that can be read', () => {
    expect(propertiesFor(palette)).toMatchObject({
      '--_text': 'rgb(25 28 34)',
      '--_ring': 'rgb(36 87 230)',
      '--_danger': 'rgb(179 38 30)',
      '--_ok': 'rgb(23 102 58)',
    })
  })

  it('[HP16] hold what they promise for colours that sRGB does not have', () => {
    const surface = parseColor('rgb(255, 0, 0)')
    // `color(display-p3 1 0 0)`, as a browser computes it.
    const text = parseColor('color(srgb 1.093 -0.2267 -0.1501)')
    const colors = propertiesFor({ ...palette, surface, text })
    const shown = (name: string) => {
      const { style } = document.documentElement
      style.color = colors[name]!
      const { color } = getComputedStyle(document.documentElement)
      style.color = ''
      return parseColor(color)
    }
    for (const ground of ['--_surface', '--_raised'])
      for (const name of ['--_text', '--_muted'])
        expect(contrastOf(shown(name), shown(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each([
    ['rgb(255, 255, 255)', 'color(srgb 0 0 0)', 21],
    ['rgb(119, 119, 119)', 'rgb(255, 255, 255)', 4.48],
    ['color(srgb 1 1 1)', 'color(srgb 1e-7 0 0)', 21],
    ['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0.3)', 2.11],
  ])('compute the contrast of %s and %s as WCAG does', (one, other, contrast) => {
    expect(contrastOf(parseColor(one), parseColor(other))).toBeCloseTo(contrast, 2)
  })
})
