/** Name of a message's author, as the chat shows and says it. */
import { type MessageAuthor, plainName } from '@chat-widget/protocol'
import type { ChatStrings } from '../../locales/chat.ts'

export function authorName(author: MessageAuthor, strings: ChatStrings): string {
  if (author.kind === 'visitor') return strings.you
  return plainName(author.name ?? strings[author.kind])
}
