/** Text on the server. */
import type { ServerKind } from './server-kind.ts'

export const text: ServerKind<'text'> = {
  store: () => null,
  load: () => ({}),
  details: () => ({}),
}
