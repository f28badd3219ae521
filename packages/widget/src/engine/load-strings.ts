/** Loads the texts for a locale; each language but English is a file of its own, made from words/*.arb. */
import { canonicalLocale } from '@chat-widget/client/browser'
import { createFormats, type Formats } from '@chat-widget/protocol'
import { type ChatStrings, english } from '../locales/chat.ts'
import { loadLanguage } from '../locales/languages.ts'
import { type Overrides, overridden } from '../words/overrides.ts'

export interface Words {
  readonly strings: ChatStrings
  /** Language of the texts, and of dates, times and numbers. */
  readonly locale: string
  readonly formats: Formats
}

/** A tag may be well formed and still be refused, and then formatting any date would throw. */
const formattingLocale = (locale: string) => canonicalLocale(locale) ?? primary(locale)

const primary = (locale: string) => locale.split('-')[0] ?? 'en'

function wordsIn(locale: string, texts: (formats: Formats) => ChatStrings): Words {
  const formats = createFormats(locale)
  return { strings: texts(formats), locale, formats }
}

export const ENGLISH_WORDS: Words = wordsIn('en', english)

/** Falls back to English if the language's file cannot be loaded. */
async function wordsOf(tag: string): Promise<Words> {
  const locale = formattingLocale(tag)
  const language = primary(locale)
  if (language === 'en') return wordsIn(locale, english)
  try {
    const module = await loadLanguage(language)
    if (module !== undefined) return wordsIn(locale, module.strings)
  } catch {}
  return ENGLISH_WORDS
}

/**
 * Never rejects. If a host's texts are in a language that the widget lacks, the panel's language is that one.
 * @param malformed called with a sentence for each override of the wrong type, which is not used
 */
export async function loadWords(
  tag: string,
  overrides: Overrides,
  malformed: (message: string) => void,
): Promise<Words> {
  const words = await wordsOf(tag)
  const { strings } = words
  let { locale } = words
  for (const [name, own] of Object.entries(overrides)) {
    if (own === undefined) continue
    locale = formattingLocale(tag)
    const word: unknown = strings[name as keyof ChatStrings]
    if (word !== undefined && typeof own !== typeof word)
      malformed(`strings.${name} must be a ${typeof word}, not a ${typeof own}.`)
  }
  // Texts of parts that are loaded later are checked there.
  return { ...words, locale, strings: { ...overrides, ...overridden(strings, overrides) } }
}

/** Texts of a part that is loaded later: its English ones, with those of the visitor's language and the host's own. */
export const partStrings = <Part extends object>(
  english: (formats: Formats) => Part,
  { strings, formats }: Words,
): ChatStrings & Part => ({
  ...strings,
  ...overridden(english(formats), strings as unknown as Overrides),
})
