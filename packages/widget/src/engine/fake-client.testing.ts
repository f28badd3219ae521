/** A client without a server: tests set its state and read its calls. */
import type {
  ChatClientApi,
  ChatClientEvents,
  ChatState,
  ChatUser,
  LoginRequest,
  TimelineItem,
} from '@chat-widget/client'
import { toChatUser } from '@chat-widget/client/user'
import type {
  ClientMessageId,
  ConversationEvent,
  ConversationId,
  ErrorCode,
  LoginRequestId,
  Message,
  MessageAuthor,
  MessageId,
  OwnConversation,
} from '@chat-widget/protocol'
import { IDLE_VIEW } from './running-client.ts'

export const CONVERSATION = '00000000-0000-4000-8000-000000000001' as ConversationId

export const VISITOR: MessageAuthor = { kind: 'visitor' }
export const ALEX: MessageAuthor = { kind: 'agent', name: 'Alex' }
export const BOT: MessageAuthor = { kind: 'bot', name: 'Northwind Bot' }

export const CONNECTED: ChatState = {
  ...IDLE_VIEW.state,
  connection: { status: 'connected' },
  app: { name: 'Northwind', login: { methods: ['host'], continueAsGuest: true } },
}

const START = Date.parse('2026-03-04T09:00:00Z')

function base(seq: number, author: MessageAuthor, text: string, createdAt?: string) {
  return {
    id: `m-${seq}` as MessageId,
    clientId: `c-${seq}` as ClientMessageId,
    conversationId: CONVERSATION,
    seq,
    author,
    text,
    createdAt: createdAt ?? new Date(START + seq * 10_000).toISOString(),
  }
}

export function textMessage(seq: number, author: MessageAuthor, text: string, createdAt?: string): Message {
  return { ...base(seq, author, text, createdAt), kind: 'text' }
}

export function loginMessage(
  seq: number,
  text = 'Please sign in to see your orders.',
): Message & { kind: 'login' } {
  return { ...base(seq, BOT, text), kind: 'login', login: { button: 'Sign in', reason: 'message' } }
}

export function eventMessage(seq: number, event: ConversationEvent): Message {
  return { ...base(seq, { kind: 'system' }, event.type), kind: 'event', event }
}

export function stored(
  message: Message,
  delivery: 'sent' | 'delivered' | 'read' | null = null,
): TimelineItem {
  return {
    kind: 'stored',
    message,
    delivery: message.author.kind === 'visitor' ? (delivery ?? 'sent') : null,
  }
}

export function pending(
  clientId: string,
  text: string,
  state: (TimelineItem & { kind: 'pending' })['state'],
): TimelineItem {
  return {
    kind: 'pending',
    clientId: clientId as ClientMessageId,
    text,
    body: text,
    createdAt: new Date(START + 3_600_000).toISOString(),
    state,
  }
}

/** A loaded conversation of these items. */
export function withItems(items: readonly TimelineItem[], rest: Partial<ChatState> = {}): ChatState {
  return {
    ...CONNECTED,
    conversation: { id: CONVERSATION, headSeq: items.length },
    timeline: { items, hasOlder: false, status: 'loaded' },
    ...rest,
  }
}

type Listeners = { [Name in keyof ChatClientEvents]?: Set<(detail: ChatClientEvents[Name]) => void> }

export interface FakeClient extends ChatClientApi {
  /** Calls, in order, e.g. `['connect']`, `['send', 'Hello']`. */
  readonly calls: (readonly unknown[])[]
  /** Result of `connect()`. Default: resolves. */
  connectAnswer: () => Promise<void>
  /** Result of a request for missing messages. Default: none. */
  headAnswer: () => Promise<void>
  /** Conversations of the second page of the list; `null`: there is none. */
  nextPage: readonly OwnConversation[] | null
  readonly drafts: Map<ConversationId, string>
  /** Messages in the outbox. */
  unsent: ReturnType<ChatClientApi['parts']['belongings']['outgoing']['outbox']['items']>
  /** Refuses requests of parts that are loaded later. */
  refusal: ErrorCode | null
  emit<Name extends keyof ChatClientEvents>(name: Name, detail: ChatClientEvents[Name]): void
  setState(change: Partial<ChatState>): void
}

