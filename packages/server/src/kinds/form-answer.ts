/** Answers to forms on the server. */
import type { Message } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

export const formAnswer: ServerKind<'form-answer'> = {
  store: ({ to, values }) => ({ to, values }),
  load: (stored: Pick<Message<'form-answer'>, 'to' | 'values'>) => stored,
  // A field left blank is one without a value.
  details: ({ to, values }) => ({
    to,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== '')),
  }),
}
