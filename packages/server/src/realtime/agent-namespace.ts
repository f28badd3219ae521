/** `/agent`: requests and events of agents in the console. */
import {
  type AgentToServerEvents,
  type AppId,
  ChatError,
  type ConversationId,
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
import type { AgentActions } from '../actions/agent-actions.ts'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import { belongsTo, mayAnswer } from '../agents/permissions.ts'
import type { Team } from '../agents/team.ts'
import type { AppConfig } from '../config/config.ts'
import type { InternalConversationService } from '../conversations/create-conversation-service.ts'
import { agentAuthor } from '../conversations/message-agent.ts'
import type { TemplateService } from '../conversations/templates.ts'
import type { FileService } from '../files/file-service.ts'
import type { IdentityHistory } from '../identity/identity-history.ts'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { ConversationRecord } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { traceGiven } from '../telemetry/trace-given.ts'
import type { WebhookOverview } from '../webhooks/webhook-overview.ts'
import { type AdmittedAgent, admitAgent } from './agent-handshake.ts'
import type { AppFeed } from './app-feed.ts'
import type { Broadcaster } from './broadcaster.ts'
import { guardOf } from './connection-guard.ts'
import { createConsoleCheck, SIGNED_OUT } from './console-check.ts'
import { admitting } from './handshake.ts'
import { createRequests, type RequestTracker } from './requests.ts'
import { AGENTS_ROOM, consoleRoom, roomsOf, watchersRoom } from './rooms.ts'
import type { AgentNamespace, AgentSocket } from './socket-server.ts'
import { listenTeam, type On, OWN_ACCOUNT_EVENTS } from './team-requests.ts'
import type { Tuning } from './tuning.ts'
import { listenWebhooks } from './webhook-requests.ts'

export interface AgentServices {
  readonly accounts: AgentAccounts
  readonly apps: ReadonlyMap<AppId, AppConfig>
  readonly conversations: InternalConversationService
  readonly files: FileService
  readonly templates: TemplateService
  readonly team: Team
  readonly webhooks: WebhookOverview
  readonly history: IdentityHistory
  readonly agentActions: Pick<AgentActions, 'run'>
  readonly broadcaster: Broadcaster
  readonly appFeed: Pick<AppFeed, 'agentCame' | 'agentLeft'>
  readonly tellUnread: (socket: AgentSocket) => Promise<void>
  readonly releaseLabel: (release: string | undefined) => string
  /** True if other nodes have consoles, too. */
  readonly isShared: boolean
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
    const { agent } = admitted
    if (agent.apps !== undefined) socket.data.apps = agent.apps
    void socket.join([AGENTS_ROOM, ...roomsOf(agent), consoleRoom(admitted.sessionKey)])
    if (mayAnswer(agent)) {
      services.appFeed.agentCame(agent.apps)
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
      agent,
      apps: [...services.apps.values()]
        .filter(({ id }) => belongsTo(agent, id))
        .map(({ id, name, actions, bot }) => ({
          id,
          name,
          hasBot: bot !== undefined,
          actions: Object.keys(actions),
          ...filesOf(id),
        })),
    })
    void services.tellUnread(socket)
  })
  const unfollow = accounts.onChanged(() => {
    check.now()
    if (services.isShared) namespace.serverSideEmit('consoles')
  })
  if (services.isShared) namespace.on('consoles', check.now)
  const unsubscribe = accounts.onSignedOut((sessionKey) => {
    const windows = consoleRoom(sessionKey)
    namespace.to(windows).emit('session:ended', SIGNED_OUT)
    namespace.in(windows).disconnectSockets(true)
  })
  return () => {
    unsubscribe()
    unfollow()
    check.close()
  }
}

/** Most conversations an agent watches; each costs a read at every heartbeat. */
const MOST_WATCHED = 200

/** Sends heads of the watched conversations ([DL3]), and tells of those that were deleted. */
async function beat(socket: AgentSocket, services: AgentServices): Promise<void> {
  try {
    for (const conversationId of watchedBy(socket)) {
      const record = await services.conversations.find(conversationId).catch(nullIfDeleted)
      if (record !== null) socket.emit('head', { conversationId, headSeq: record.headSeq })
      else {
        void socket.leave(watchersRoom(conversationId))
        socket.emit('conversations:deleted')
      }
    }
  } catch {
    services.logger.warn('heads could not be told to an agent')
  }
}

function nullIfDeleted(error: unknown): null {
  if (error instanceof ChatError && error.code === 'not-found') return null
  throw error
}

const READER_EVENTS: ReadonlySet<keyof AgentToServerEvents> = new Set<keyof AgentToServerEvents>([
  'conversations:list',
  'conversation:watch',
  'conversation:unwatch',
  'conversation:trace',
  'messages:fetch',
  // The team refuses whatever else a reader may not do.
  ...OWN_ACCOUNT_EVENTS,
])

function refuseReader(): never {
  throw new ChatError('forbidden', 'This account may read only.')
}

