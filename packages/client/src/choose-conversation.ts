/** Starts or shows a conversation, for the visitor who asked for it and for no later one ([ID12]). */
import { ChatError, type Conversation } from '@chat-widget/protocol'
import type { Reply } from './connection/event-maps.ts'
import { type ObservableConnection, whenTried } from './connection/when-connected.ts'
import type { Identity } from './identity/run.ts'
import { during } from './util/during.ts'

export interface ChooseConversationPorts {
  readonly identity: Pick<Identity, 'visit' | 'owner' | 'settled' | 'isLeaving'>
  readonly connection: ObservableConnection
  readonly mergePolicy: 'merge' | 'separate'
  /** Connects, and renews a context that is due. */
  readonly prepare: () => void
  /** The visitor goes from the current one to this one: each keeps its draft. */
  readonly leave: (next: Conversation) => Promise<void>
  /** It is the current one from now on, as if the server had said so ([DL15]). */
  readonly chosen: (conversation: Conversation) => void
}

/** Requests the conversation by `ask`, and resolves when it is the current one. */
export type ChooseConversation = (ask: () => Promise<Reply<Conversation>>) => Promise<Conversation>

export function createConversationChoice(ports: ChooseConversationPorts): ChooseConversation {
  const { identity, connection, mergePolicy, prepare, leave, chosen } = ports
  return async (ask) => {
    prepare()
    const { visit, owner } = identity
    const work = async () => {
      await identity.settled()
      await whenTried(connection)
      if (visit.aborted) throw visit.reason
      const reply = await ask()
      if (reply.ok && !visit.aborted) await leave(reply.value)
      return reply
    }
    const reply = await during(visit, work())
    if (visit.aborted) throw visit.reason
    if (!reply.ok) throw new ChatError(reply.error.code, reply.error.message)
    // If conversations stay separate, it is the anonymous visitor's, and no longer wanted.
    if (mergePolicy === 'separate' && owner !== identity.owner)
      throw new ChatError('identity-changed', 'who asked for it has signed in')
    chosen(reply.value)
    return reply.value
  }
}
