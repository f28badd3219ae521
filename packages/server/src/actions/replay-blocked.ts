/** After a sign-in: says so where a login card waited for it, and replays what was blocked, once ([ID15]). */
import type { ConversationId } from '@chat-widget/protocol'
import type { BotWorker } from '../bot/bot-worker.ts'
import type { ConversationDesk } from '../conversations/create-conversation-service.ts'
import { derivedClientId } from '../conversations/derived-client-id.ts'
import type { SessionRecord, Storage } from '../storage/storage.ts'

export interface ReplayBlockedOptions {
  readonly storage: Storage
  readonly conversations: ConversationDesk
  readonly bot: Pick<BotWorker, 'deliver' | 'replayAction'>
  readonly now: () => number
}

export function createReplayBlocked({ storage, conversations, bot, now }: ReplayBlockedOptions) {
  return async (session: SessionRecord, conversationIds: readonly ConversationId[]): Promise<void> => {
    if (session.user === null) return
    const { userIdentifier } = session.user
    const taken = await storage.logins.takeBlocked(conversationIds, now())
    const told = new Set<ConversationId>()
    for (const { conversationId, messageId, blocked } of taken) {
      if (!told.has(conversationId)) {
        told.add(conversationId)
        const clientId = derivedClientId('signed-in', messageId)
        await conversations.recordEvent(conversationId, clientId, { type: 'signed-in', userIdentifier })
      }
      switch (blocked.kind) {
        case 'message':
          bot.deliver(
            await storage.botDeliveries.add(
              conversationId,
              { kind: 'message', messageId: blocked.messageId },
              now(),
            ),
          )
          break
        case 'action': {
          const { name, params } = blocked
          bot.replayAction({ conversationId, key: `login.${messageId}`, name, params })
          break
        }
        case 'nothing':
          break
        default:
          blocked satisfies never
      }
    }
  }
}
