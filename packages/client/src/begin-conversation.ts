/** Another conversation for the visitor who asked for it, and for nobody who comes after them ([ID12]). */
import { ChatError, type Conversation } from '@chat-widget/protocol'
import type { Reply } from './connection/event-maps.ts'
import { type ObservableConnection, whenTried } from './connection/when-connected.ts'
import type { UserFollowing } from './user-following.ts'
import { during } from './util/during.ts'

export interface BeginConversationPorts {
  readonly following: Pick<UserFollowing, 'visit' | 'owner' | 'settled'>
  readonly connection: ObservableConnection
  readonly mergePolicy: 'merge' | 'separate'
  readonly begin: () => Promise<Reply<Conversation>>
}

export async function beginConversation(ports: BeginConversationPorts): Promise<Conversation> {
  const { following, connection, mergePolicy, begin } = ports
  const { visit, owner } = following
  const work = async () => {
    await following.settled()
    await whenTried(connection)
    if (visit.aborted) throw visit.reason
    return begin()
  }
  const reply = await during(visit, work())
  if (visit.aborted) throw visit.reason
  if (!reply.ok) throw new ChatError(reply.error.code, reply.error.message)
  // Where conversations stay separate, it is the anonymous visitor's, and no longer of interest.
  if (mergePolicy === 'separate' && owner !== following.owner)
    throw new ChatError('identity-changed', 'who asked for it has signed in')
  return reply.value
}
