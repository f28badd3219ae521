/** The languages of the server's own pages and mails. */
import Negotiator from 'negotiator'

export const LANGUAGES = ['en', 'de', 'ar'] as const

export type Language = (typeof LANGUAGES)[number]

export const DEFAULT_LANGUAGE: Language = 'en'

export const isLanguage = (name: string | undefined): name is Language =>
  (LANGUAGES as readonly (string | undefined)[]).includes(name)

/** The language a browser asks for, as far as there is one; also `de` for a `de-AT`. */
export function languageFor(acceptLanguage: string | undefined, fallback: Language): Language {
  // The first one is what "any" and a missing header mean.
  const names = [fallback, ...LANGUAGES]
  const wanted = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language(names)
  return isLanguage(wanted) ? wanted : fallback
}
