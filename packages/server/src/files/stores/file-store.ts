/** Where the bytes of files are: those that are uploaded piece by piece, and those that are kept. */
import type { Readable } from 'node:stream'
import type { FileId } from '@chat-widget/protocol'
import type { DataStore } from '@tus/server'

/** First and last byte. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Calls reject with `not-found` for bytes that are not there, and with `unavailable` if the place cannot be used. */
export interface FileStore {
  /** Uploads under way, as the tus server uses them; the library is loaded by the first call. */
  uploads(): Promise<DataStore>
  /** Prepares the place. Rejects if it cannot be used. */
  open(): Promise<void>
  readUpload(id: FileId): Promise<Readable>
  /** Idempotent. */
  removeUpload(id: FileId): Promise<void>
  /** Keeps the bytes of a whole upload, which stays. Idempotent. Once resolved, they survive a loss of power. */
  keepUpload(id: FileId): Promise<void>
  /** Keeps these bytes, as `keepUpload` does. */
  keep(id: FileId, bytes: Uint8Array): Promise<void>
  read(id: FileId, range?: ByteRange): Promise<Readable>
  /** Idempotent. */
  remove(id: FileId): Promise<void>
  close(): void
}
