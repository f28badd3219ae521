/** Cards on the server. */
import type { Message } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

export const cards: ServerKind<'cards'> = {
  store: ({ cards }) => ({ cards }),
  load: (stored: Pick<Message<'cards'>, 'cards'>) => stored,
  details: (body) => body,
}
