/** What a transcript says of a message, in the words of its language and as plain text. */
import { LIMITS, type Message, plainName } from '@chat-widget/protocol'
import { oneLine } from '../text/one-line.ts'
import type { TranscriptHead } from './transcript-writer.ts'

/** The author's name; `null` for an event, which has none. */
export function authorName(
  { author, kind }: Message,
  { words }: Pick<TranscriptHead, 'words'>,
): string | null {
  switch (author.kind) {
    case 'visitor':
      return words.visitor
    case 'agent':
      return oneLine(author.name ?? '', LIMITS.nameLength) || words.agent
    case 'bot':
      return words.bot
    case 'system':
      return kind === 'event' ? null : words.agent
    default:
      return author.kind satisfies never
  }
}

/** The content, of one or several lines. A kind or an event without words of its own says its fallback text. */
export function contentText(message: Message, head: Pick<TranscriptHead, 'words' | 'number'>): string {
  if (message.deleted) return head.words.deleted
  if (message.kind === 'file') {
    const { file, caption } = message
    const line = head.words.file(oneLine(file.name, LIMITS.fileNameLength), sizeText(file.size, head))
    return caption === undefined ? line : `${caption}\n${line}`
  }
  return message.kind === 'event' ? eventText(message, head) : message.text
}

function eventText(
  { event, text }: Message<'event'>,
  { words, number }: Pick<TranscriptHead, 'words' | 'number'>,
): string {
  switch (event.type) {
    case 'signed-in':
      return words.signedIn(plainName(event.userIdentifier))
    case 'handed-to-agents':
      return words.handedToAgents
    case 'handed-to-bot':
      return words.handedToBot
    case 'joined':
      return words.joined(plainName(event.agent.name))
    case 'closed':
      return words.closedEvent
    case 'reopened':
      return words.reopened
    case 'rated': {
      const line = words.rated(number(event.rating), number(LIMITS.ratingMost))
      return event.text === undefined ? line : `${line}\n${event.text}`
    }
    default:
      return text
  }
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

function sizeText(bytes: number, { number }: Pick<TranscriptHead, 'number'>): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const unit = UNITS[power] ?? 'byte'
  // Short, English has "1 byte" and "720 byte".
  const unitDisplay = unit === 'byte' ? 'long' : 'short'
  return number(bytes / 1_000 ** power, { style: 'unit', unit, unitDisplay, maximumSignificantDigits: 3 })
}
