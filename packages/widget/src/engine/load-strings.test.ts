import { describe, expect, it } from 'vitest'
import { loadWords } from './load-strings.ts'
import { ENGLISH_SIGN_IN } from './sign-in-strings.ts'
import { ENGLISH } from './strings.ts'

describe('loadWords', () => {
  it.each(['de', 'de-AT', 'AR'])('has every word in %s', async (locale) => {
    const { strings, locale: dates } = await loadWords(locale)
    const english = { ...ENGLISH, ...ENGLISH_SIGN_IN }
    expect(Object.keys(strings).sort()).toEqual(Object.keys(english).sort())
    expect(strings.send).not.toBe(ENGLISH.send)
    expect(dates).toBe(locale)
  })

  it.each(['en-GB', 'en'])('writes dates as in %s', async (locale) => {
    expect(await loadWords(locale)).toEqual({ strings: ENGLISH, locale })
  })

  it.each(['xx', 'en-?', ''])('falls back to English for %j', async (locale) => {
    expect(await loadWords(locale)).toEqual({ strings: ENGLISH, locale: 'en' })
  })
})
