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

interface Formats {
  readonly time: Intl.DateTimeFormat
  readonly distance: Intl.RelativeTimeFormat
}

/** By locale. Made once each: making them is most of what drawing a page would cost. */
const formats = new Map<string, Formats>()

function formatsOf({ locale }: RequestStrings): Formats {
  const known = formats.get(locale)
  if (known !== undefined) return known
  const made: Formats = {
    // Without a script the page cannot know the reader's zone, so the zone is said.
    time: new Intl.DateTimeFormat(locale, {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZone: 'UTC',
      timeZoneName: 'short',
    }),
    distance: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
  }
  formats.set(locale, made)
  return made
}

export const formatTime = (at: number, strings: RequestStrings): string => formatsOf(strings).time.format(at)

/** `2 minutes ago`, `in 13 minutes`. */
export function formatDistance(at: number, now: number, strings: RequestStrings): string {
  const { distance } = formatsOf(strings)
  const seconds = Math.trunc((at - now) / 1000)
  return Math.abs(seconds) < 60
    ? distance.format(seconds, 'second')
    : distance.format(Math.trunc(seconds / 60), 'minute')
}
