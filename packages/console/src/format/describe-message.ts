/** Words for messages: their authors, and the list's preview line. */
import type { Agent } from '@chat-widget/client/agent'
import { type Message, type MessageAuthor, plainName } from '@chat-widget/protocol'
import { describe, isNote } from '../kinds/index.ts'
import { words } from '../words/words.ts'

/** The name above a group of messages. */
export function authorName(author: MessageAuthor, agent: Agent | null): string {
  return plainName(nameOf(author, agent))
}

function nameOf(author: MessageAuthor, agent: Agent | null): string {
  switch (author.kind) {
    case 'visitor':
      return author.name ?? words().author.visitor
    case 'agent':
      return isOwn(author, agent) ? words().author.you : (author.name ?? words().author.agent)
    case 'bot':
      return author.name ?? words().author.bot
    case 'system':
      return author.name ?? words().author.system
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
    return { author: null, text: words().log.empty }
  }
  return { author: isNote(message) ? null : authorName(message.author, agent), text: describe(message) }
}
