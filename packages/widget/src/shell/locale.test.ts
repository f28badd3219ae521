import { directionOf } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { normalizedLocale } from './locale.ts'

describe('the locale', () => {
  it.each([
    ['de-DE.utf8', 'de-DE'],
    ['de_DE', 'de-DE'],
    ['de-', 'de'],
    ['DE', 'de'],
    ['sr-Latn-RS@euro', 'sr-Latn-RS'],
    ['zh-Hant-TW', 'zh-Hant-TW'],
    [' ar ', 'ar'],
    ['en-?', 'en'],
    ['', 'en'],
    ['!', 'en'],
    ['1-2', 'en'],
  ])('of %j is %s', (tag, locale) => {
    expect(normalizedLocale(tag)).toBe(locale)
  })

  it.each([
    ['ar-EG', 'rtl'],
    ['he', 'rtl'],
    ['de', 'ltr'],
    ['are', 'ltr'],
  ])('%s is read %s', (locale, direction) => {
    expect(directionOf(locale)).toBe(direction)
  })
})
