/** Login cards on the server. The work that a card blocks is stored apart, and no client sees it. */
import type { Message } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

export const login: ServerKind<'login'> = {
  store: ({ login }) => login,
  load: (stored: Message<'login'>['login']) => ({ login: stored }),
  details: (body, reason) => ({ login: { button: body.login.button, reason } }),
}
