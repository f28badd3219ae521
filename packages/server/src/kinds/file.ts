/** Files on the server. Of a posted one the conversation service finds the facts before its content is made. */
import type { Message, PostedBody, SentFile } from '@chat-widget/protocol'
import type { ServerKind } from './server-kind.ts'

type Details = Pick<Message<'file'>, 'file' | 'caption'>

export const file: ServerKind<'file'> = {
  store: ({ file, caption }) => ({ file, caption }),
  load: (stored: Details) => stored,
  details({ file, text }) {
    if (!isKnown(file)) throw new TypeError('a file is posted without its facts')
    return { file, ...(text !== undefined && { caption: text }) }
  },
}

const isKnown = (file: PostedBody<'file'>['file']): file is SentFile => 'mediaType' in file
