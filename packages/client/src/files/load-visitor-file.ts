/** Sends a visitor's file by code that is loaded with the first one. */
import type { Message } from '@chat-widget/protocol'
import type { Reply, ReplyError } from '../connection/event-maps.ts'
import type { FileEntry } from './send-file.ts'
import type { VisitorFileParts } from './visitor-file.ts'

const LOST: ReplyError = { code: 'load-failed', message: '', isFinal: true }

export const sendFile = (entry: FileEntry, parts: VisitorFileParts): Promise<Reply<Message>> =>
  import('./visitor-file.ts').then(
    ({ sendVisitorFile }) => sendVisitorFile(entry, parts),
    () => ({ ok: false, error: LOST }),
  )
