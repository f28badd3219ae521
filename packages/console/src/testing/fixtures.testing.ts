/** Conversations and messages as the server sends them, with overrides. */
import type {
  Agent,
  AgentActionRun,
  AgentState,
  AgentTimelineItem,
  OpenConversation,
} from '@chat-widget/client/agent'
import type {
  ActionRunId,
  AgentActionOutcome,
  AgentId,
  AppId,
  ClientMessageId,
  ConversationId,
  ConversationSummary,
  IdentityTraceEntry,
  Message,
  MessageAuthor,
  MessageId,
} from '@chat-widget/protocol'

/** A UUID that ends in the number. */
function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export const conversationId = (number: number) => uuid(number) as ConversationId
export const clientId = (number: number) => uuid(number) as ClientMessageId

export const runId = (number: number) => uuid(number) as ActionRunId

export const agent: Agent = {
  id: uuid(1) as AgentId,
  name: 'Robin',
  email: 'robin@example.com',
  role: 'agent',
}
export const shop = { id: 'shop' as AppId, name: 'Northwind', hasBot: true, actions: ['orders'] }
export const travel = { id: 'travel' as AppId, name: 'Contoso Travel', hasBot: false, actions: [] }

const VISITOR: MessageAuthor = { kind: 'visitor' }

export function textMessage(
  seq: number,
  text: string,
  options: Partial<Message<'text'>> = {},
): Message<'text'> {
  return {
    id: uuid(1_000 + seq) as MessageId,
    clientId: clientId(seq),
    conversationId: conversationId(1),
    seq,
    author: VISITOR,
    createdAt: new Date().toISOString(),
    kind: 'text',
    text,
    ...options,
  }
}

export function loginMessage(seq: number, options: Partial<Message<'login'>> = {}): Message<'login'> {
  return {
    ...textMessage(seq, 'Please sign in to continue.'),
    kind: 'login',
    author: { kind: 'bot', name: 'Shop bot' },
    login: { button: 'Sign in', reason: 'message' },
    ...options,
  } as Message<'login'>
}

export function stored(
  message: Extract<AgentTimelineItem, { kind: 'stored' }>['message'],
): AgentTimelineItem {
  return { kind: 'stored', message, delivery: message.author.kind === 'visitor' ? null : 'sent' }
}

/** A run of `orders`, under way unless an outcome is given. */
export function actionRun(
  outcome: AgentActionOutcome | null,
  options: Partial<AgentActionRun> = {},
): AgentActionRun {
  return {
    runId: runId(1),
    name: 'orders',
    startedAt: new Date().toISOString(),
    afterSeq: 1,
    state: outcome === null ? { status: 'running' } : { status: 'concluded', outcome },
    ...options,
  }
}

export function summary(number: number, options: Partial<ConversationSummary> = {}): ConversationSummary {
  const now = new Date().toISOString()
  return {
    id: conversationId(number),
    app: shop.id,
    status: 'open',
    handler: 'agents',
    visitor: { verified: false },
    online: false,
    headSeq: 0,
    agentReadSeq: 0,
    visitorDeliveredSeq: 0,
    agentDeliveredSeq: 0,
    visitorReadSeq: 0,
    lastMessage: null,
    login: null,
    createdAt: now,
    updatedAt: now,
    ...options,
  }
}

export function openConversation(
  options: Partial<Extract<OpenConversation, { status: 'open' }>> = {},
): Extract<OpenConversation, { status: 'open' }> {
  const conversation = options.summary ?? summary(1)
  return {
    status: 'open',
    id: conversation.id,
    summary: conversation,
    items: [],
    hasOlder: false,
    typing: null,
    ...options,
  }
}

export function agentState(options: Partial<AgentState> = {}): AgentState {
  return {
    connection: { status: 'connected' },
    session: { status: 'signed-in', agent },
    apps: [shop],
    list: { filter: { status: 'open', app: null }, status: 'loaded', conversations: [], hasMore: false },
    unread: 0,
    conversation: null,
    identityTrace: null,
    ...options,
  }
}

type DeviceEntry = Extract<IdentityTraceEntry, { source: 'device' }>
type ServerEntry = Extract<IdentityTraceEntry, { source: 'server' }>

export function deviceEntry(options: Partial<DeviceEntry> = {}): DeviceEntry {
  const at = new Date().toISOString()
  return {
    at,
    deviceAt: at,
    source: 'device',
    tab: '00c0ffee',
    from: 'identified',
    to: 'refreshing',
    cause: 'expired',
    ...options,
  }
}

export function serverEntry(options: Partial<ServerEntry> = {}): ServerEntry {
  return {
    at: new Date().toISOString(),
    source: 'server',
    tab: 'server',
    from: 'identified',
    to: 'refreshing',
    cause: 'grace-over',
    code: 'context-expired',
    ...options,
  }
}
