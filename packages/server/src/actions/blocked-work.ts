/** What login cards wait for: taken by a sign-in, and replayed once ([ID15]). */
import { ChatError, type ConversationId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { BotWorker } from '../bot/bot-worker.ts'
import type { ConversationDesk } from '../conversations/create-conversation-service.ts'
import { derivedClientId } from '../conversations/derived-client-id.ts'
import type { SessionRecord, Storage } from '../storage/storage.ts'
import type { AgentActions } from './agent-actions.ts'

export type TakenWork = Awaited<ReturnType<Storage['logins']['takeBlocked']>>

export interface BlockedWorkDesk {
  /** What the unanswered cards of these conversations wait for. Whoever takes it has to replay it. */
  take(conversationIds: readonly ConversationId[]): Promise<TakenWork>
  /** Says in each conversation that the visitor signed in, and gives the work to whom it belongs. Never rejects. */
  replay(session: SessionRecord, taken: TakenWork): Promise<void>
}

export interface BlockedWorkOptions {
  readonly storage: Storage
  readonly conversations: ConversationDesk
  readonly bot: Pick<BotWorker, 'deliver' | 'replayAction'>
  readonly agentActions: Pick<AgentActions, 'goOn'>
  readonly logger: Logger
  readonly now: () => number
}

export function createBlockedWork({
  storage,
  conversations,
  bot,
  agentActions,
  logger,
  now,
}: BlockedWorkOptions): BlockedWorkDesk {
  async function replayOne({ conversationId, messageId, blocked }: TakenWork[number]): Promise<void> {
    switch (blocked.kind) {
      case 'message': {
        const work = { kind: 'message', messageId: blocked.messageId } as const
        bot.deliver(await storage.botDeliveries.add(conversationId, work, now()))
        return
      }
      case 'action':
        bot.replayAction({
          conversationId,
          key: `login.${messageId}`,
          name: blocked.name,
          params: blocked.params,
        })
        return
      case 'action-run':
        await agentActions.goOn(blocked.runId)
        return
      case 'nothing':
        return
      default:
        blocked satisfies never
    }
  }

  async function replay(userIdentifier: string, taken: TakenWork): Promise<void> {
    const told = new Set<ConversationId>()
    for (const work of taken) {
      const { conversationId, messageId } = work
      if (!told.has(conversationId)) {
        told.add(conversationId)
        const clientId = derivedClientId('signed-in', messageId)
        await conversations.recordEvent(conversationId, clientId, { type: 'signed-in', userIdentifier })
      }
      await replayOne(work)
    }
  }

  return {
    take: (conversationIds) => storage.logins.takeBlocked(conversationIds, now()),
    async replay({ user }, taken) {
      if (user === null) return
      try {
        await replay(user.userIdentifier, taken)
      } catch (error) {
        const code = error instanceof ChatError ? error.code : 'internal'
        logger.error({ code }, 'what login cards waited for could not be replayed')
      }
    },
  }
}
