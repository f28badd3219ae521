/** Words for messages: their authors, and the list's preview line. */
import type { Agent } from '@chat-widget/client/agent'
import { type Message, type MessageAuthor, plainName } from '@chat-widget/protocol'
import { describe, isNote } from '../kinds/index.ts'

/** The name above a group of messages. */
export function authorName(author: MessageAuthor, agent: Agent | null): string {
  return plainName(nameOf(author, agent))
}

function nameOf(author: MessageAuthor, agent: Agent | null): string {
  switch (author.kind) {
    case 'visitor':
      return author.name ?? 'Visitor'
    case 'agent':
      return isOwn(author, agent) ? 'You' : (author.name ?? 'Agent')
    case 'bot':
      return author.name ?? 'Bot'
    case 'system':
      return author.name ?? 'System'
    default:
      author.kind satisfies never
      return ''
  }
}

export function isOwn(author: MessageAuthor, agent: Agent | null): boolean {
  return agent !== null && author.id === agent.id
}

export interface MessagePreview {
  /** `null` for notes, which show no author. */
  readonly author: string | null
  readonly text: string
}

/** The last message in one line. */
export function messagePreview(message: Message | null, agent: Agent | null): MessagePreview {
  if (message === null) {
    return { author: null, text: 'No messages yet' }
  }
  return { author: isNote(message) ? null : authorName(message.author, agent), text: describe(message) }
}
