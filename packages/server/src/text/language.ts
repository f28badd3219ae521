/** The languages of the server's own pages and mails. */
import Negotiator from 'negotiator'

export const LANGUAGES = ['en', 'de', 'ar'] as const

export type Language = (typeof LANGUAGES)[number]

export const DEFAULT_LANGUAGE: Language = 'en'

export const isLanguage = (name: string | undefined): name is Language =>
  (LANGUAGES as readonly (string | undefined)[]).includes(name)

/** The language that a browser asks for, if we have it; `de` also for a `de-AT`. */
export function languageFor(acceptLanguage: string | undefined, fallback: Language): Language {
  // The first one answers "any" and a missing header.
  const names = [fallback, ...LANGUAGES]
  const wanted = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language(names)
  return isLanguage(wanted) ? wanted : fallback
}
