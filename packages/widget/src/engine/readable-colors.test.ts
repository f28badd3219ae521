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

  it.each([
    ['rgb(255, 255, 255)', 'color(srgb 0 0 0)', 21],
    ['rgb(119, 119, 119)', 'rgb(255, 255, 255)', 4.48],
    ['color(srgb 1 1 1)', 'color(srgb 1e-7 0 0)', 21],
    ['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0.3)', 2.11],
  ])('compute the contrast of %s and %s as WCAG does', (one, other, contrast) => {
    expect(contrastOf(parseColor(one), parseColor(other))).toBeCloseTo(contrast, 2)
  })
})
