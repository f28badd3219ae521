/** Finds the words for a locale; a language other than English is a file of its own. */
import { ENGLISH, type Strings } from './strings.ts'

const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly strings: Strings }>>> = {
  ar: () => import('./locales/ar.ts'),
  de: () => import('./locales/de.ts'),
}

export interface Words {
  readonly strings: Strings
  /** What dates and times are written in: the locale asked for where there are words for it, else English. */
  readonly locale: string
}

export const ENGLISH_WORDS: Words = { strings: ENGLISH, locale: 'en' }

/** Never rejects: where the language's file cannot be loaded, English is better than nothing. */
export async function loadWords(locale: string): Promise<Words> {
  const language = locale.split('-')[0]?.toLowerCase() ?? ''
  try {
    const load = LANGUAGES[language]
    if (load !== undefined) return { strings: (await load()).strings, locale }
    // A tag that is no locale would make every date throw.
    return language === 'en'
      ? { strings: ENGLISH, locale: new Intl.Locale(locale).toString() }
      : ENGLISH_WORDS
  } catch {
    return ENGLISH_WORDS
  }
}
