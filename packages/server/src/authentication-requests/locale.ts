/** Words of the approval page and the mail in each language, and the format of times. */
import { createFormats, directionOf } from '@chat-widget/protocol'
import { WORDS } from '../locales/languages.ts'
import type { ServerStrings } from '../locales/strings.ts'
import type { Language } from '../text/language.ts'

/** A sentence on what happened, and one on what to do now. */
export interface Outcome {
  readonly title: string
  readonly text: string
}

export type RequestStrings = ServerStrings['request'] & {
  /** BCP 47, for dates and relative times. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
}

function requestStrings(language: Language): RequestStrings {
  const { tag, strings } = WORDS[language]
  // Latin digits, like those of codes and addresses on the same page.
  const locale = `${tag}-u-nu-latn`
  return { ...strings(createFormats(locale)).request, locale, dir: directionOf(tag) }
}

/** By language, made when a language is first used: each has formats of its own, which are dear. */
const strings = new Map<Language, RequestStrings>()

export function stringsOf(language: Language): RequestStrings {
  const known = strings.get(language)
  if (known !== undefined) return known
  const made = requestStrings(language)
  strings.set(language, made)
  return made
}

interface Formats {
  readonly time: Intl.DateTimeFormat
  readonly distance: Intl.RelativeTimeFormat
}

/** Formats by locale, made once: making them is most of the cost of rendering a page. */
const formats = new Map<string, Formats>()

function formatsOf({ locale }: RequestStrings): Formats {
  const known = formats.get(locale)
  if (known !== undefined) return known
  const made: Formats = {
    // Without a script the page cannot know the reader's time zone, so the time names its zone.
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
