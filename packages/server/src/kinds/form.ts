/** Forms on the server. */
import type { Form } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

export const form: ServerKind<'form'> = {
  store: ({ form }) => form,
  load: (stored: Form) => ({ form: stored }),
  details: (body) => body,
}
