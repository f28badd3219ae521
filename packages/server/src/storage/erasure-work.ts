/** Work after a customer's rows were deleted: files to remove, devices to tell. */
import type { AppId, ConversationId, FileId, SessionId } from '@chat-widget/protocol'

export interface ErasureWork {
  /** Its agents are told; absent for conversations that grew old, and in work of earlier releases. */
  readonly app?: AppId
  /** Their devices are told. */
  readonly sessions: readonly SessionId[]
  /** Those of which something is left: agents are told. Absent in work of earlier releases. */
  readonly conversations?: readonly ConversationId[]
  /** Their bytes are removed. */
  readonly files: readonly FileId[]
  /** True for a customer, of whom nothing is to be left in the database's files; false for conversations that grew old. */
  readonly isPerson: boolean
}
