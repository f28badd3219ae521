/** Loads the texts for a locale; each language but English is a file of its own. */
import { canonicalLocale } from '@chat-widget/client/browser'
import { type Overrides, overridden } from '../words/overrides.ts'
import { ENGLISH, type Strings } from './strings.ts'

const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly strings: Strings }>>> = {
  ar: () => import('./locales/ar.ts'),
  de: () => import('./locales/de.ts'),
}

export interface Words {
  readonly strings: Strings
  /** Language of the texts, and of dates and times. */
  readonly locale: string
}

export const ENGLISH_WORDS: Words = { strings: ENGLISH, locale: 'en' }

/** A tag may be well formed and still be refused, and then formatting any date would throw. */
const dateLocale = (locale: string) => canonicalLocale(locale) ?? locale.split('-')[0] ?? 'en'

/** Never rejects: falls back to English if the language's file cannot be loaded. */
async function wordsOf(locale: string): Promise<Words> {
  const language = locale.split('-')[0] ?? ''
  const load = LANGUAGES[language]
  if (load === undefined)
    return language === 'en' ? { strings: ENGLISH, locale: dateLocale(locale) } : ENGLISH_WORDS
  try {
    return { strings: (await load()).strings, locale: dateLocale(locale) }
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
  const { strings, locale: language } = await wordsOf(locale)
  const given = Object.entries(overrides).filter(([, own]) => own !== undefined)
  for (const [name, own] of given) {
    const word: unknown = strings[name as keyof Strings]
    if (word !== undefined && typeof own !== typeof word)
      malformed(`strings.${name} must be a ${typeof word}, not a ${typeof own}.`)
  }
  return {
    // Texts for signing in are checked where they are loaded.
    strings: { ...Object.fromEntries(given), ...overridden(strings, overrides) },
    locale: given.length > 0 ? dateLocale(locale) : language,
  }
}
