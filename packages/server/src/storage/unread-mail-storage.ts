/** Positions of mails about unread messages, and who wants none ([UM1] to [UM4]). */
import type { AppId, ConversationId, Message } from '@chat-widget/protocol'

export interface UnreadMailStorage {
  /** The last seq that was mailed; 0 if none was. */
  mailedSeq(conversationId: ConversationId): Promise<number>
  /** Only grows. */
  markMailed(conversationId: ConversationId, seq: number): Promise<void>
  /** The visitor's answers to forms, the newest first. */
  formAnswers(conversationId: ConversationId, limit: number): Promise<readonly Message<'form-answer'>[]>
  /** `recipient`: a keyed hash of app and address. Idempotent. */
  unsubscribe(app: AppId, recipient: string, at: number): Promise<void>
  isUnsubscribed(recipient: string): Promise<boolean>
}
