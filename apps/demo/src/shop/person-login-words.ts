/** Messages for a sign-in by mail or authenticator that failed. */
import { ChatError } from '@chat-widget/protocol'
import type { EndedState } from './person-logins.ts'

export interface PersonLoginWords extends Readonly<Record<EndedState, string>> {
  /** For an invalid address. */
  readonly malformed: string
  readonly unavailable: string
  /** Followed by a time, e.g. `30 seconds.` */
  readonly tooSoon: string
}

const NO_LINK = 'The link is not valid any more. Please ask for another one.'

export const EMAIL_WORDS: PersonLoginWords = {
  malformed: 'That is not an email address.',
  unavailable: 'No mail can be sent right now. Please try again later.',
  tooSoon: 'A mail was sent a moment ago. You can ask for another one in',
  denied: 'The sign-in was denied.',
  expired: NO_LINK,
  // The same as for a failed delivery: whoever types an address must not learn that it muted the shop.
  'not-asked': NO_LINK,
  over: NO_LINK,
}

export const IDENTIFIER_WORDS: PersonLoginWords = {
  malformed: 'An identifier has ten digits. Your authenticator shows it.',
  unavailable: 'Your authenticator cannot be asked right now. Please try again later.',
  tooSoon: 'Your authenticator was asked a moment ago. You can ask it again in',
  denied: 'The sign-in was denied.',
  expired: 'Nobody answered in time. Please ask again.',
  'not-asked': 'Your authenticator could not be asked. Have you connected it to this shop?',
  over: 'The request is not valid any more. Please ask again.',
}

/** Rethrows an error that is not the visitor's. */
export function refusalOf(
  error: unknown,
  words: PersonLoginWords,
): { readonly status: number; readonly text: string } {
  if (error instanceof TypeError) return { status: 400, text: words.malformed }
  if (!(error instanceof ChatError)) throw error
  if (error.code === 'bad-request') return { status: 400, text: words.malformed }
  if (error.code !== 'rate-limited') return { status: 503, text: words.unavailable }
  const seconds = Math.ceil((error.retryAfterMs ?? 60_000) / 1_000)
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  return { status: 429, text: `${words.tooSoon} ${wait}.` }
}
