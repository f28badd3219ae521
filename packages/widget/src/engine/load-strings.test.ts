import { createFormats } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../locales/languages.ts'
import { english as signIn } from '../locales/parts/sign-in.ts'
import { ENGLISH_WORDS, loadWords, partStrings } from './load-strings.ts'

const ENGLISH = { ...ENGLISH_WORDS.strings, ...signIn(createFormats('en')) }
const namesOf = (strings: object) => Object.keys(strings).sort()

describe('loadWords', () => {
  it.each(Object.keys(LANGUAGES))('has every word in %s', async (locale) => {
    const { strings, locale: dates } = await loadWords(locale)
    expect(namesOf(strings)).toEqual(namesOf(ENGLISH))
    expect(strings.send).not.toBe(ENGLISH.send)
    expect(dates).toBe(locale)
  })

  it.each([
    ['de-AT', 'Nachricht senden'],
    ['ar-EG', 'إرسال الرسالة'],
  ])('finds the language of %s', async (locale, send) => {
    expect(await loadWords(locale)).toMatchObject({ strings: { send }, locale })
  })

  it('writes numbers as the locale does, in words too', async () => {
    const [english, german, egyptian] = await Promise.all(['en', 'de', 'ar-EG'].map((tag) => loadWords(tag)))
    expect(english?.strings.tooLong(8_000)).toBe('A message can have 8,000 characters at most.')
    expect(german?.strings.tooLong(8_000)).toContain(' 8.000 ')
    expect(egyptian?.strings.unread(12)).toContain('١٢')
  })

  it.each(['en-GB', 'en'])('writes dates as in %s', async (locale) => {
    expect(await loadWords(locale)).toMatchObject({ strings: { send: ENGLISH.send }, locale })
  })

  it.each(['xx', 'sw', ''])('falls back to English for %j', async (locale) => {
    expect(await loadWords(locale)).toMatchObject({ strings: { send: ENGLISH.send }, locale: 'en' })
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
    const words = await loadWords('sw-KE', { title: 'Gumzo', unread: undefined })
    expect(words.locale).toBe('sw-KE')
    expect(words.strings.title).toBe('Gumzo')
    expect(words.strings.unread(2)).toBe('2 unread messages')
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

it('gives a part its texts in the language of the chat, with the host’s own', async () => {
  const words = await loadWords('de', { signInTitle: 'Einloggen', signInCode: 7 })
  const strings = partStrings(signIn, words)
  expect(strings).toMatchObject({ signInTitle: 'Einloggen', signInContinue: 'Weiter', signInCode: 'Code' })
  expect(strings.signInResendIn(1)).toBe('Das geht wieder in einer Sekunde.')
})
