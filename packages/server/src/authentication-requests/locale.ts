/** The languages of the approval page and the mail, and how a time reads in them. */
import Negotiator from 'negotiator'
import { strings as ar } from './locales/ar.ts'
import { strings as de } from './locales/de.ts'
import { strings as en, type RequestStrings } from './request-strings.ts'

const LANGUAGES = { en, de, ar } as const

export type Language = keyof typeof LANGUAGES

export const DEFAULT_LANGUAGE: Language = 'en'

export const stringsOf = (language: Language): RequestStrings => LANGUAGES[language]

/** What the browser asks for, as far as we speak it; also `de` for a `de-AT`. */
export function languageFor(acceptLanguage: string | undefined, fallback: Language): Language {
  // First stands what "any" means, which is also what a missing header means.
  const names = [fallback, ...LANGUAGE_NAMES]
  const wanted = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language(names)
  return isLanguage(wanted) ? wanted : fallback
}

export const LANGUAGE_NAMES: readonly string[] = Object.keys(LANGUAGES)

export const isLanguage = (name: string | undefined): name is Language =>
  name !== undefined && Object.hasOwn(LANGUAGES, name)

/** Without a script the page cannot know the reader's zone, so the zone is said. */
export function formatTime(at: number, { locale }: RequestStrings): string {
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(at)
}

/** `2 minutes ago`, `in 13 minutes`. */
export function formatDistance(at: number, now: number, { locale }: RequestStrings): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const seconds = Math.trunc((at - now) / 1000)
  return Math.abs(seconds) < 60
    ? format.format(seconds, 'second')
    : format.format(Math.trunc(seconds / 60), 'minute')
}
