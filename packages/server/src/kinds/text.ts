/** Text on the server. */
import type { MessageContent } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

type Details = Omit<MessageContent<'text'>, 'kind' | 'text'>

export const text: ServerKind<'text'> = {
  store: ({ format, quickReplies, reply }) =>
    format === undefined && quickReplies === undefined && reply === undefined
      ? null
      : { format, quickReplies, reply },
  load: (stored: Details | null) => stored ?? {},
  details: ({ text: _, ...details }) => details,
}
