/** The conversation service over the storage: stores first, then publishes ([DL2]). */
import { randomUUID } from 'node:crypto'
import {
  type AppId,
  ChatError,
  type ClientMessageId,
  type ConversationEvent,
  type ConversationId,
  type HandOverCause,
  LIMITS,
  type Message,
  type MessageAuthor,
  type MessageContent,
} from '@chat-widget/protocol'
import { CHANGEABLE_KINDS } from '@chat-widget/protocol/schemas'
import type { AppConfig } from '../config/config.ts'
import type { FileService } from '../files/file-service.ts'
import { eventContent } from '../kinds/event.ts'
import { contentOfBody } from '../kinds/index.ts'
import { derivedClientId, ratingId } from '../storage/derived-client-id.ts'
import type { Uploader } from '../storage/file-storage.ts'
import { ownerOf, sameOwner } from '../storage/records.ts'
import type {
  AppendRequest,
  AppendResult,
  BlockedWork,
  ConversationRecord,
  SessionRecord,
  Storage,
} from '../storage/storage.ts'
import { storable } from '../text/storable.ts'
import { refusal } from './append-refusal.ts'
import type { ConversationChanges } from './conversation-changes.ts'
import type { ConversationService, PostBody } from './conversation-service.ts'
import { createDeliveredSeqs } from './delivered-seqs.ts'
import { fitting } from './fitting.ts'
import { agentAuthor, namedAgent } from './message-agent.ts'
import { type MessageTracing, preciseNow } from './message-tracing.ts'
import { followUpOf, openingOf } from './own-messages.ts'
import type { Summaries } from './summaries.ts'
import { createUncertainAppends } from './uncertain-appends.ts'

/** Operations for the server's own parts, beyond those offered to clients. */
export interface InternalConversationService extends ConversationService {
  /** Posts a message of the bot; a client id that was used with another body counts as posted. */
  postAsBot(
    conversationId: ConversationId,
    clientId: ClientMessageId,
    body: PostBody,
    blocked?: BlockedWork,
  ): Promise<void>
  /** Posts a message in an agent's name, with a client id as in `postAsBot`. */
  postAsAgent(request: Parameters<ConversationService['sendAsAgent']>[0]): Promise<void>
  /** Makes the agents the handler and adds an event, in one transaction. */
  handOver(conversationId: ConversationId, cause: HandOverCause, clientId: ClientMessageId): Promise<void>
  /** Tells watchers who the visitor is now, after a sign-in moved conversations to the user. */
  tellOwnerChanged(conversationIds: readonly ConversationId[]): Promise<void>
}

export interface ConversationServiceOptions {
  readonly storage: Storage
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly changes: ConversationChanges
  readonly summaries: Summaries
  readonly files: Pick<FileService, 'toSend'>
  readonly webhooksOf?: AppendRequest['webhooksOf']
  /** True while nobody answers for the app, by its `hours`. */
  readonly isAway: (app: AppConfig) => boolean
  readonly tracing: MessageTracing | null
  readonly now: () => number
}

