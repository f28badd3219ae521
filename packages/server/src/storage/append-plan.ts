/** Decides what a group of appends changes, message by message, without touching the database. */
import {
  answeredSeq,
  type ClientMessageId,
  type ConversationEvent,
  type ConversationId,
  type FileId,
  type MessageContent,
  type MessageId,
  type UserId,
  type VisitorId,
} from '@chat-widget/protocol'
import { detailsOf } from '../kinds/index.ts'
import { storable } from '../text/storable.ts'
import { aboutKey, aboutOf, type CheckedAbout, checkAbout } from './append-about.ts'
import { askedBy, botJob, isDropped, mailedLater } from './append-jobs.ts'
import { followUpId, followUpOf, joiningOf, precedingOf } from './append-own.ts'
import type { NewJob } from './job-storage.ts'
import { newOrderedId, sameOwner, toMessage } from './records.ts'
import type { LoginCardsTable, MessagesTable } from './schema.ts'
import type {
  AppendRequest,
  AppendResult,
  BotWork,
  ConversationOwner,
  ConversationRecord,
  Owner,
} from './storage.ts'
import type { UserName } from './user-key.ts'
import { messageWebhooks } from './webhook-jobs.ts'

/** Rows of the database that concern the group. */
export interface AppendContext {
  readonly conversations: ReadonlyMap<ConversationId, ConversationRecord>
  /** Messages whose (conversation, client id) the group repeats. */
  readonly messages: readonly MessagesTable[]
  /** Users into whom the visitors of the group were merged. */
  readonly mergedInto: ReadonlyMap<VisitorId, UserId>
  readonly userNames: ReadonlyMap<UserId, UserName>
  /** Owners who begin a conversation, or open one again that is to be the only open one, and already have an open one. */
  readonly openOwners: ReadonlySet<ConversationOwner['id']>
  /** Conversations without a message that a visitor asked for. */
  readonly askedFor: ReadonlySet<ConversationId>
  /** Deliveries of conversations that the group may close. */
  readonly owed: readonly OwedDelivery[]
  /** Messages that the group is about, and visitors' answers to them. */
  readonly earlier: readonly MessagesTable[]
  /** Agents of the group who have written in its conversations before. */
  readonly joined: ReadonlySet<string>
  /** Files that the group sends, if they were not sent before. */
  readonly unsent: ReadonlySet<FileId>
}

/** A stored delivery to a bot. */
export interface OwedDelivery extends Pick<NewJob<'bot-delivery'>, 'payload'> {
  readonly id: string
}

export interface AppendPlan {
  /** In the order of the requests. */
  readonly results: readonly AppendResult[]
  /** New and changed conversations, in their last state. */
  readonly conversations: readonly ConversationRecord[]
  readonly messages: readonly MessagesTable[]
  /** Stored messages with a new content. */
  readonly revised: readonly MessagesTable[]
  readonly loginCards: readonly LoginCardsTable[]
  /** Ids of stored jobs of deliveries that are cancelled. */
  readonly cancelled: readonly string[]
  readonly sent: readonly SentIn[]
  readonly jobs: readonly NewJob[]
}

/** A file, and the message that it is sent in. */
interface SentIn {
  readonly id: FileId
  readonly messageId: MessageId
  readonly conversationId: ConversationId
}

const NOT_FOUND: AppendResult = { ok: false, code: 'not-found' }
const REUSED: AppendResult = { ok: false, code: 'client-id-reused' }
const BESIDE_OPEN: AppendResult = { ok: false, code: 'forbidden' }
const NOT_CLOSED = { ok: false, code: 'bad-request', problem: 'the conversation is not closed' } as const
const BEGUN: AppendResult = { ok: false, code: 'conflict' }
const ERASED = { ok: false, code: 'bad-request', problem: 'the customer was erased' } as const
const SENT_BEFORE = { ok: false, code: 'bad-request', problem: 'file.id: was sent before' } as const

