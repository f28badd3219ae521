/** Messages in the console's words: event notes, authors and the list's preview line. */
import type { Agent } from '@chat-widget/client/agent'
import { type ConversationEvent, type Message, type MessageAuthor, plainName } from '@chat-widget/protocol'

/** The text of a note in the log. */
export function eventText(event: ConversationEvent, fallback: string): string {
  switch (event.type) {
    case 'signed-in':
      return `Signed in as ${plainName(event.userIdentifier)}`
    case 'handed-to-agents':
      return handOverText(event.cause)
    case 'handed-to-bot':
      return 'Handed back to the bot'
    case 'closed':
      return 'Conversation closed'
    default:
      // A newer server may know events that this build does not.
      event satisfies never
      return fallback
  }
}

function handOverText(cause: 'bot-failed' | 'bot-asked' | 'agent-joined'): string {
  switch (cause) {
    case 'bot-failed':
      return 'The bot did not answer. Handed over to the agents'
    case 'bot-asked':
      return 'The bot handed the conversation over to the agents'
    case 'agent-joined':
      return 'An agent took over from the bot'
    default:
      cause satisfies never
      return 'Handed over to the agents'
  }
}

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
  /** `null` for notes, which have no author worth naming. */
  readonly author: string | null
  readonly text: string
}

/** The last message on one line. */
export function messagePreview(message: Message | null, agent: Agent | null): MessagePreview {
  if (message === null) {
    return { author: null, text: 'No messages yet' }
  }
  switch (message.kind) {
    case 'text':
      return { author: authorName(message.author, agent), text: message.text }
    case 'login':
      return { author: authorName(message.author, agent), text: `Login card: ${message.text}` }
    case 'event':
      return { author: null, text: eventText(message.event, message.text) }
    default:
      message satisfies never
      return { author: null, text: '' }
  }
}
