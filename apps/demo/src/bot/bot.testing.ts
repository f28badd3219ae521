/** Webhooks as the chat server sends them. */
import type {
  AppId,
  BotActionResultRequest,
  BotMessageRequest,
  BotVisitor,
  ClientMessageId,
  ConversationId,
  MessageId,
} from '@chat-widget/protocol'

const conversation = { id: '0d9a3a0e-5f0f-4d0b-9c75-0f3f2f4c5a11' as ConversationId }
const app = 'shop' as AppId

export const ANONYMOUS: BotVisitor = { verified: false }
export const ALEX: BotVisitor = { verified: true, userIdentifier: 'alex@example.com' }

/** `details`: what a message of another kind, or an answer to one, has besides. */
export function messageRequest(text: string, visitor = ANONYMOUS, details: object = {}): BotMessageRequest {
  return {
    type: 'message',
    app,
    conversation,
    visitor,
    message: {
      id: '2b5c1f7e-8a44-4f4e-a2b8-1f6f7d8e9a22' as MessageId,
      clientId: '3c6d2a8f-9b55-4a5f-b3c9-2a7a8e9fab33' as ClientMessageId,
      conversationId: conversation.id,
      seq: 1,
      author: { kind: 'visitor' },
      createdAt: '2026-11-20T10:00:00.000Z',
      kind: 'text',
      text,
      ...details,
    } as BotMessageRequest['message'],
  }
}

export function actionResult(
  result: Pick<BotActionResultRequest, 'ok' | 'status' | 'body'>,
): BotActionResultRequest {
  return { type: 'action-result', app, conversation, visitor: ALEX, name: 'orders', ...result }
}
