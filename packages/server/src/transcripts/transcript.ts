/** A conversation's transcript: its whole history as a document, a page of messages at a time. */
import { createFormats, directionOf, type Message } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import { WORDS } from '../locales/languages.ts'
import type { ConversationRecord } from '../storage/storage.ts'
import { DEFAULT_LANGUAGE, languageOf } from '../text/language.ts'
import { jsonTranscript } from './json-transcript.ts'
import { textTranscript } from './text-transcript.ts'
import type { TranscriptHead, TranscriptWriter } from './transcript-writer.ts'

export const TRANSCRIPT_FORMATS = ['text', 'html', 'json'] as const
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number]

export interface TranscriptOptions {
  readonly app: AppConfig
  readonly conversation: ConversationRecord
  readonly format: TranscriptFormat
  /** BCP 47, for words, dates and digits. */
  readonly locale: string
  /** IANA name. */
  readonly timeZone: string
}

type CreateWriter = (head: TranscriptHead) => TranscriptWriter

const WRITERS: { readonly [F in TranscriptFormat]: () => Promise<CreateWriter> } = {
  text: async () => textTranscript,
  // With a parser of Markdown, which no start waits for.
  html: async () => (await import('./html-transcript.ts')).htmlTranscript,
  json: async () => jsonTranscript,
}

const PAGE = 200

/**
 * Yields the document in pieces. Messages are as the conversation shows them: edited ones with their last content, of
 * deleted ones the fact alone. Those that come meanwhile are not in it.
 */
export async function* writeTranscript(
  conversations: Pick<ConversationService, 'messages'>,
  { format, ...options }: TranscriptOptions,
): AsyncGenerator<string> {
  const head = headOf(options)
  const createWriter = await WRITERS[format]()
  const writer = createWriter(head)
  const { id: conversationId, headSeq } = options.conversation
  yield writer.begin()
  let lastDay: string | null = null
  for (let after = 0; after < headSeq; ) {
    const { messages } = await conversations.messages({ conversationId, after, limit: PAGE })
    const last = messages.at(-1)
    if (last === undefined) break
    after = last.seq
    let piece = ''
    for (const message of messages) {
      if (message.seq > headSeq || isRevision(message)) continue
      const day = head.day(message.createdAt)
      piece += writer.message(message, day === lastDay ? null : day)
      lastDay = day
    }
    yield piece
  }
  yield writer.end()
}

/** True for an event that its message shows: what was said before must not stand in it. */
const isRevision = (message: Message): boolean => message.kind === 'event' && 'of' in message.event

function headOf({ app, conversation, locale, timeZone }: Omit<TranscriptOptions, 'format'>): TranscriptHead {
  const language = languageOf(locale) ?? DEFAULT_LANGUAGE
  // Dates in a language that the words are not in would look strange.
  const tag = languageOf(locale) === undefined ? DEFAULT_LANGUAGE : locale
  const days = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'full' })
  const times = new Intl.DateTimeFormat(tag, { timeZone, timeStyle: 'short' })
  return {
    app,
    conversation,
    locale: tag,
    timeZone,
    direction: directionOf(tag),
    words: WORDS[language].strings(createFormats(tag)).transcript,
    day: (at) => days.format(new Date(at)),
    time: (at) => times.format(new Date(at)),
    number: (value, format) => new Intl.NumberFormat(tag, format).format(value),
  }
}
