/** Work after a customer's rows were deleted: files to remove, devices to tell. */
import type { AppId, ConversationId, FileId, SessionId } from '@chat-widget/protocol'
import type { ConversationOwner } from './owner.ts'

export interface ErasureWork {
  /** Its agents are told; absent in work of earlier releases. */
  readonly app?: AppId
  /** Their devices are told. */
  readonly sessions: readonly SessionId[]
  /** Those of which something is left: agents are told. Absent in work of earlier releases. */
  readonly conversations?: readonly ConversationId[]
  /** Those that grew old and are gone: their visitors' devices are told. Absent for a customer, and in work of earlier releases. */
  readonly expired?: readonly { readonly id: ConversationId; readonly owner: ConversationOwner }[]
  /** Their bytes are removed. */
  readonly files: readonly FileId[]
  /** True for a customer, of whom nothing is to be left in the database's files; false for conversations that grew old. */
  readonly isPerson: boolean
}
