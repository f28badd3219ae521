/** What the database knows of files; their bytes are elsewhere. */
import type { AgentId, AppId, ConversationId, FileId } from '@chat-widget/protocol'
import type { Owner } from './owner.ts'

/** Who uploads a file, and so may send it. */
export type Uploader =
  /** To any of their conversations. */
  | Owner
  /** To one conversation, as agents and integrations do. */
  | { readonly kind: 'agent'; readonly id: AgentId; readonly conversationId: ConversationId }
  | { readonly kind: 'app'; readonly conversationId: ConversationId }

export interface FileFacts {
  readonly name: string
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  /** Pixels, of a picture. */
  readonly width?: number
  readonly height?: number
}

export interface FileRecord {
  readonly id: FileId
  readonly app: AppId
  readonly uploader: Uploader
  /** `uploading`: it may be whole, but has not been looked at. */
  readonly state: 'uploading' | 'stored' | 'refused'
  /** As announced, until it is stored. */
  readonly name: string
  readonly size: number
  /** `null` until it is stored. */
  readonly facts: FileFacts | null
  readonly ticketHash: string | null
  readonly ticketExpiresAt: number | null
  readonly createdAt: number
}

export interface FileQuota {
  /** Of the uploader, since a time; `null`: none. */
  readonly ofUploader: { readonly since: number; readonly files: number; readonly bytes: number } | null
  /** Of all files of the app. */
  readonly totalBytes: number
}

export interface FileStorage {
  /** Stores an announced file within its quota. `too-many`: the uploader's is used up. `full`: the app's is. */
  begin(
    file: {
      readonly id: FileId
      readonly app: AppId
      readonly uploader: Uploader
      readonly name: string
      readonly size: number
      readonly ticketHash: string | null
      readonly ticketExpiresAt: number | null
      readonly at: number
    },
    quota: FileQuota,
  ): Promise<'begun' | 'too-many' | 'full'>
  find(id: FileId): Promise<FileRecord | null>
  /** The file if it is the uploader's, or that of a visitor whose conversations became theirs ([ID11]). */
  findOwn(id: FileId, uploader: Uploader): Promise<FileRecord | null>
  /** The file with the message that it was sent in; `null` if there is no such message, or no longer. */
  findSent(id: FileId): Promise<{ readonly file: FileRecord; readonly conversationId: ConversationId } | null>
  setTicket(id: FileId, ticketHash: string, expiresAt: number): Promise<void>
  /** Stores what was found out. Does nothing unless the file is `uploading`. */
  settle(id: FileId, facts: FileFacts | 'refused'): Promise<void>
  /** Stores that the bytes as they were uploaded are gone. */
  uploadRemoved(id: FileId): Promise<void>
  /**
   * Looks at the next `limit` files, in the order of ids. `over`: never sent and made before `unsentBefore`, or sent in
   * a message that is gone. `staged`: stored before `stagedBefore`, with their bytes as uploaded left behind.
   */
  walk(request: {
    readonly after: FileId | null
    readonly limit: number
    readonly unsentBefore: number
    readonly stagedBefore: number
  }): Promise<{
    readonly over: readonly FileId[]
    readonly staged: readonly FileId[]
    readonly next: FileId | null
  }>
  /** Deletes the row, once the bytes are gone, and gives back its part of the app's quota. */
  remove(id: FileId): Promise<void>
  /** Ids of the files of a conversation, sent or bound to it. */
  ofConversation(id: ConversationId): Promise<readonly FileId[]>
}
