/** The interface of the forms of transcripts. */
import type { Message } from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import type { ServerStrings } from '../locales/strings.ts'
import type { ConversationRecord } from '../storage/storage.ts'

/** For the page itself, as a saved file has no headers. */
export const TRANSCRIPT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** The surroundings of a transcript's messages. */
export interface TranscriptHead {
  readonly app: Pick<AppConfig, 'id' | 'name'>
  readonly conversation: ConversationRecord
  readonly locale: string
  readonly timeZone: string
  readonly direction: 'ltr' | 'rtl'
  readonly words: ServerStrings['transcript']
  readonly day: (at: string) => string
  readonly time: (at: string) => string
  readonly number: (value: number, options?: Intl.NumberFormatOptions) => string
}

/** A form of transcripts. Each method returns the text that comes next. */
export interface TranscriptWriter {
  begin(): string
  /** `day`: the day that begins with this message. */
  message(message: Message, day: string | null): string
  end(): string
}
