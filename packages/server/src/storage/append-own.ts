/** Messages that the server stores before and after one of a visitor or an agent, in the same transaction. */
import type { AgentId, ClientMessageId, ConversationEvent, ConversationId } from '@chat-widget/protocol'
import { eventContent } from '../kinds/event.ts'
import { derivedClientId } from './derived-client-id.ts'
import type { AppendRequest, ConversationRecord, OwnMessage } from './storage.ts'

export const joinedKey = (conversationId: ConversationId, agent: AgentId): string =>
  `${conversationId} ${agent}`

/** Key of the agent who takes part with this message. */
export const joiningOf = ({ author, conversationId, takeOver }: AppendRequest): string | null =>
  takeOver && author.id !== undefined ? joinedKey(conversationId, author.id) : null

/** Messages before it: the opening of a conversation ([WH3]), or events ([MK11]). `joined`: agents that have joined. */
export function precedingOf(
  request: AppendRequest,
  conversation: ConversationRecord,
  joined: ReadonlySet<string>,
): readonly AppendRequest[] {
  const { conversationId } = request
  if (request.as !== null && conversation.headSeq === 0)
    return (request.opening ?? []).map((message, index) =>
      own(request, message, derivedClientId('opening', conversationId, index)),
    )
  return eventsBefore(request, conversation, joined).map((event) =>
    own(
      request,
      { author: { kind: 'system' }, body: eventContent(event) },
      derivedClientId('before', conversationId, request.clientId, event.type),
    ),
  )
}

function eventsBefore(
  request: AppendRequest,
  { status }: ConversationRecord,
  joined: ReadonlySet<string>,
): ConversationEvent[] {
  const events: ConversationEvent[] = []
  if (request.as !== null && status === 'closed') events.push({ type: 'reopened' })
  const { name, avatar } = request.author
  const key = joiningOf(request)
  if (key === null || name === undefined || joined.has(key)) return events
  return [...events, { type: 'joined', agent: { name, ...(avatar !== undefined && { avatar }) } }]
}

/** The client id of what follows a message once in a conversation. */
export const followUpId = ({ conversationId }: Pick<AppendRequest, 'conversationId'>): ClientMessageId =>
  derivedClientId('follow-up', conversationId)

/** [WH6] The message after it, if agents are to answer; the caller knows whether the conversation has had it. */
export function followUpOf(
  request: AppendRequest,
  { handler, status }: ConversationRecord,
): AppendRequest | null {
  const isWaiting = handler === 'agents' && status === 'open'
  return request.followUp !== undefined && isWaiting
    ? own(request, request.followUp, followUpId(request))
    : null
}

const own = (request: AppendRequest, message: OwnMessage, clientId: ClientMessageId): AppendRequest => ({
  ...{ conversationId: request.conversationId, at: request.at, clientId },
  ...{ ...message, as: null, notifyBot: false, takeOver: false },
})
