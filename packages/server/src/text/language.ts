/** The languages of the server's own pages and mails. */
import Negotiator from 'negotiator'
import { type Language, WORDS } from '../locales/languages.ts'

export type { Language }

export const LANGUAGES = Object.keys(WORDS) as readonly Language[]

export const DEFAULT_LANGUAGE: Language = 'en'

const isLanguage = (name: string | undefined): name is Language =>
  (LANGUAGES as readonly (string | undefined)[]).includes(name)

/** The language of a BCP 47 tag: `de` for `de-AT`, `zh` for `zh-Hans`; `undefined` if we lack it. */
export const languageOf = (tag: string): Language | undefined =>
  [tag.toLowerCase(), tag.toLowerCase().split('-')[0]].find(isLanguage)

/** The language that a browser asks for, if we have it; `de` also for a `de-AT`. */
export function languageFor(acceptLanguage: string | undefined, fallback: Language): Language {
  // The first one answers "any" and a missing header.
  return wantedOf(acceptLanguage, [fallback, ...LANGUAGES]) ?? fallback
}

/** The same; `undefined` for a header that is missing, or names none of ours. */
export function acceptedLanguage(acceptLanguage: string | undefined): Language | undefined {
  return acceptLanguage === undefined ? undefined : wantedOf(acceptLanguage, [...LANGUAGES])
}

function wantedOf(acceptLanguage: string | undefined, names: string[]): Language | undefined {
  const wanted = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language(names)
  return isLanguage(wanted) ? wanted : undefined
}