export function createFakeClient(initial: ChatState = CONNECTED): FakeClient {
  let state = initial
  let user: ChatUser | null = null
  let draft = ''
  let requests = 0
  const taken = new Set<LoginRequestId>()
  const calls: (readonly unknown[])[] = []
  const listeners: Listeners = {}
  let forms: object = {}
  const kept = () => ({ owner: 'anonymous', texts: Object.fromEntries(fake.drafts), forms })
  const endLogin = (requestId: LoginRequestId, outcome: LoginRequest['state']) => {
    const isEnding = (login: LoginRequest) =>
      login.requestId === requestId && login.state.status === 'requested'
    if (!state.logins.some(isEnding)) return
    const logins = state.logins.map((login) => (isEnding(login) ? { ...login, state: outcome } : login))
    state = { ...state, logins }
    // As the real client does: a change is emitted a microtask later.
    queueMicrotask(() => fake.emit('change', state))
  }
  const fake: FakeClient = {
    calls,
    connectAnswer: async () => {},
    headAnswer: () => new Promise(() => {}),
    connect() {
      calls.push(['connect'])
      return fake.connectAnswer()
    },
    get user() {
      return user
    },
    set user(value) {
      calls.push(['user', value])
      user = toChatUser(value)
    },
    async setUser(value) {
      calls.push(['setUser', value])
      user = toChatUser(value)
      if (value === null) fake.emit('identity-change', { identity: { status: 'anonymous' } })
    },
    async send(message) {
      calls.push(['send', message])
      return textMessage(1, VISITOR, typeof message === 'string' ? message : '')
    },
    retry: (clientId) => void calls.push(['retry', clientId]),
    discard: async (clientId) => void calls.push(['discard', clientId]),
    async newConversation() {
      calls.push(['newConversation'])
      return CONVERSATION
    },
    async showConversation(id) {
      calls.push(['showConversation', id])
    },
    async logout(options) {
      calls.push(['logout', options])
      user = null
      fake.emit('identity-change', { identity: { status: 'anonymous' } })
    },
    requestLogin(request) {
      requests += 1
      calls.push(['requestLogin', request])
      const login = {
        ...request,
        requestId: `r-${requests}` as LoginRequestId,
        conversationId: CONVERSATION,
        state: { status: 'requested' } as const,
      }
      fake.emit('login-request', login)
      const kept: LoginRequest = taken.has(login.requestId) ? { ...login, isBuiltIn: true } : login
      fake.setState({ logins: [...state.logins.filter((one) => one.messageId !== login.messageId), kept] })
      return kept
    },
    takeLogin(requestId) {
      calls.push(['takeLogin', requestId])
      taken.add(requestId)
    },
    // A login's client is replaced as well.
    parts: {
      options: { app: 'shop', server: 'http://127.0.0.1:1' },
      storage: {
        get: async () => kept(),
        update: async (_key: string, change: (value: object) => { forms: object }) => {
          forms = change(kept()).forms
        },
      },
      identity: { visit: new AbortController().signal, owner: 'anonymous' },
      session: { handshake: async () => ({ session: 'a-session-of-the-visitor' }) },
      conversations: {
        current: {
          timeline: {
            get conversation() {
              return state.conversation?.id ?? null
            },
            get view() {
              return state.timeline
            },
            head: () => {
              calls.push(['head'])
              return fake.headAnswer()
            },
          },
        },
        get page() {
          return {
            conversations: state.conversations,
            cursor: fake.nextPage === null ? null : 'next',
            unread: 0,
          }
        },
      },
      belongings: {
        draft: { text: '' },
        useLogins() {},
        outgoing: { outbox: { items: () => fake.unsent } },
      },
      async request(name: string, payload: unknown) {
        calls.push([name, payload])
        if (fake.refusal !== null) return { ok: false, error: { code: fake.refusal, message: '' } }
        const page = { conversations: fake.nextPage ?? [], cursor: null, unread: 0 }
        return { ok: true, value: name === 'conversations:list' ? page : null }
      },
    } as unknown as ChatClientApi['parts'],
    nextPage: null,
    drafts: new Map(),
    unsent: [],
    refusal: null,
    cancelLogin(requestId) {
      calls.push(['cancelLogin', requestId])
      endLogin(requestId, { status: 'canceled' })
    },
    failLogin(requestId, reason) {
      calls.push(['failLogin', requestId, reason])
      endLogin(requestId, { status: 'failed', reason })
    },
    async loadOlder() {
      calls.push(['loadOlder'])
      return true
    },
    markRead() {
      calls.push(['markRead'])
    },
    allowStorage: () => {},
    setTyping: (typing) => void calls.push(['setTyping', typing]),
    get draft() {
      return draft
    },
    set draft(text) {
      calls.push(['draft', text])
      draft = text
    },
    getState: () => state,
    trace: () => [],
    on(name, listener) {
      const set: Set<typeof listener> = (listeners[name] as Set<typeof listener> | undefined) ?? new Set()
      Object.assign(listeners, { [name]: set })
      set.add(listener)
      return () => void set.delete(listener)
    },
    async close() {
      calls.push(['close'])
    },
    emit(name, detail) {
      for (const listener of listeners[name] ?? []) listener(detail)
    },
    setState(change) {
      state = { ...state, ...change }
      fake.emit('change', state)
    },
  }
  return fake
}
