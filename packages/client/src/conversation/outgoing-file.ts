/** Files in an outbox: an entry says what a file is; its bytes are kept beside the outbox, and go with the entry ([FI10]). */
import type { ClientMessageId } from '@chat-widget/protocol'
import type { FileDraft, OutgoingFile, PendingUpload } from '../chat-state.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'
import { storableBody } from '../util/storable-text.ts'

interface Upload extends PendingUpload {
  /** Attempts without progress. */
  readonly tries?: number
}

/** Files of which this page holds the bytes, by the body of their entry. */
export const uploads = new WeakMap<object, Upload>()

/** Size of the largest file whose bytes are kept for after a reload. */
const KEPT_BYTES_AT_MOST = 2 ** 25

/** Key of an entry's bytes in the storage of its outbox. */
export const bytesKey = (clientId: ClientMessageId) => `file:${clientId}`

export const isFile = (body: unknown): body is OutgoingFile =>
  (body as Partial<OutgoingFile>).file !== undefined

/** The entry's body; the bytes are written down before it is. */
export function bodyOfFile(draft: FileDraft, clientId: ClientMessageId, storage: ChatStorage): OutgoingFile {
  const { file } = draft
  const { name, size, type } = file
  const body = storableBody({ ...draft, file: { name, size, type } })
  uploads.set(body, { bytes: file, sent: 0 })
  // A copy without its name: a `File` may change on the disk.
  if (size < KEPT_BYTES_AT_MOST) void storage.update(bytesKey(clientId), () => file.slice())
  return body
}