export function planAppends(requests: readonly AppendRequest[], context: AppendContext): AppendPlan {
  const conversations = new Map(context.conversations)
  const openOwners = new Set(context.openOwners)
  const changed = new Set<ConversationId>()
  const known = new Map(context.messages.map((row) => [keyOf(row.conversation_id, row.client_id), row]))
  const messages: MessagesTable[] = []
  const loginCards: LoginCardsTable[] = []
  let botDeliveries: readonly NewJob<'bot-delivery'>[] = []
  const cancelled: string[] = []
  const unsent = new Set(context.unsent)
  const sent: SentIn[] = []
  const jobs: NewJob[] = []
  const revised: MessagesTable[] = []
  const joined = new Set(context.joined)
  const targets = new Map(context.earlier.map((row) => [aboutKey(row.conversation_id, row.seq), row]))
  const answered = new Set(context.earlier.flatMap(answeredBy))

  function plan(request: AppendRequest): AppendResult {
    const before = conversations.get(request.conversationId) ?? newConversation(request, context)
    if (before === null || !mayWrite(request, before, context)) return NOT_FOUND
    // [PD5] What agents wrote is left, and may be deleted.
    if (before.owner.kind === 'nobody' && eventOf(request) !== 'deleted') return ERASED
    // [DL10] Another device of the owner was first.
    const isUnasked = request.as?.isAskedFor !== true && !context.askedFor.has(before.id)
    if (before.headSeq === 0 && isUnasked && openOwners.has(before.owner.id)) return BEGUN
    const key = keyOf(request.conversationId, request.clientId)
    const repeated = known.get(key)
    if (repeated !== undefined) {
      if (!sameContent(repeated, request)) return REUSED
      return {
        ok: true,
        created: false,
        message: toMessage(repeated),
        preceding: [],
        following: [],
        conversation: before,
        isBotAsked: false,
      }
    }
    if (isReopening(request, before) && openOwners.has(before.owner.id)) return BESIDE_OPEN
    if (eventOf(request) === 'rated' && before.status !== 'closed') return NOT_CLOSED
    // Closing twice at once adds one event, and so does handing over twice.
    if (isDone(request, before)) return REUSED
    let conversation = before
    const receivers = request.webhooksOf?.(before.app) ?? []
    const webhooks: NewJob<'webhook'>[] = []
    const store = (message: AppendRequest, body = message.body) => {
      const earlier = conversation
      conversation = advance(earlier, message)
      const row = messageRow(message, body, conversation.headSeq)
      if (receivers.length > 0) webhooks.push(...messageWebhooks(receivers, earlier, conversation, row))
      return row
    }
    const preceding = precedingOf(request, before, joined).map((message) => store(message))
    const checked = checkEarlier(request, preceding)
    if (!checked.ok) return checked
    const fileId = fileOf(request)
    if (fileId !== null && !unsent.delete(fileId)) return SENT_BEFORE
    const row = store(request, checked.body)
    const followUp = known.has(keyOf(before.id, followUpId(request)))
      ? null
      : followUpOf(request, conversation)
    const following = followUp === null ? [] : [store(followUp)]
    const joining = joiningOf(request)
    if (joining !== null) joined.add(joining)
    conversations.set(conversation.id, conversation)
    changed.add(conversation.id)
    if (conversation.status === 'open') openOwners.add(conversation.owner.id)
    for (const one of [row, ...following]) known.set(keyOf(one.conversation_id, one.client_id), one)
    messages.push(...preceding, row, ...following)
    if (fileId !== null) sent.push({ id: fileId, messageId: row.id, conversationId: row.conversation_id })
    if (checked.revised !== undefined) {
      revised.push(checked.revised)
      targets.set(aboutKey(row.conversation_id, checked.revised.seq), checked.revised)
    }
    for (const answer of answeredBy(row)) answered.add(answer)
    jobs.push(...mailedLater(request, conversation, row), ...webhooks)
    if (request.blocked !== undefined) {
      const blocked = JSON.stringify(request.blocked)
      const { id, conversation_id, seq } = row
      loginCards.push({ message_id: id, conversation_id, seq, blocked, taken_at: null })
    }
    const work = isClosing(request)
      ? cancelDeliveries(conversation.id)
      : askedBy(request, conversation, row.id)
    const delivery = work === null ? null : botJob(conversation, work, request.at)
    if (delivery !== null) botDeliveries = [...botDeliveries, delivery]
    return {
      ...{ ok: true, created: true, message: toMessage(row), conversation },
      isBotAsked: delivery !== null,
      preceding: preceding.map(toMessage),
      following: following.map(toMessage),
    }
  }

  /** `preceding`: not stored yet. */
  function checkEarlier(request: AppendRequest, preceding: readonly MessagesTable[]): CheckedAbout {
    const { body, conversationId } = request
    const about = aboutOf(body)
    if (about === null) return { ok: true, body }
    const key = aboutKey(conversationId, about)
    const isIt = (row: MessagesTable) => aboutKey(row.conversation_id, row.seq) === key
    const target = targets.get(key) ?? preceding.find(isIt) ?? messages.find(isIt)
    return checkAbout(body, { target, isAnswered: answered.has(key) })
  }

  /**
   * [BT2] Cancels the bot's deliveries, as its answers would come too late. Returns the work that tells the bot, if
   * there were any.
   */
  function cancelDeliveries(conversationId: ConversationId): BotWork | null {
    const isOver = ({ payload }: Pick<NewJob<'bot-delivery'>, 'payload'>) =>
      payload.conversationId === conversationId && isDropped(payload.work)
    const owed = context.owed.filter(isOver)
    const planned = botDeliveries.filter(isOver)
    if (owed.length + planned.length === 0) return null
    cancelled.push(...owed.map(({ id }) => id))
    botDeliveries = botDeliveries.filter((job) => !planned.includes(job))
    return { kind: 'closed' }
  }

  const results = requests.map(plan)
  const last = [...conversations.values()].filter(({ id }) => changed.has(id))
  return {
    results,
    conversations: last,
    messages,
    revised,
    loginCards,
    cancelled,
    sent,
    jobs: [...botDeliveries, ...jobs],
  }
}

