import { describe, expect, it } from 'vitest'
import { loadWords } from './load-strings.ts'
import { ENGLISH_SIGN_IN } from './sign-in-strings.ts'
import { ENGLISH } from './strings.ts'

describe('loadWords', () => {
  it.each(['de', 'de-AT', 'ar'])('has every word in %s', async (locale) => {
    const { strings, locale: dates } = await loadWords(locale)
    const english = { ...ENGLISH, ...ENGLISH_SIGN_IN }
    expect(Object.keys(strings).sort()).toEqual(Object.keys(english).sort())
    expect(strings.send).not.toBe(ENGLISH.send)
    expect(dates).toBe(locale)
  })

  it.each(['en-GB', 'en'])('writes dates as in %s', async (locale) => {
    expect(await loadWords(locale)).toEqual({ strings: ENGLISH, locale })
  })

  it.each(['xx', 'he', ''])('falls back to English for %j', async (locale) => {
    expect(await loadWords(locale)).toEqual({ strings: ENGLISH, locale: 'en' })
  })

  it.each([
    ['en-a-b', 'en'],
    ['de-abcdefgh-x', 'de'],
  ])('writes dates as in the language of %j, which is no locale', async (locale, dates) => {
    const words = await loadWords(locale)
    expect(words.locale).toBe(dates)
    expect(() => new Intl.DateTimeFormat(words.locale)).not.toThrow()
  })

  it('speaks the language whose words the host brings', async () => {
    const words = await loadWords('fr-CA', { title: 'Clavardage', unread: undefined })
    expect(words.locale).toBe('fr-CA')
    expect(words.strings).toMatchObject({ title: 'Clavardage', unread: ENGLISH.unread })
  })

  it('names an override of the wrong type, and keeps its own word', async () => {
    const messages: string[] = []
    const { strings } = await loadWords('de', { unread: 'x', title: 7, send: 'Los' }, (message) =>
      messages.push(message),
    )
    expect(messages).toEqual([
      'strings.unread must be a function, not a string.',
      'strings.title must be a string, not a number.',
    ])
    expect(strings.unread(2)).toBe('2 ungelesene Nachrichten')
    expect(strings).toMatchObject({ title: 'Chat', send: 'Los' })
  })
})
