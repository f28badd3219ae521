/** `/agent`: requests and events of agents in the console. */
import {
  type AgentToServerEvents,
  type AppId,
  ChatError,
  type ErrorCode,
  type Message,
  type MessageTemplate,
  RELEASE,
} from '@chat-widget/protocol'
import {
  agentSendRequest,
  agentUploadRequest,
  closeConversationRequest,
  consoleDeliveredRequest,
  conversationTraceRequest,
  deleteMessageRequest,
  deleteTemplateRequest,
  editMessageRequest,
  fetchMessagesRequest,
  handConversationRequest,
  listConversationsRequest,
  listTemplatesRequest,
  readRequest,
  runActionRequest,
  saveTemplateRequest,
  typingRequest,
  watchConversationRequest,
} from '@chat-widget/protocol/schemas'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { AgentActions } from '../actions/agent-actions.ts'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import type { AppConfig } from '../config/config.ts'
import type { InternalConversationService } from '../conversations/create-conversation-service.ts'
import { agentAuthor } from '../conversations/message-agent.ts'
import type { TemplateService } from '../conversations/templates.ts'
import type { FileService } from '../files/file-service.ts'
import type { IdentityHistory } from '../identity/identity-history.ts'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { traceGiven } from '../telemetry/trace-given.ts'
import { type AdmittedAgent, admitAgent } from './agent-handshake.ts'
import type { AppFeed } from './app-feed.ts'
import type { Broadcaster } from './broadcaster.ts'
import { createConsoleCheck, SIGNED_OUT } from './console-check.ts'
import { admitting } from './handshake.ts'
import { createListener, type ListenerOptions, type RequestTracker } from './requests.ts'
import { AGENTS_ROOM, ANSWERING_ROOM, agentRoom, consoleRoom, watchersRoom } from './rooms.ts'
import type { AgentNamespace, AgentSocket, GuardOf } from './socket-server.ts'
import type { Tuning } from './tuning.ts'

export interface AgentServices {
  readonly accounts: AgentAccounts
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly conversations: InternalConversationService
  readonly files: FileService
  readonly templates: TemplateService
  readonly history: IdentityHistory
  readonly agentActions: Pick<AgentActions, 'run'>
  readonly broadcaster: Broadcaster
  readonly appFeed: Pick<AppFeed, 'agentCame' | 'agentLeft'>
  readonly tellUnread: (socket: AgentSocket) => Promise<void>
  readonly releaseLabel: (release: string | undefined) => string
  readonly guardOf: GuardOf
  readonly tracker: RequestTracker
  readonly telemetry: Telemetry
  readonly logger: Logger
  readonly tuning: Tuning
  readonly now: () => number
}

/** Serves the namespace. Returns a function that ends it. */
export function serveAgents(namespace: AgentNamespace, services: AgentServices): () => void {
  const { accounts, logger, tuning } = services
  const check = createConsoleCheck({ accounts, everyMs: tuning.consoleCheckMs, logger })
  namespace.use((socket, next) => {
    const { auth, headers } = socket.handshake
    const admit = async () => {
      socket.data.admitted = await admitAgent(accounts, { auth, headers })
    }
    admitting(admit, next, {
      logger,
      refused: (code) => services.telemetry.refusals.count({ event: 'connect', code }),
    })
  })
  namespace.on('connection', (socket) => {
    const { admitted } = socket.data
    if (admitted === undefined) return void socket.disconnect(true)
    delete socket.data.admitted
    socket.data.release = services.releaseLabel(admitted.release)
    const timer = setInterval(() => void beat(socket, services), tuning.headIntervalMs)
    socket.once('disconnect', () => clearInterval(timer))
    check.add(socket, admitted)
    void socket.join([AGENTS_ROOM, agentRoom(admitted.agent.id), consoleRoom(admitted.sessionKey)])
    if (admitted.agent.role === 'agent') {
      void socket.join(ANSWERING_ROOM)
      services.appFeed.agentCame()
      socket.once('disconnect', () => services.appFeed.agentLeft())
    }
    listen(socket, admitted, services)
    const filesOf = (id: AppId) => {
      const limits = services.files.limitsOf(id)
      return limits !== null && { files: { maxBytes: limits.maxBytes, types: limits.types } }
    }
    socket.emit('ready', {
      release: RELEASE,
      serverTime: services.now(),
      agent: admitted.agent,
      apps: [...services.apps.values()].map(({ id, name, actions, bot }) => ({
        id,
        name,
        hasBot: bot !== undefined,
        actions: Object.keys(actions),
        ...filesOf(id),
      })),
    })
    void services.tellUnread(socket)
  })
  const unsubscribe = accounts.onSignedOut((sessionKey) => {
    const windows = consoleRoom(sessionKey)
    namespace.to(windows).emit('session:ended', SIGNED_OUT)
    namespace.in(windows).disconnectSockets(true)
  })
  return () => {
    unsubscribe()
    check.close()
  }
}

/** Most conversations an agent watches; each costs a read at every heartbeat. */
const MOST_WATCHED = 200

/** Sends heads of the watched conversations ([DL3]). */
async function beat(socket: AgentSocket, services: AgentServices): Promise<void> {
  try {
    for (const conversationId of watchedBy(socket)) {
      const { headSeq } = await services.conversations.find(conversationId)
      socket.emit('head', { conversationId, headSeq })
    }
  } catch {
    services.logger.warn('heads could not be told to an agent')
  }
}

