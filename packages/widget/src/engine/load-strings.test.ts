import { createFormats } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../locales/languages.ts'
import { english as attachments } from '../locales/parts/attachments.ts'
import { english as attention } from '../locales/parts/attention.ts'
import { english as cards } from '../locales/parts/cards.ts'
import { english as closed } from '../locales/parts/closed.ts'
import { english as composer } from '../locales/parts/composer.ts'
import { english as conversations } from '../locales/parts/conversations.ts'
import { english as emoji } from '../locales/parts/emoji.ts'
import { english as file } from '../locales/parts/file.ts'
import { english as form } from '../locales/parts/form.ts'
import { english as home } from '../locales/parts/home.ts'
import { english as lookingBack } from '../locales/parts/looking-back.ts'
import { english as menu } from '../locales/parts/menu.ts'
import { english as quickReplies } from '../locales/parts/quick-replies.ts'
import { english as rich } from '../locales/parts/rich.ts'
import { english as signIn } from '../locales/parts/sign-in.ts'
import { english as viewer } from '../locales/parts/viewer.ts'
import { english as waiting } from '../locales/parts/waiting.ts'
import { english as who } from '../locales/parts/who.ts'
import type { WidgetStrings } from '../locales/widget-strings.ts'
import type { Overrides } from '../words/overrides.ts'
import { ENGLISH_WORDS, loadWords, partStrings } from './load-strings.ts'

const parts = [
  ...[attachments, attention, cards, composer, emoji, file, form, lookingBack, menu, quickReplies, rich],
  ...[closed, conversations, home, signIn, viewer, waiting, who],
].map((part) => part(createFormats('en')))
const ENGLISH: WidgetStrings = Object.assign({}, ENGLISH_WORDS.strings, ...parts)
const namesOf = (strings: object) => Object.keys(strings).sort()

const wordsOf = (locale: string, overrides: Overrides = {}, malformed = (_message: string) => {}) =>
  loadWords(locale, overrides, malformed)

/** A language's file has the texts of all parts. */
const stringsOf = async (locale: string) => (await wordsOf(locale)).strings as WidgetStrings

describe('loadWords', () => {
  it.each(Object.keys(LANGUAGES))('has every word in %s', async (locale) => {
    const { strings, locale: dates } = await wordsOf(locale)
    expect(namesOf(strings)).toEqual(namesOf(ENGLISH))
    expect(strings.send).not.toBe(ENGLISH.send)
    expect(dates).toBe(locale)
  })

  it.each([
    ['de-AT', 'Nachricht senden'],
    ['ar-EG', 'إرسال الرسالة'],
    ['pt-BR', 'Enviar mensagem'],
    ['zh-CN', '发送消息'],
    ['zh-Hans-SG', '发送消息'],
  ])('finds the language of %s', async (locale, send) => {
    expect(await wordsOf(locale)).toMatchObject({ strings: { send }, locale })
  })

  it('has the plural forms of Polish', async () => {
    const { unread } = await stringsOf('pl')
    expect([1, 2, 5, 12, 22, 25].map(unread)).toEqual([
      '1 nieprzeczytana wiadomość',
      '2 nieprzeczytane wiadomości',
      '5 nieprzeczytanych wiadomości',
      '12 nieprzeczytanych wiadomości',
      '22 nieprzeczytane wiadomości',
      '25 nieprzeczytanych wiadomości',
    ])
  })

  it('has the plural forms of Arabic', async () => {
    const { signInResendIn } = await stringsOf('ar')
    expect([1, 2, 3, 11, 100].map(signInResendIn)).toEqual([
      'يمكنك المحاولة مجددًا بعد ثانية واحدة.',
      'يمكنك المحاولة مجددًا بعد ثانيتين.',
      'يمكنك المحاولة مجددًا بعد 3 ثوانٍ.',
      'يمكنك المحاولة مجددًا بعد 11 ثانية.',
      'يمكنك المحاولة مجددًا بعد 100 ثانية.',
    ])
  })

  it('writes numbers as the locale does, in words too', async () => {
    expect((await stringsOf('en')).unread(8_000)).toBe('8,000 unread messages')
    expect((await stringsOf('de')).unread(8_000)).toContain('8.000 ')
    expect((await stringsOf('ar-EG')).unread(12)).toContain('١٢')
  })

  it.each(['en-GB', 'en'])('writes dates as in %s', async (locale) => {
    expect(await wordsOf(locale)).toMatchObject({ strings: { send: ENGLISH.send }, locale })
  })

  it.each(['xx', 'sw', ''])('falls back to English for %j', async (locale) => {
    expect(await wordsOf(locale)).toMatchObject({ strings: { send: ENGLISH.send }, locale: 'en' })
  })

  it.each([
    ['en-a-b', 'en'],
    ['de-abcdefgh-x', 'de'],
  ])('writes dates as in the language of %j, which is no locale', async (locale, dates) => {
    const words = await wordsOf(locale)
    expect(words.locale).toBe(dates)
    expect(() => new Intl.DateTimeFormat(words.locale)).not.toThrow()
  })

  it('speaks the language whose words the host brings', async () => {
    const words = await wordsOf('sw-KE', { title: 'Gumzo', unread: undefined })
    expect(words.locale).toBe('sw-KE')
    expect(words.strings.title).toBe('Gumzo')
    expect(words.strings.unread(2)).toBe('2 unread messages')
  })

  it('names an override of the wrong type, and keeps its own word', async () => {
    const messages: string[] = []
    const { strings } = await wordsOf('de', { unread: 'x', title: 7, send: 'Los' }, (message) =>
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
  const words = await wordsOf('de', { signInTitle: 'Einloggen', signInCode: 7 })
  const strings = partStrings(signIn, words)
  expect(strings).toMatchObject({ signInTitle: 'Einloggen', signInContinue: 'Weiter', signInCode: 'Code' })
  expect(strings.signInResendIn(1)).toBe('Das geht wieder in einer Sekunde.')
})
