/** A transcript as plain text. Lines after a message's first one are indented: no message can look like another one. */
import { oneLine } from '../text/one-line.ts'
import { authorName, contentText } from './message-words.ts'
import type { TranscriptHead, TranscriptWriter } from './transcript-writer.ts'

const NAME_LENGTH = 120

/** Everything that a program may show as the end of a line. */
const LINE_ENDS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g

export function textTranscript(head: TranscriptHead): TranscriptWriter {
  const { app, conversation, words, timeZone } = head
  return {
    begin: () =>
      // A byte order mark: editors on Windows would read it in another encoding.
      `\ufeff${words.title(oneLine(app.name, NAME_LENGTH))}\n${
        conversation.status === 'closed' ? `${words.closedEvent}\n` : ''
      }${words.zone(timeZone)}\n`,
    message(message, day) {
      const name = authorName(message, head)
      const edited = message.edited ? ` (${words.edited})` : ''
      const lines = contentText(message, head).replaceAll(LINE_ENDS, '\n    ')
      const line = `[${head.time(message.createdAt)}] ${name === null ? `* ${lines}` : `${name}${edited}: ${lines}`}\n`
      return `${day === null ? '' : `\n--- ${day} ---\n\n`}${line}`
    },
    end: () => '',
  }
}
