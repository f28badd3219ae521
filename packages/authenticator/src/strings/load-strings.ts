/** Loads the strings of a person's language; each one but English is a file of its own. */
import { strings as english } from '../locales/en.ts'
import { LANGUAGES } from '../locales/languages.ts'
import { ENGLISH, type Strings, stringsIn } from './strings.ts'

/** `languages`: BCP 47, most wanted first. Never rejects: falls back to English. */
export async function loadStrings(languages: readonly string[]): Promise<Strings> {
  for (const language of languages) {
    const name = language.split('-')[0]?.toLowerCase() ?? ''
    if (name === 'en') return stringsIn(language, english)
    const load = LANGUAGES[name]
    if (load !== undefined)
      return load().then(
        ({ strings }) => stringsIn(language, strings),
        () => ENGLISH,
      )
  }
  return ENGLISH
}
