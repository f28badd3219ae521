/** A small scripted server for agents: keeps conversations in memory, and misbehaves when a test says so. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AGENT_NAMESPACE,
  type AgentActionNotice,
  type AgentId,
  type AgentReady,
  type AgentSendRequest,
  type AgentToServerEvents,
  type ClientMessageId,
  type ConversationId,
  type ConversationSummary,
  type IdentityTraceEntry,
  type Message,
  type MessageAuthor,
  type MessageId,
  type RunActionRequest,
  type ServerToAgentEvents,
  type WireError,
} from '@chat-widget/protocol'
import { conversationSummary } from '@chat-widget/protocol/schemas'
import { Server, type Socket } from 'socket.io'
import { randomId } from '../util/random-id.ts'
import { isWellFormed } from './agent-requests.testing.ts'
import type { Agent } from './agent-state.ts'
import { newSummary, SHOP } from './new-summary.testing.ts'

export const AGENT: Agent = {
  id: randomId<AgentId>(),
  name: 'Robin',
  email: 'robin@example.com',
  role: 'agent',
}
export const PASSWORD = 'correct horse battery staple'

/** A message without a place yet. */
type Draft = Message extends infer Kind
  ? Kind extends Message
    ? Omit<Kind, 'id' | 'seq' | 'createdAt'>
    : never
  : never
type AgentSocket = Socket<AgentToServerEvents, ServerToAgentEvents>
type Behaviour = 'normal' | 'store-but-lose-ack' | WireError

export interface ScriptedAgentServer {
  readonly url: string
  readonly conversations: ReadonlyMap<ConversationId, ConversationSummary>
  /** Received messages, duplicates included, in order of arrival. */
  readonly sends: readonly AgentSendRequest[]
  readonly typings: readonly boolean[]
  /** Requested actions, repetitions included. */
  readonly runs: readonly RunActionRequest[]
  /** Number of present watchers. */
  watchers(id: ConversationId): number
  /** Adds a conversation with some messages of the visitor. */
  addConversation(options?: {
    readonly messages?: number
    readonly status?: 'open' | 'closed'
    readonly updatedAt?: string
  }): ConversationId
  /** Stores a visitor's message; `quietly`: without telling anybody, as if the event was lost. */
  say(id: ConversationId, text: string, options?: { readonly quietly?: boolean }): Message
  messages(id: ConversationId): readonly Message[]
  /** Forgets the messages after that seq, as a server restored from a backup. */
  restore(id: ConversationId, headSeq: number): void
  /** Adds to a conversation's identity trace; `quietly`: without telling its watchers. */
  trace(id: ConversationId, entry: IdentityTraceEntry, options?: { readonly quietly?: boolean }): void
  /** Number of requests for a trace. */
  readonly traceFetches: number
  broadcast: {
    head(id: ConversationId): void
    /** Tells that conversations were deleted. */
    deleted(): void
    typing(id: ConversationId, typing: boolean, author?: MessageAuthor): void
    receipt(id: ConversationId, seq: number): void
    sessionEnded(): void
    outcome(notice: AgentActionNotice): void
  }
  /** Answers to the next sends, runs, or requests for a trace, one each; then normal ones. */
  script(...behaviours: readonly Behaviour[]): void
  /** True if the cookie is valid. */
  signedIn: boolean
  /** The agent's role. */
  role: Agent['role']
  /** Deletes a conversation. */
  remove(id: ConversationId): void
  /** Leaves of a conversation what agents wrote; `quietly`: the news is lost. */
  erase(id: ConversationId, options?: { readonly quietly?: boolean }): void
  /** Cuts every connection. */
  disconnectAll(): void
  /** Rejects if the client sent what the server would not take. */
  close(): Promise<void>
}

