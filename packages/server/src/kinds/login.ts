/** Login cards on the server. What a card waits for is kept apart and told nobody. */
import type { Message } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

export const login: ServerKind<'login'> = {
  store: ({ login }) => login,
  load: (stored: Message<'login'>['login']) => ({ login: stored }),
  details: (body, reason) => ({ login: { button: body.login.button, reason } }),
}