const VIEWER_EVENTS: ReadonlySet<keyof AgentToServerEvents> = new Set<keyof AgentToServerEvents>([
  'conversations:list',
  'conversation:watch',
  'conversation:unwatch',
  'conversation:trace',
  'messages:fetch',
])

function refuseViewer(): never {
  throw new ChatError('forbidden', 'This account may read only.')
}

function watchedBy(socket: AgentSocket): readonly Message['conversationId'][] {
  const prefix = watchersRoom('' as Message['conversationId'])
  return [...socket.rooms]
    .filter((room) => room.startsWith(prefix))
    .map((room) => room.slice(prefix.length) as Message['conversationId'])
}

function listen(socket: AgentSocket, { agent }: AdmittedAgent, services: AgentServices): void {
  const {
    agentActions,
    broadcaster,
    conversations,
    files,
    logger,
    now,
    telemetry,
    templates,
    tracker,
    tuning,
  } = services
  if (telemetry.tracing !== null) traceGiven(socket, 'agent', telemetry.tracing)
  const limits = [createTokenBucket(tuning.agentRate, now).take]
  const guard = services.guardOf(socket)

  /** Events that are not a viewer's are refused ([OP9]). */
  function on<Schema extends z.ZodType, Value>(
    event: keyof AgentToServerEvents,
    schema: Schema,
    handle: ListenerOptions<Schema, Value>['handle'],
  ): void {
    const gates = agent.role === 'viewer' && !VIEWER_EVENTS.has(event) ? [refuseViewer] : []
    // The typed form of `on` promises payloads that have not been validated.
    const untyped = socket as unknown as NodeJS.EventEmitter
    const refused = (code: ErrorCode) => telemetry.refusals.count({ event, code })
    const shape = { event, schema, limits, gates, handle }
    untyped.on(event, createListener({ ...shape, guard, tracker, refused, logger }))
  }

  on('conversations:list', listConversationsRequest, ({ limit, app, status, cursor }) =>
    conversations.list({
      limit,
      ...(app === undefined ? {} : { app: app as AppId }),
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { cursor }),
    }),
  )
  on('conversation:watch', watchConversationRequest, async ({ conversationId }) => {
    await conversations.find(conversationId)
    if (watchedBy(socket).length >= MOST_WATCHED)
      throw new ChatError('too-large', `One window watches at most ${MOST_WATCHED} conversations.`)
    // Joined before the summary is read: a message stored in between is then sent twice rather than never.
    void socket.join(watchersRoom(conversationId))
    return conversations.summary(conversationId)
  })
  on('conversation:unwatch', watchConversationRequest, ({ conversationId }) => {
    void socket.leave(watchersRoom(conversationId))
    return null
  })
  on('conversation:read', readRequest, async ({ conversationId, seq }) => {
    await conversations.find(conversationId)
    await conversations.markRead(conversationId, 'agent', seq)
    return null
  })
  on('conversations:delivered', consoleDeliveredRequest, async ({ positions }) => {
    for (const { conversationId, seq } of positions)
      await conversations.markDelivered(conversationId, 'agent', seq)
    return null
  })
  on('conversation:close', closeConversationRequest, async ({ conversationId }) => {
    await conversations.close(conversationId)
    return null
  })
  on('conversation:hand', handConversationRequest, async ({ conversationId, handler }) => {
    await conversations.setHandler(conversationId, handler)
    return null
  })
  on('conversation:trace', conversationTraceRequest, async ({ conversationId }) => {
    await conversations.find(conversationId)
    return { entries: await services.history.list(conversationId) }
  })
  on('message:send', agentSendRequest, ({ conversationId, clientId, body }) =>
    conversations.sendAsAgent({ agent, conversationId, clientId, body }),
  )
  on('message:edit', editMessageRequest, (request) => conversations.edit(request))
  on('message:delete', deleteMessageRequest, (request) => conversations.remove(request))
  on('file:upload', agentUploadRequest, async ({ conversationId, ...request }) => {
    const { app } = await conversations.find(conversationId)
    const uploader = { kind: 'agent', id: agent.id, conversationId } as const
    return 'fileId' in request
      ? files.announceAgain(app, uploader, request.fileId)
      : files.announce({ app, uploader, ...request }, null)
  })
  on('templates:list', listTemplatesRequest, async ({ app }) => ({
    templates: await templates.list(app as AppId),
  }))
  on('template:save', saveTemplateRequest, async ({ app, ...template }) => {
    await templates.save(app as AppId, template as MessageTemplate)
    return null
  })
  on('template:delete', deleteTemplateRequest, async ({ app, id }) => {
    await templates.remove(app as AppId, id)
    return null
  })
  on('messages:fetch', fetchMessagesRequest, ({ conversationId, limit, after, before }) =>
    conversations.messages({
      conversationId,
      limit,
      ...(after === undefined ? {} : { after }),
      ...(before === undefined ? {} : { before }),
    }),
  )
  on('action:run', runActionRequest, async (request) => {
    await agentActions.run({ agentId: agent.id, ...request })
    return null
  })
  on('typing', typingRequest, ({ conversationId, typing }) => {
    broadcaster.typingToVisitor(conversationId, agentAuthor(agent), typing, socket.id)
    return null
  })
}
