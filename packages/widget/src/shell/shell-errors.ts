/** Errors of the shell itself, with advice for the site developer. */
import type { WidgetErrorDetail } from '../public-types.ts'

type Told = readonly [error: WidgetErrorDetail, advice: string]

const messageOf = (error: unknown) => String((error as Error | null)?.message ?? error)

export const APP_MISSING: Told = [
  { code: 'app-missing', message: 'The app attribute is missing.' },
  'Write <chat-widget app="…">, or data-app="…" on the script tag.',
]

export const userMalformed = (error: unknown): Told => [
  { code: 'user-malformed', message: messageOf(error) },
  'Give null or an object { userIdentifier, requestContextProvider }.',
]

export const loadFailed = (error: unknown): Told => [
  { code: 'load-failed', message: messageOf(error) },
  'Check the assets folder and the CSP: script-src.',
]
