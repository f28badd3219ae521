/** A transcript as JSON: messages as REST lists them, without agents' ids. */
import type { TranscriptHead, TranscriptWriter } from './transcript-writer.ts'

export function jsonTranscript({ app, conversation }: TranscriptHead): TranscriptWriter {
  const { id, status, createdAt, updatedAt } = conversation
  let isFirst = true
  return {
    begin: () =>
      `{"app":${JSON.stringify({ id: app.id, name: app.name })},"conversation":${JSON.stringify({
        id,
        status,
        createdAt: new Date(createdAt).toISOString(),
        updatedAt: new Date(updatedAt).toISOString(),
      })},"messages":[`,
    message({ author: { id: _, ...author }, ...message }) {
      const text = JSON.stringify({ ...message, author })
      const piece = isFirst ? `\n${text}` : `,\n${text}`
      isFirst = false
      return piece
    },
    end: () => '\n]}\n',
  }
}
