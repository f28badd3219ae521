/** Messages whose content an agent can replace ([MK9]). */
import type { Message } from '@chat-widget/protocol'

export type ChangeableMessage = Message<'text'> | Message<'cards'> | Message<'form'>

export const isChangeable = (message: Message): message is ChangeableMessage =>
  message.kind === 'text' || message.kind === 'cards' || message.kind === 'form'
