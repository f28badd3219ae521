/** Texts of the authenticator, with their language. */
import { createFormats, directionOf, type Formats } from '@chat-widget/protocol'
import { strings as english } from '../locales/en.ts'
import type { AuthenticatorStrings } from '../locales/strings.ts'

/** A sentence on what happened, and one on what to do now. */
export interface Outcome {
  readonly title: string
  readonly text: string
}

/** A question before a step that cannot be undone. */
export interface Confirmation extends Outcome {
  readonly confirm: string
}

export interface Strings extends AuthenticatorStrings {
  /** BCP 47, for dates. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
}

/** `locale`: BCP 47, of the language of the texts. */
export function stringsIn(locale: string, texts: (formats: Formats) => AuthenticatorStrings): Strings {
  // Latin digits, like those of codes and addresses on the same page.
  const digits = `${new Intl.Locale(locale).baseName}-u-nu-latn`
  return { ...texts(createFormats(digits)), locale: digits, dir: directionOf(locale) }
}

export const ENGLISH: Strings = stringsIn('en', english)