function keyOf(conversationId: ConversationId, clientId: ClientMessageId): string {
  return `${conversationId} ${clientId}`
}

/**
 * Returns the user if the visitor signed in while a message was under way: the message was accepted before, and must
 * not be lost in the race.
 */
export function actingOwner(owner: Owner, mergedInto: AppendContext['mergedInto']): Owner {
  const user = owner.kind === 'visitor' ? mergedInto.get(owner.id) : undefined
  return user === undefined ? owner : { kind: 'user', id: user }
}

function mayWrite(request: AppendRequest, conversation: ConversationRecord, context: AppendContext): boolean {
  const { as } = request
  if (as === null) return true
  if (conversation.app !== as.app) return false
  return (
    sameOwner(conversation.owner, as.owner) ||
    sameOwner(conversation.owner, actingOwner(as.owner, context.mergedInto))
  )
}

function newConversation(request: AppendRequest, context: AppendContext): ConversationRecord | null {
  if (request.as === null) return null
  const owner = actingOwner(request.as.owner, context.mergedInto)
  const name = owner.kind === 'user' ? context.userNames.get(owner.id) : null
  if (name === undefined) return null
  return {
    id: request.conversationId,
    app: request.as.app,
    owner,
    userIdentifier: name?.userIdentifier ?? null,
    method: name?.method ?? null,
    status: 'open',
    handler: request.notifyBot ? 'bot' : 'agents',
    headSeq: 0,
    visitorReadSeq: 0,
    agentReadSeq: 0,
    visitorDeliveredSeq: 0,
    agentDeliveredSeq: 0,
    language: request.as.language ?? null,
    createdAt: request.at,
    updatedAt: request.at,
  }
}

