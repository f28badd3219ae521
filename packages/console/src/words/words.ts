/** The console's words, in the language that the agent chose, or the browser's. */
import { attempt, localArea } from '@chat-widget/client/browser'
import { createFormats, directionOf, type Formats } from '@chat-widget/protocol'
import { strings as english } from '../locales/en.ts'
import { LANGUAGES } from '../locales/languages.ts'
import type { ConsoleStrings } from '../locales/strings.ts'

interface Language {
  /** BCP 47. */
  readonly locale: string
  readonly words: ConsoleStrings
}

const CHOICE = 'chat-console:language'
const primary = (tag: string) => tag.split('-')[0] ?? ''

const languageIn = (locale: string, texts: (formats: Formats) => ConsoleStrings): Language => ({
  locale,
  words: texts(createFormats(locale)),
})

/** One for the page, as `lang` is: every element shows it, and so do functions that word a message. */
let current = languageIn('en', english)
const listeners = new Set<() => void>()

/** Texts in the present language. Ask when rendering: an agent may choose another. */
export const words = (): ConsoleStrings => current.words

/** Of dates, times and numbers. */
export const locale = (): string => current.locale

/** Returns what ends it. */
export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Languages to choose from, by their shortest tag. */
export const languages = (): readonly string[] => ['en', ...Object.keys(LANGUAGES)]

/** `null`: as in the browser. */
export const chosenLanguage = (): string | null => attempt(() => localArea()?.getItem(CHOICE)) ?? null

/** `null`: as in the browser. Where nothing can be stored, it is for this page. */
export async function chooseLanguage(choice: string | null): Promise<void> {
  attempt(() => (choice === null ? localArea()?.removeItem(CHOICE) : localArea()?.setItem(CHOICE, choice)))
  await loadLanguage(choice)
}

/** Never rejects: falls back to English. */
export async function loadLanguage(choice = chosenLanguage()): Promise<void> {
  // The browser's own tag of a chosen language says more, such as how the agent's country writes dates.
  const tags = choice === null ? navigator.languages : [...navigator.languages, choice]
  const isThere = (tag: string) =>
    (choice === null || primary(tag) === choice) && languages().includes(primary(tag))
  const tag = tags.find(isThere) ?? 'en'
  const texts = await LANGUAGES[primary(tag)]?.().then(
    ({ strings }) => strings,
    () => undefined,
  )
  current = languageIn(texts === undefined && primary(tag) !== 'en' ? 'en' : tag, texts ?? english)
  document.documentElement.lang = current.locale
  document.documentElement.dir = directionOf(current.locale)
  for (const listener of [...listeners]) listener()
}