export async function startScriptedAgentServer(): Promise<ScriptedAgentServer> {
  const conversations = new Map<ConversationId, ConversationSummary>()
  const stored = new Map<ConversationId, Message[]>()
  const traces = new Map<string, IdentityTraceEntry[]>()
  let traceFetches = 0
  const sends: AgentSendRequest[] = []
  const typings: boolean[] = []
  const runs: RunActionRequest[] = []
  let behaviours: Behaviour[] = []
  const state = { signedIn: true, role: AGENT.role }
  const malformed: unknown[] = []

  const http = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      const answer = (status: number, value: unknown) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(status === 204 ? undefined : JSON.stringify(value))
      const refused = { error: { code: 'unauthenticated', message: 'no' } }
      if (request.method === 'POST') {
        state.signedIn = body === JSON.stringify({ email: AGENT.email, password: PASSWORD })
      }
      if (request.method === 'DELETE') {
        state.signedIn = false
        return answer(204, null)
      }
      return state.signedIn ? answer(200, { agent: { ...AGENT, role: state.role } }) : answer(401, refused)
    })
  })
  const io = new Server<AgentToServerEvents, ServerToAgentEvents>(http)
  const agents = io.of(AGENT_NAMESPACE)

  const update = (id: ConversationId, change: Partial<ConversationSummary>) => {
    const summary = conversations.get(id)
    if (summary !== undefined) {
      conversations.set(id, { ...summary, ...change })
    }
  }

  const append = (message: Draft): Message => {
    const list = stored.get(message.conversationId) ?? []
    const complete = {
      ...message,
      id: randomId<MessageId>(),
      seq: list.length + 1,
      createdAt: new Date().toISOString(),
    } as Message
    stored.set(message.conversationId, [...list, complete])
    update(message.conversationId, {
      headSeq: complete.seq,
      lastMessage: complete,
      login: null,
      updatedAt: complete.createdAt,
    })
    return complete
  }

  const tell = (message: Message) => {
    agents.to(message.conversationId).emit('message', message)
    tellSummary(message.conversationId)
  }

  const tellSummary = (id: ConversationId) => {
    const summary = conversations.get(id)
    if (summary !== undefined) {
      conversationSummary.parse(summary)
      agents.emit('conversation:updated', summary)
    }
  }

  const storeSend = ({ body, ...ids }: AgentSendRequest): Message => {
    const conversationId = ids.conversationId as ConversationId
    const clientId = ids.clientId as ClientMessageId
    const known = stored.get(conversationId)?.find((message) => message.clientId === clientId)
    if (known !== undefined) {
      return known
    }
    const base = {
      conversationId,
      clientId,
      author: { kind: 'agent', id: AGENT.id, name: AGENT.name },
    } as const
    const message =
      'login' in body
        ? append({
            ...base,
            kind: 'login',
            text: body.login.text ?? '',
            login: { button: body.login.button ?? '', reason: 'message' },
          })
        : append({ ...base, kind: 'text', text: 'text' in body ? body.text : '' })
    tell(message)
    return message
  }

  agents.use((_socket, next) => {
    const error: WireError = { code: 'unauthenticated', message: 'sign in first' }
    next(state.signedIn ? undefined : Object.assign(new Error(error.message), { data: error }))
  })
  agents.on('connection', (socket: AgentSocket) => {
    socket.onAny((event: keyof AgentToServerEvents, payload: unknown) => {
      if (!isWellFormed(event, payload)) malformed.push([event, payload])
    })
    const notFound = { ok: false, error: { code: 'not-found', message: 'no such conversation' } } as const
    socket.on('conversations:list', ({ status, app, cursor, limit }, answer) => {
      const all = [...conversations.values()]
        .filter((summary) => status === undefined || summary.status === status)
        .filter((summary) => app === undefined || summary.app === app)
        .sort((one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt))
      const from = Number(cursor ?? 0)
      const next = from + limit < all.length ? String(from + limit) : null
      answer({ ok: true, value: { conversations: all.slice(from, from + limit), cursor: next } })
    })
    socket.on('conversation:watch', ({ conversationId }, answer) => {
      const summary = conversations.get(conversationId as ConversationId)
      void socket.join(conversationId)
      answer(summary === undefined ? notFound : { ok: true, value: summary })
    })
    socket.on('conversation:unwatch', ({ conversationId }, answer) => {
      void socket.leave(conversationId)
      answer({ ok: true, value: null })
    })
    socket.on('conversation:read', ({ conversationId, seq }, answer) => {
      update(conversationId as ConversationId, { agentReadSeq: seq })
      tellSummary(conversationId as ConversationId)
      answer({ ok: true, value: null })
    })
    socket.on('conversation:hand', (_request, answer) => answer({ ok: true, value: null }))
    socket.on('message:edit', ({ conversationId, seq, body, clientId }, answer) => {
      const id = conversationId as ConversationId
      const message = stored.get(id)?.find((one) => one.seq === seq)
      const isEditable = message?.kind === 'text' && message.author.kind === 'agent' && 'text' in body
      if (!isEditable) return answer({ ok: false, error: { code: 'bad-request', message: 'not this one' } })
      const event = { type: 'edited', of: seq, body: { kind: 'text', text: body.text } } as const
      const ids = { conversationId: id, clientId: clientId as ClientMessageId }
      tell(append({ ...ids, author: { kind: 'system' }, kind: 'event', text: 'Edited', event }))
      answer({ ok: true, value: message })
    })
    socket.on('message:delete', ({ conversationId, seq }, answer) => {
      const id = conversationId as ConversationId
      const ids = { conversationId: id, clientId: randomId<ClientMessageId>() }
      const event = { type: 'deleted', of: seq } as const
      const message = append({ ...ids, author: { kind: 'system' }, kind: 'event', text: 'Deleted', event })
      tell(message)
      answer({ ok: true, value: message })
    })
    socket.on('conversation:close', ({ conversationId }, answer) => {
      update(conversationId as ConversationId, { status: 'closed' })
      tellSummary(conversationId as ConversationId)
      answer({ ok: true, value: null })
    })
    socket.on('conversation:trace', ({ conversationId }, answer) => {
      traceFetches += 1
      const behaviour = behaviours.shift() ?? 'normal'
      if (typeof behaviour === 'object') {
        answer({ ok: false, error: behaviour })
      } else {
        answer({ ok: true, value: { entries: traces.get(conversationId) ?? [] } })
      }
    })
    socket.on('messages:fetch', ({ conversationId, after, before, limit }, answer) => {
      const all = stored.get(conversationId as ConversationId) ?? []
      const messages =
        after === undefined
          ? all.filter((message) => before === undefined || message.seq < before).slice(-limit)
          : all.filter((message) => message.seq > after).slice(0, limit)
      answer({ ok: true, value: { messages, headSeq: all.length } })
    })
    socket.on('message:send', (request, answer) => {
      sends.push(request)
      const behaviour = behaviours.shift() ?? 'normal'
      if (typeof behaviour === 'object') {
        answer({ ok: false, error: behaviour })
        return
      }
      const message = storeSend(request)
      if (behaviour === 'store-but-lose-ack') {
        socket.conn.close()
        return
      }
      answer({ ok: true, value: message })
    })
    socket.on('action:run', (request, answer) => {
      runs.push(request)
      const behaviour = behaviours.shift() ?? 'normal'
      if (behaviour === 'store-but-lose-ack') {
        socket.conn.close()
        return
      }
      answer(behaviour === 'normal' ? { ok: true, value: null } : { ok: false, error: behaviour })
    })
    socket.on('typing', ({ typing }) => {
      typings.push(typing)
    })
    const ready: AgentReady = {
      serverTime: Date.now(),
      agent: { ...AGENT, role: state.role },
      apps: [{ id: SHOP, name: 'Northwind', hasBot: true, actions: ['orders'] }],
    }
    socket.emit('ready', ready)
    socket.emit('unread', { count: 7 })
  })

  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo

  const say: ScriptedAgentServer['say'] = (conversationId, text, { quietly = false } = {}) => {
    const message = append({
      conversationId,
      clientId: randomId(),
      author: { kind: 'visitor' },
      kind: 'text',
      text,
    })
    if (!quietly) tell(message)
    return message
  }

  return {
    url: `http://127.0.0.1:${port}`,
    conversations,
    sends,
    typings,
    runs,
    watchers: (id) => agents.adapter.rooms.get(id)?.size ?? 0,
    get signedIn() {
      return state.signedIn
    },
    set signedIn(value) {
      state.signedIn = value
    },
    get role() {
      return state.role
    },
    set role(value) {
      state.role = value
    },
    addConversation({ messages = 0, status = 'open', updatedAt = new Date().toISOString() } = {}) {
      const id = randomId<ConversationId>()
      conversations.set(id, { ...newSummary(id, updatedAt), status })
      for (let number = 1; number <= messages; number += 1) say(id, `message ${number}`, { quietly: true })
      update(id, { updatedAt })
      tellSummary(id)
      return id
    },
    say,
    messages: (id) => stored.get(id) ?? [],
    restore(id, headSeq) {
      const kept = (stored.get(id) ?? []).slice(0, headSeq)
      stored.set(id, kept)
      update(id, { headSeq, lastMessage: kept.at(-1) ?? null })
    },
    remove(id) {
      conversations.delete(id)
      stored.delete(id)
    },
    erase(id, { quietly = false } = {}) {
      const erased = { kind: 'text', text: 'Deleted by request.', deleted: true, erased: true } as const
      const left = (stored.get(id) ?? []).map((message) =>
        message.author.kind === 'agent' ? message : { ...message, ...erased },
      )
      stored.set(id, left)
      update(id, { erased: true, status: 'closed', lastMessage: left.at(-1) ?? null })
      if (!quietly) tellSummary(id)
    },
    trace(id, entry, { quietly = false } = {}) {
      traces.set(id, [...(traces.get(id) ?? []), entry])
      if (!quietly) agents.to(id).emit('conversation:traced', { conversationId: id })
    },
    get traceFetches() {
      return traceFetches
    },
    broadcast: {
      head: (conversationId) =>
        void agents.emit('head', { conversationId, headSeq: stored.get(conversationId)?.length ?? 0 }),
      deleted: () => void agents.emit('conversations:deleted'),
      typing: (conversationId, typing, author = { kind: 'visitor' }) =>
        void agents.emit('typing', { conversationId, author, typing }),
      receipt: (conversationId, seq) =>
        void agents.emit('receipt', { conversationId, reader: 'visitor', seq }),
      sessionEnded: () =>
        void agents.emit('session:ended', { code: 'session-invalid', message: 'the session was revoked' }),
      outcome: (notice) => void agents.emit('action:outcome', notice),
    },
    script(...next) {
      behaviours = [...next]
    },
    disconnectAll() {
      for (const socket of agents.sockets.values()) socket.conn.close()
    },
    async close() {
      await io.close()
      if (malformed.length > 0) throw new Error(`malformed: ${JSON.stringify(malformed)}`)
    },
  }
}