function watchedBy(socket: AgentSocket): readonly Message['conversationId'][] {
  const prefix = watchersRoom('' as Message['conversationId'])
  return [...socket.rooms]
    .filter((room) => room.startsWith(prefix))
    .map((room) => room.slice(prefix.length) as Message['conversationId'])
}

function listen(socket: AgentSocket, { agent, sessionKey }: AdmittedAgent, services: AgentServices): void {
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
  const bucket = createTokenBucket(tuning.agentRate, now)
  const requests = createRequests<AgentSocket>({
    ...{ tracker, logger },
    refused: (event, code) => telemetry.refusals.count({ event, code }),
  })

  /** Events that are not a reader's are refused ([OP9]). */
  const on: On = (event, schema, handle) => {
    const gates = !mayAnswer(agent) && !READER_EVENTS.has(event) ? [refuseReader] : []
    requests.on(event, {
      ...{ schema, gates },
      limits: [() => bucket.take()],
      handle: (_socket, request) => handle(request),
    })
  }

  /** Rejects with `not-found`, as for a conversation that does not exist, for one of an app that is not the agent's. */
  async function own(conversationId: ConversationId): Promise<ConversationRecord> {
    const conversation = await conversations.find(conversationId)
    if (!belongsTo(agent, conversation.app))
      throw new ChatError('not-found', 'There is no such conversation.')
    return conversation
  }

  /** Rejects with `unknown-app`, as for one that the server does not have. */
  function ownApp(app: string): AppId {
    if (!belongsTo(agent, app as AppId)) throw new ChatError('unknown-app', `There is no app ${app}.`)
    return app as AppId
  }

  on('conversations:list', listConversationsRequest, ({ limit, app, status, cursor }) => {
    const apps = app === undefined ? agent.apps : [app as AppId].filter((id) => belongsTo(agent, id))
    return conversations.list({
      limit,
      ...(apps === undefined ? {} : { apps }),
      ...(status === undefined ? {} : { status }),
      ...(cursor === undefined ? {} : { cursor }),
    })
  })
  on('conversation:watch', watchConversationRequest, async ({ conversationId }) => {
    await own(conversationId)
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
    await own(conversationId)
    await conversations.markRead(conversationId, 'agent', seq)
    return null
  })
  on('conversations:delivered', consoleDeliveredRequest, async ({ positions }) => {
    for (const { conversationId, seq } of positions) {
      if (agent.apps !== undefined) await own(conversationId)
      await conversations.markDelivered(conversationId, 'agent', seq)
    }
    return null
  })
  on('conversation:close', closeConversationRequest, async ({ conversationId }) => {
    await own(conversationId)
    await conversations.close(conversationId)
    return null
  })
  on('conversation:hand', handConversationRequest, async ({ conversationId, handler }) => {
    await own(conversationId)
    await conversations.setHandler(conversationId, handler, 'agent-joined')
    return null
  })
  on('conversation:trace', conversationTraceRequest, async ({ conversationId }) => {
    await own(conversationId)
    return { entries: await services.history.list(conversationId) }
  })
  on('message:send', agentSendRequest, async ({ conversationId, clientId, body }) => {
    await own(conversationId)
    return conversations.sendAsAgent({ agent, conversationId, clientId, body })
  })
  on('message:edit', editMessageRequest, async (request) => {
    await own(request.conversationId)
    return conversations.edit(request)
  })
  on('message:delete', deleteMessageRequest, async (request) => {
    await own(request.conversationId)
    return conversations.remove(request)
  })
  on('file:upload', agentUploadRequest, async ({ conversationId, ...request }) => {
    const { app } = await own(conversationId)
    const uploader = { kind: 'agent', id: agent.id, conversationId } as const
    return 'fileId' in request
      ? files.announceAgain(app, uploader, request.fileId)
      : files.announce({ app, uploader, ...request }, null)
  })
  on('templates:list', listTemplatesRequest, async ({ app }) => ({
    templates: await templates.list(ownApp(app)),
  }))
  on('template:save', saveTemplateRequest, async ({ app, ...template }) => {
    await templates.save(ownApp(app), template as MessageTemplate)
    return null
  })
  on('template:delete', deleteTemplateRequest, async ({ app, id }) => {
    await templates.remove(ownApp(app), id)
    return null
  })
  listenTeam(on, { ...agent, sessionKey }, services.team)
  listenWebhooks(on, agent, services.webhooks)
  on('messages:fetch', fetchMessagesRequest, async ({ conversationId, limit, after, before }) => {
    await own(conversationId)
    return conversations.messages({
      conversationId,
      limit,
      ...(after === undefined ? {} : { after }),
      ...(before === undefined ? {} : { before }),
    })
  })
  on('action:run', runActionRequest, async (request) => {
    await own(request.conversationId)
    await agentActions.run({ agentId: agent.id, ...request })
    return null
  })
  on('typing', typingRequest, async ({ conversationId, typing }) => {
    // Its watchers belong to it.
    if (!socket.rooms.has(watchersRoom(conversationId))) await own(conversationId)
    broadcaster.typingToVisitor(conversationId, agentAuthor(agent), typing, socket.id)
    return null
  })
  requests.serve(socket, socket, guardOf(socket))
}