function advance(before: ConversationRecord, request: AppendRequest): ConversationRecord {
  const seq = before.headSeq + 1
  const { kind } = request.author
  return {
    ...before,
    headSeq: seq,
    language: request.as?.language ?? before.language,
    status: statusAfter(before, request),
    handler: handlerAfter(before, request),
    visitorReadSeq: kind === 'visitor' ? seq : before.visitorReadSeq,
    agentReadSeq: kind === 'agent' || kind === 'bot' || isSeen(request, before) ? seq : before.agentReadSeq,
    updatedAt: request.at,
  }
}

const NEWS: ReadonlySet<ConversationEvent['type']> = new Set([
  'joined',
  'reopened',
  'rated',
  'edited',
  'deleted',
])

/** True for news of what agents or the visitor do, to agents who have read all before it: it asks for no reading. */
function isSeen(request: AppendRequest, { agentReadSeq, headSeq }: ConversationRecord): boolean {
  const type = eventOf(request)
  return type !== null && NEWS.has(type) && agentReadSeq === headSeq
}

/** True if the message opens a conversation again that has to be the only open one of its owner ([CV5]). */
export const isReopening = ({ as }: AppendRequest, { status }: Pick<ConversationRecord, 'status'>): boolean =>
  as?.isOneAtATime === true && status === 'closed'

export const isClosing = (request: AppendRequest): boolean => eventOf(request) === 'closed'

/** The file that a message sends. */
export const fileOf = ({ body }: AppendRequest): FileId | null => (body.kind === 'file' ? body.file.id : null)

const eventOf = ({ body }: AppendRequest) => (body.kind === 'event' ? body.event.type : null)

function isDone(request: AppendRequest, { status, handler, headSeq }: ConversationRecord): boolean {
  // A conversation may begin with the event that says who answers.
  if (headSeq === 0) return false
  switch (eventOf(request)) {
    case 'closed':
      return status === 'closed'
    case 'handed-to-agents':
      return handler === 'agents'
    case 'handed-to-bot':
      return handler === 'bot'
    default:
      return false
  }
}

function statusAfter({ status }: ConversationRecord, request: AppendRequest): ConversationRecord['status'] {
  if (request.as !== null) return 'open'
  return isClosing(request) ? 'closed' : status
}

function handlerAfter(
  { handler, status }: ConversationRecord,
  request: AppendRequest,
): ConversationRecord['handler'] {
  const event = eventOf(request)
  if (request.takeOver || event === 'handed-to-agents') return 'agents'
  if (event === 'handed-to-bot') return 'bot'
  if (request.as === null) return handler
  // [BT1] A reopened conversation starts with the bot; without a bot it is the agents' anyway ([BT3]).
  if (!request.notifyBot) return 'agents'
  return status === 'closed' ? 'bot' : handler
}

/** The seqs that a stored message answers: none or one. */
function answeredBy({ conversation_id, about, author_kind }: MessagesTable): readonly string[] {
  return about === null || author_kind !== 'visitor' ? [] : [aboutKey(conversation_id, about)]
}

function messageRow(request: AppendRequest, body: MessageContent, seq: number): MessagesTable {
  const { author } = request
  return {
    id: newOrderedId(),
    conversation_id: request.conversationId,
    seq,
    client_id: request.clientId,
    author_kind: author.kind,
    author_id: author.id ?? null,
    author_name: author.name === undefined ? null : storable(author.name),
    author_avatar: author.avatar ?? null,
    kind: body.kind,
    text: storable(body.text),
    details: detailsOf(body),
    about: aboutOf(body),
    changed: null,
    created_at: request.at,
  }
}

/** Compares without the work that a login card blocks: the server determined it, not the sender. */
function sameContent(row: MessagesTable, { author, body }: AppendRequest): boolean {
  return (
    row.author_kind === author.kind &&
    row.kind === body.kind &&
    // The server words an answer.
    (row.text === storable(body.text) || answeredSeq(body) !== undefined) &&
    row.details === detailsOf(body)
  )
}