export function createConversationService({
  storage,
  apps,
  changes,
  summaries,
  files,
  webhooksOf,
  isAway,
  tracing,
  now,
}: ConversationServiceOptions): InternalConversationService {
  const uncertain = createUncertainAppends()
  const delivered = createDeliveredSeqs()
  const mailAfterMs = (app: AppId): number | null => {
    const minutes = apps.get(app)?.unreadMail?.afterMinutes
    return minutes === undefined ? null : minutes * 60_000
  }

  /** Resolves with the reason if nothing was stored. */
  async function tryAppend(request: Omit<AppendRequest, 'at'>): Promise<AppendResult> {
    const { conversationId, clientId } = request
    const takenAt = preciseNow()
    const result = await storage.messages
      .append({ ...request, webhooksOf, at: now() })
      .catch((error: unknown) => {
        if (error instanceof ChatError && error.code === 'unavailable')
          uncertain.add(conversationId, clientId)
        throw error
      })
    if (!result.ok) return result
    const { created, message, preceding, following, conversation, isBotAsked } = result
    const storedAt = preciseNow()
    // Nobody was told of a message whose answer from the database was lost.
    const isNews = uncertain.delete(conversationId, clientId) || created
    if (isNews) {
      const publish = (message: Message, isBotAsked = false) =>
        changes.publish({ kind: 'message', message, conversation, isBotAsked })
      for (const earlier of preceding) publish(earlier)
      publish(message, isBotAsked)
      for (const later of following) publish(later)
    }
    const times = { takenAt, storedAt, toldAt: preciseNow() }
    tracing?.taken({ message, app: conversation.app, isNew: isNews, ...times })
    return result
  }

  async function append(request: Omit<AppendRequest, 'at'>): Promise<Message> {
    const result = await tryAppend(request)
    if (!result.ok) throw refusal(result)
    return result.message
  }

  /** Appends for agents, bot and system, to existing conversations only. */
  const appendAs = (
    author: MessageAuthor,
    request: Pick<AppendRequest, 'conversationId' | 'clientId' | 'body' | 'blocked'> & {
      readonly takeOver?: boolean
    },
  ) => append({ takeOver: false, ...request, author, as: null, notifyBot: false, mailAfterMs })

  async function find(conversationId: ConversationId, app?: AppId): Promise<ConversationRecord> {
    const record = await storage.conversations.find(conversationId)
    if (record === null || (app !== undefined && record.app !== app)) throw refusal({ code: 'not-found' })
    return record
  }

  /** Adds an event to the conversation; the same client id again changes nothing. */
  async function recordEvent(
    conversationId: ConversationId,
    clientId: ClientMessageId,
    event: ConversationEvent,
  ): Promise<void> {
    const request = { conversationId, clientId, body: eventContent(event) }
    await ignoringReuse(appendAs({ kind: 'system' }, request))
  }

  /** Adds the event, and changes the message that it is about. Resolves with the message, also if it is so already. */
  async function change(
    conversationId: ConversationId,
    clientId: ClientMessageId,
    event: Extract<ConversationEvent, { type: 'edited' | 'deleted' }>,
  ): Promise<Message> {
    const result = await tryAppend({
      ...{ conversationId, clientId, body: eventContent(event), author: { kind: 'system' } },
      ...{ as: null, notifyBot: false, takeOver: false },
    })
    if (!result.ok && result.code !== 'unchanged') throw refusal(result)
    const [message] = await storage.messages.list({ conversationId, after: event.of - 1, limit: 1 })
    if (message?.seq !== event.of) throw refusal({ code: 'no-message' })
    return message
  }

  const handOver: InternalConversationService['handOver'] = (conversationId, cause, clientId) =>
    recordEvent(conversationId, clientId, { type: 'handed-to-agents', cause })

  /** Of a file, adds what the server knows of it: it is the sender's, and found good. */
  async function known(body: PostBody, sender: Uploader): Promise<PostBody> {
    if (!('file' in body)) return body
    const file = { ...body.file, ...(await files.toSend(body.file.id, sender)) }
    return { ...body, file }
  }

  function ownMessages(app: AppConfig, session: SessionRecord, body: PostBody) {
    const followUp = isAway(app) ? followUpOf(app, session, body) : undefined
    return { opening: openingOf(app, body), ...(followUp !== undefined && { followUp }) }
  }

  const sendAsAgent: ConversationService['sendAsAgent'] = async ({
    agent,
    conversationId,
    clientId,
    body,
    blocked,
  }) =>
    appendAs(agentAuthor(agent), {
      conversationId,
      clientId,
      ...posted(await known(body, { kind: 'agent', id: agent.id, conversationId }), blocked),
      takeOver: true,
    })

  return {
    find,
    sendAsAgent,
    postAsAgent: (request) => ignoringReuse(sendAsAgent(request)),

    async sendAsVisitor({ session, conversationId, clientId, body, isAskedFor, language }) {
      const owner = ownerOf(session)
      const app = apps.get(session.app)
      // Only the id reserved for this session may begin a conversation; any other must already be the owner's.
      if (conversationId !== session.conversationId) {
        const record = await find(conversationId, session.app)
        if (!sameOwner(record.owner, owner)) throw refusal({ code: 'not-found' })
      }
      return append({
        conversationId,
        clientId,
        author: { kind: 'visitor' },
        ...posted(await known(body, owner)),
        as: {
          ...{ app: session.app, owner, isAskedFor, isOneAtATime: app?.openConversations === 'one' },
          ...(language !== undefined && { language }),
        },
        notifyBot: app?.bot !== undefined,
        ...(app !== undefined && ownMessages(app, session, body)),
        takeOver: false,
      })
    },

    async start({ app, userIdentifier, clientId = newClientId(), body, author = { kind: 'bot' } }) {
      const settings = apps.get(app)
      const user = await storage.users.findOrMake({ app, userIdentifier, at: now() })
      // The same client id again finds the same conversation.
      const conversationId = derivedClientId('started', user.id, clientId) as string as ConversationId
      const isAgent = author.kind === 'agent'
      const hasBot = settings?.bot !== undefined
      const first =
        body === undefined
          ? { author: { kind: 'system' } as const, body: eventContent(answeredBy(hasBot && !isAgent)) }
          : {
              author: isAgent ? agentAuthor(namedAgent(app, author)) : author,
              ...posted(await known(body, { kind: 'app', conversationId })),
            }
      const message = await append({
        ...{ conversationId, clientId, ...first },
        as: { app, owner: { kind: 'user', id: user.id }, isAskedFor: settings?.openConversations !== 'one' },
        ...{ notifyBot: hasBot, takeOver: isAgent, mailAfterMs },
      })
      return { conversationId, message }
    },

    async post({ app, conversationId, clientId, body, author = { kind: 'bot' } }) {
      await find(conversationId, app)
      const isAgent = author.kind === 'agent'
      return appendAs(isAgent ? agentAuthor(namedAgent(app, author)) : author, {
        conversationId,
        clientId: clientId ?? newClientId(),
        ...posted(await known(body, { kind: 'app', conversationId })),
        takeOver: isAgent,
      })
    },

    async postAsBot(conversationId, clientId, body, blocked) {
      const all = await known(body, { kind: 'app', conversationId })
      await ignoringReuse(appendAs({ kind: 'bot' }, { conversationId, clientId, ...posted(all, blocked) }))
    },

    async edit({ app, conversationId, clientId, seq, body }) {
      await find(conversationId, app)
      const content = contentOfBody(body)
      if (!isChangeable(content)) throw new ChatError('bad-request', 'A message like this cannot be changed.')
      return change(conversationId, clientId ?? newClientId(), { type: 'edited', of: seq, body: content })
    },

    async remove({ app, conversationId, seq }) {
      await find(conversationId, app)
      const clientId = derivedClientId('deleted', conversationId, seq)
      return change(conversationId, clientId, { type: 'deleted', of: seq })
    },

    handOver,

    async setHandler(conversationId, handler, cause) {
      const { app, headSeq } = await find(conversationId)
      const clientId = derivedClientId('handler', conversationId, handler, headSeq)
      if (handler === 'agents') return handOver(conversationId, cause, clientId)
      if (apps.get(app)?.bot === undefined) throw new ChatError('bad-request', 'The app has no bot.')
      await recordEvent(conversationId, clientId, { type: 'handed-to-bot' })
    },

    async tellOwnerChanged(conversationIds) {
      for (const id of conversationIds) {
        const conversation = await storage.conversations.find(id)
        if (conversation !== null) changes.publish({ kind: 'state', conversation })
      }
    },

    async summary(conversationId) {
      const record = await find(conversationId)
      const [last] = await storage.messages.list({ conversationId, limit: 1 })
      return summaries.one({ record, lastMessage: last ?? null })
    },

    async list(query) {
      const { conversations, cursor } = await storage.conversations.list(query)
      const states = conversations.map(({ lastMessage, ...record }) => ({ record, lastMessage }))
      return { conversations: await summaries.all(states), cursor }
    },

    async messages(query) {
      // The head is read first: a message stored in between is then beyond it, never missing below it.
      const { headSeq } = await find(query.conversationId)
      const page = await storage.messages.list({ ...query, maxBytes: LIMITS.answerBytes })
      const messages = fitting(page, query.after !== undefined)
      return { messages, headSeq: Math.max(headSeq, messages.at(-1)?.seq ?? 0) }
    },

    async markRead(conversationId, reader, seq) {
      const conversation = await storage.conversations.markRead(conversationId, reader, seq)
      if (conversation === null) return
      const position = reader === 'visitor' ? conversation.visitorReadSeq : conversation.agentReadSeq
      changes.publish({ kind: 'read', conversation, reader, seq: position })
    },

    async markDelivered(conversationId, holder, seq) {
      // Every console tells what it holds: one of them asks the database.
      if (!delivered.raise(conversationId, holder, seq)) return
      const conversation = await storage.conversations
        .markDelivered(conversationId, holder, seq)
        .catch((error: unknown) => {
          delivered.forget(conversationId, holder)
          throw error
        })
      if (conversation === null) return
      const { visitorDeliveredSeq, agentDeliveredSeq } = conversation
      const position = holder === 'visitor' ? visitorDeliveredSeq : agentDeliveredSeq
      // A device that tells of messages to come must not silence the others.
      if (position < seq) delivered.forget(conversationId, holder)
      changes.publish({ kind: 'delivered', conversation, holder, seq: position })
    },

    async rate({ conversationId, rating, text }) {
      const event = {
        type: 'rated',
        rating,
        ...(text !== undefined && text !== '' && { text: storable(text) }),
      } as const
      const result = await tryAppend({
        ...{ conversationId, clientId: ratingId(conversationId), body: eventContent(event) },
        ...{ author: { kind: 'system' }, as: null, notifyBot: false, takeOver: false },
      })
      if (result.ok) return result.message
      throw refusal(result.code === 'client-id-reused' ? { code: 'already-answered' } : result)
    },

    async close(conversationId) {
      const { status, headSeq } = await find(conversationId)
      if (status === 'closed') return
      // In one transaction with the event: a concurrent call finds it closed, and adds no second event.
      await recordEvent(conversationId, derivedClientId('closed', conversationId, headSeq), {
        type: 'closed',
      })
      changes.publish({ kind: 'state', conversation: await find(conversationId) })
    },
  }
}

/** `blocked`: work that a login card blocks; other kinds block none. */
function posted(
  body: PostBody,
  blocked: BlockedWork = { kind: 'nothing' },
): Pick<AppendRequest, 'body' | 'blocked'> {
  const isAction = blocked.kind === 'action' || blocked.kind === 'action-run'
  const content = contentOfBody(body, isAction ? 'action' : 'message')
  return { body: content, ...(content.kind === 'login' && { blocked }) }
}

/** Ignores the reuse of a derived client id with another body: an earlier try did the work. */
async function ignoringReuse(posting: Promise<Message>): Promise<void> {
  try {
    await posting
  } catch (error) {
    if (!(error instanceof ChatError && error.code === 'client-id-reused')) throw error
  }
}

/** Event with which a conversation without a message begins. */
const answeredBy = (isBot: boolean): ConversationEvent =>
  isBot ? { type: 'handed-to-bot' } : { type: 'handed-to-agents', cause: 'company-asked' }

const newClientId = () => randomUUID() as string as ClientMessageId

type Changeable = MessageContent<(typeof CHANGEABLE_KINDS)[number]>
const isChangeable = (content: MessageContent): content is Changeable =>
  CHANGEABLE_KINDS.some((kind) => kind === content.kind)
