/** Errors that the site developer is told of, and those of the shell itself, with advice. */
import { WidgetErrorEvent } from '../events.ts'
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

/** Reports to the site developer: `widget-error`, and a warning. `cause`: errors thrown by the host's own code. */
export async function report(
  element: { dispatchEvent(event: Event): unknown },
  error: WidgetErrorDetail,
  advice: string | Promise<string>,
  ...cause: readonly unknown[]
): Promise<void> {
  element.dispatchEvent(new WidgetErrorEvent(error))
  const sentence = error.message.replace(/\.?$/, '.')
  // Writes at once where it can, before the error that the caller throws.
  const text = typeof advice === 'string' ? advice : await advice
  console.warn(`<chat-widget> ${error.code}: ${sentence} ${text}`, ...cause)
}
