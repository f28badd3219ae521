/** The visitor's time zone. In a file of its own: most chats never ask for it. */
import { attempt } from './browser.ts'

/** The visitor's, by its IANA name. */
export const timeZone = (): string =>
  attempt(() => new Intl.DateTimeFormat().resolvedOptions().timeZone) ?? 'UTC'
