/** The place in a list of conversations where the next page begins: opaque to clients. */
import { ChatError, type ConversationId } from '@chat-widget/protocol'

export interface ListPosition {
  readonly updatedAt: number
  readonly id: ConversationId
}

export function encodeCursor(updatedAt: number, id: ConversationId): string {
  return Buffer.from(`${updatedAt} ${id}`).toString('base64url')
}

/** Throws `bad-request` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): ListPosition {
  const match = /^(\d{1,15}) ([\w-]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new ChatError('bad-request', 'cursor: not one that a list gave')
  }
  return { updatedAt: Number(match[1]), id: match[2] as ConversationId }
}
