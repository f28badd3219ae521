/** Loads the texts for a locale; each language but English is a file of its own, made from words/*.arb. */
import { canonicalLocale } from '@chat-widget/client/browser'
import { createFormats, type Formats } from '@chat-widget/protocol'
import { type ChatStrings, english } from '../locales/chat.ts'
import { LANGUAGES } from '../locales/languages.ts'
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

function englishWords(locale: string): Words {
  const formats = createFormats(locale)
  return { strings: english(formats), locale, formats }
}

export const ENGLISH_WORDS: Words = englishWords('en')

/** Never rejects: falls back to English if the language's file cannot be loaded. */
async function wordsOf(tag: string): Promise<Words> {
  const locale = formattingLocale(tag)
  const load = LANGUAGES[primary(locale)]
  if (load === undefined) return primary(tag) === 'en' ? englishWords(locale) : ENGLISH_WORDS
  try {
    const formats = createFormats(locale)
    return { strings: (await load()).strings(formats), locale, formats }
  } catch {
    return ENGLISH_WORDS
  }
}

/**
 * Never rejects. If a host's texts are in a language that the widget lacks, the panel's language is that one.
 * @param malformed called with a sentence for each override of the wrong type, which is not used
 */
export async function loadWords(
  locale: string,
  overrides: Overrides = {},
  malformed: (message: string) => void = () => {},
): Promise<Words> {
  const words = await wordsOf(locale)
  const { strings } = words
  const given = Object.entries(overrides).filter(([, own]) => own !== undefined)
  for (const [name, own] of given) {
    const word: unknown = strings[name as keyof ChatStrings]
    if (word !== undefined && typeof own !== typeof word)
      malformed(`strings.${name} must be a ${typeof word}, not a ${typeof own}.`)
  }
  return {
    ...words,
    // Texts of parts that are loaded later are checked there.
    strings: { ...Object.fromEntries(given), ...overridden(strings, overrides) },
    locale: given.length > 0 ? formattingLocale(locale) : words.locale,
  }
}

/** Texts of a part that is loaded later: its English ones, with those of the visitor's language and the host's own. */
export const partStrings = <Part extends object>(
  english: (formats: Formats) => Part,
  { strings, formats }: Words,
): ChatStrings & Part => ({
  ...strings,
  ...overridden(english(formats), strings as unknown as Overrides),
})
