/** Visitors and agents over Socket.IO, attached to the HTTP server. */
import type { Server as HttpServer } from 'node:http'
import type { AppId, AuthenticationRequestId } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import { createActionRunner } from '../actions/action-runner.ts'
import { createAgentActions } from '../actions/agent-actions.ts'
import { createContextNeeds } from '../actions/context-needs.ts'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import { createTeam } from '../agents/team.ts'
import type { AuthenticationRequestService } from '../authentication-requests/authentication-request-service.ts'
import type { Authenticator } from '../authentication-requests/authenticator/authenticator.ts'
import { createChatLogins } from '../authentication-requests/chat-logins.ts'
import { createBotWorker } from '../bot/bot-worker.ts'
import type { AppConfig, ServerConfig } from '../config/config.ts'
import { createLiveApps, type LiveApps } from '../config/live-apps.ts'
import { createConversationChanges } from '../conversations/conversation-changes.ts'
import type { ConversationService } from '../conversations/conversation-service.ts'
import { createConversationService } from '../conversations/create-conversation-service.ts'
import { createSummaries } from '../conversations/summaries.ts'
import { createTemplateService } from '../conversations/templates.ts'
import { keepsOwnFiles } from '../files/create-files.ts'
import type { FileService } from '../files/file-service.ts'
import type { FileStore } from '../files/stores/file-store.ts'
import { createVerifiers } from '../identity/app-verifiers.ts'
import { createContextVault } from '../identity/context-vault.ts'
import type { ContextVerifier } from '../identity/context-verifier.ts'
import { createIdentityHistory } from '../identity/identity-history.ts'
import { createIdentityService } from '../identity/identity-service.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { NodeCounters } from '../limits/node-counters.ts'
import { basePathOf } from '../network/base-path.ts'
import { createClientAddress } from '../network/client-address.ts'
import type { ConversationOwner, SessionRecord, Storage } from '../storage/storage.ts'
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { createUnreadMailJob, type UnreadMailJobOptions } from '../unread-mail/unread-mail-job.ts'
import { createWebhookDelivery } from '../webhooks/webhook-delivery.ts'
import { createWebhookOverview } from '../webhooks/webhook-overview.ts'
import { createWebhookTargets } from '../webhooks/webhook-targets.ts'
import { createAddressLimits } from './address-limits.ts'
import { serveAgents } from './agent-namespace.ts'
import { createAppFeed } from './app-feed.ts'
import { serveAuthenticators } from './authenticator-namespace.ts'
import { createBroadcaster } from './broadcaster.ts'
import type { Broker } from './broker/broker.ts'
import { createClientReleases } from './client-releases.ts'
import { handleErasures } from './erasure-job.ts'
import { watchLostNews } from './lost-news.ts'
import { createNodeRegistry } from './node-registry.ts'
import { createPresence } from './presence.ts'
import { createRequestTracker } from './requests.ts'
import { ownerRoom } from './rooms.ts'
import { createSharedContexts } from './shared-contexts.ts'
import { countApps, countReleases } from './socket-counts.ts'
import { identityOf, requireSession } from './socket-identity.ts'
import { type AgentNamespace, createSocketServer } from './socket-server.ts'
import { createSummaryFeed } from './summary-feed.ts'
import { DEFAULT_TUNING, type Tuning, tuningOf } from './tuning.ts'
import { createUnreadFeed } from './unread-feed.ts'
import { createVisitorAdmission } from './visitor-handshake.ts'
import { cutRefused, serveVisitors } from './visitor-namespace.ts'

export interface RealtimeOptions {
  readonly httpServer: HttpServer
  readonly config: ServerConfig
  /** Default: the apps of `config`. */
  readonly apps?: LiveApps
  readonly storage: Storage
  readonly jobs: JobQueue
  /** Mails to customers who left with an unread answer. Default: none. */
  readonly unreadMail?: Pick<UnreadMailJobOptions, 'sender' | 'unsubscribing' | 'publicUrl'>
  readonly agents: AgentAccounts
  readonly requests: AuthenticationRequestService
  readonly authenticator: Authenticator
  /** Connects it with other nodes. Default: none. */
  readonly broker?: Broker | null
  /** Counts what other nodes allowed, too. Default: there are none. */
  readonly counters?: NodeCounters
  readonly files: FileService
  readonly fileStore: FileStore
  readonly logger: Logger
  /** Default: its own, which nobody reads. */
  readonly telemetry?: Telemetry
  /** For embedders: verifiers that replace those of the apps' configurations. */
  readonly verifiers?: ReadonlyMap<AppId, ContextVerifier>
  /** For tests: other durations and rates. */
  readonly tuning?: Partial<Tuning>
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
}

export interface Realtime {
  /** The service that REST, console and devices share. */
  readonly conversations: ConversationService
  /** The session of a device's secret, for HTTP. Rejects as an event of that device would be refused. */
  sessionOf(app: AppConfig, secret: string): Promise<SessionRecord>
  /** For metrics. */
  stats(): {
    readonly visitorSockets: number
    readonly agentSockets: number
    /** Connected devices of visitors by app. */
    readonly visitorSocketsOf: ReadonlyMap<AppId, number>
    /** Sockets of both by the release that their client names. */
    readonly clients: ReadonlyMap<string, number>
    /** True while events reach other nodes; `null` for a node alone. */
    readonly isBrokerConnected: boolean | null
    /** Other nodes on the same database that this one does not hear. */
    readonly unheardNodes: number
    /** Bytes of the contexts in memory. */
    readonly heldContextBytes: number
  }
  /** Tells devices to come back later, stops the queue of jobs after what is under way, closes every socket. */
  close(): Promise<void>
}

export function attachRealtime(options: RealtimeOptions): Realtime {
  const { httpServer, config, storage, requests, agents: accounts, files, logger, now = Date.now } = options
  const tuning: Tuning = { ...DEFAULT_TUNING, ...tuningOf(config.limits), ...options.tuning }
  const broker = options.broker ?? null
  const telemetry = options.telemetry ?? createTelemetry(logger)
  const live = options.apps ?? createLiveApps(config.apps)
  const apps = live.byId
  const verifierOf = createVerifiers(live.list, options.verifiers, now)

  const addressOf = createClientAddress(config.trustedProxies)
  const addresses = createAddressLimits(tuning, addressOf, options.counters)
  const sockets = createSocketServer({
    httpServer,
    basePath: basePathOf(config.publicUrl),
    apps: live.list,
    adapter: broker?.adapter,
    refused: (code) => telemetry.refusals.count({ event: 'connect', code }),
    ...{ addresses, tuning, logger, now },
  })
  const isShared = broker !== null
  const visitorsPresent = createPresence(sockets.visitors, isShared)
  const agentsPresent = createPresence(sockets.agents, isShared)
  const broadcaster = createBroadcaster({ ...sockets, isShared })
  const tracker = createRequestTracker()
  const releaseLabel = createClientReleases().labelOf
  const changes = createConversationChanges()
  const vault = createContextVault({ now })
  const chatLogins = createChatLogins({ requests, now })
  const hasActions = (id: AppId) => Object.keys(apps.get(id)?.actions ?? {}).length > 0
  const webhooksOf = createWebhookTargets(apps)
  const wakeWebhooks = (app: AppId) => {
    if (webhooksOf(app).length > 0) options.jobs.wake('webhook')
  }
  options.jobs.handle('webhook', createWebhookDelivery({ storage, apps, tuning, now }))
  const identity = createIdentityService({
    storage,
    webhooksOf,
    vault,
    verifierOf,
    approvals: chatLogins,
    hasActions,
    forgetElsewhere: (sessionIds) => contexts?.forget(sessionIds),
    now,
  })
  const history = createIdentityHistory({ storage, changed: broadcaster.traced, now })
  const isOnline = async (owner: ConversationOwner) => (await visitorsPresent([ownerRoom(owner)])).size > 0
  const summaries = createSummaries({ storage, apps, logins: requests.newestOf, online: isOnline })
  if (options.unreadMail !== undefined)
    options.jobs.handle(
      'unread-mail',
      createUnreadMailJob({ ...options.unreadMail, storage, apps, isOnline, logger, now }),
    )
  const appFeed = createAppFeed({
    visitors: sockets.visitors,
    present: agentsPresent,
    tellNodes: () => isShared && sockets.agents.serverSideEmit('presence'),
    ...{ apps: live, files, tuning, now },
  })
  const conversations = createConversationService({
    ...{ storage, apps, changes, summaries, files, webhooksOf, now },
    tracing: telemetry.tracing,
    isAway: appFeed.isAway,
  })
  const needs = createContextNeeds({
    vault,
    ask: (userId, need) =>
      contexts === null ? broadcaster.needContext(userId, need) : contexts.need(userId, need),
    waitMs: tuning.contextWaitMs,
  })
  const contexts =
    broker === null
      ? null
      : createSharedContexts({
          namespace: sockets.agents,
          vault,
          serverKeys: storage.serverKeys,
          isLive: storage.sessions.isLive,
          tell: broadcaster.needContext,
          isWaiting: (userId) => needs.pending(userId) !== null,
          waitMs: tuning.contextWaitMs,
          now,
        })
  const holders = [vault, contexts]
  const actions = createActionRunner({ apps, needs })
  const bot = createBotWorker({
    storage,
    jobs: options.jobs,
    apps,
    conversations,
    actions,
    typing: broadcaster.typingToVisitor,
    tuning,
    logger,
    now,
  })
  const agentActions = createAgentActions({
    storage,
    jobs: options.jobs,
    apps,
    conversations,
    actions,
    tell: broadcaster.actionOutcome,
    restMs: tuning.botRestMs,
    logger,
    now,
  })
  const feed = createSummaryFeed({
    agents: sockets.agents,
    present: agentsPresent,
    ...{ storage, summaries, logger },
  })
  handleErasures(options.jobs, {
    ...{ store: options.fileStore, storage, holders, broadcaster, now },
    tellAgents: feed.reread,
    tellUnread: () => unread.changed(),
  })
  const unread = createUnreadFeed({
    agents: sockets.agents,
    present: agentsPresent,
    ...{ isShared, storage, logger },
  })

  const unsubscribe = changes.subscribe((change) => {
    broadcaster.change(change)
    telemetry.apps.change(change)
    // Who watches is told; lists do not show it.
    if (change.kind === 'delivered') return
    feed.change(change)
    unread.changed()
    if (change.kind !== 'message') return
    if (change.isBotAsked) options.jobs.wake('bot-delivery')
    wakeWebhooks(change.conversation.app)
  })

  const lookNoMore =
    broker &&
    watchLostNews({
      ...{ ...sockets, storage, vault, broadcaster, logger, everyMs: tuning.headIntervalMs },
      rereadConversations() {
        void feed.rereadAll()
        unread.changed()
      },
    })

  const untie = storage.onUncertain(() => options.jobs.wake())
  if (broker !== null) sockets.agents.on('presence', appFeed.presenceChanged)
  if (broker !== null) wakeAcross(sockets.agents, options.jobs, requests)
  const registry =
    broker === null
      ? null
      : createNodeRegistry({
          ...{ namespace: sockets.agents, nodes: storage.nodes, logger, now, beatMs: tuning.nodeBeatMs },
          keepsOwnFiles: () => keepsOwnFiles(config, apps),
        })

  const unfollow = requests.onProgress(feed.reread)
  const admission = createVisitorAdmission({ apps, identity, newSession: addresses.newSession })
  const unwatch = live.onReplace(() => {
    bot.handOverWithoutBot()
    cutRefused(sockets.visitors, admission)
  })

  serveVisitors(sockets.visitors, admission, {
    storage,
    identity,
    history,
    conversations,
    files,
    broadcaster,
    appInfo: appFeed.infoOf,
    released({ events, actionRuns }, app) {
      for (const { message, conversation } of events) {
        changes.publish({ kind: 'message', message, conversation, isBotAsked: false })
      }
      options.jobs.wake('bot-delivery')
      wakeWebhooks(app)
      if (actionRuns.length > 0) options.jobs.wake('action-run')
    },
    pendingNeed: (userId) => needs.pending(userId) ?? contexts?.pending(userId) ?? null,
    presence: feed.reread,
    chatLogins,
    claimsChanged: feed.claims,
    releaseLabel,
    addressOf,
    addresses,
    telemetry,
    tracker,
    logger,
    tuning,
    now,
  })
  const leaveAgents = serveAgents(sockets.agents, {
    accounts,
    apps,
    conversations,
    files,
    team: createTeam({ storage, accounts, apps }),
    webhooks: createWebhookOverview({ storage, apps, jobs: options.jobs, now }),
    templates: createTemplateService({ storage, apps, now }),
    history,
    agentActions,
    broadcaster,
    appFeed,
    tellUnread: unread.tell,
    releaseLabel,
    telemetry,
    isShared,
    tracker,
    logger,
    tuning,
    now,
  })

  const authenticators = serveAuthenticators(sockets.authenticators, {
    authenticator: options.authenticator,
    present: createPresence(sockets.authenticators, isShared),
    addressOf,
    telemetry,
    tracker,
    logger,
    tuning,
    now,
  })

  let closing: Promise<void> | null = null
  async function close(): Promise<void> {
    sockets.refuse()
    untie()
    const ends = [
      options.jobs.close(),
      bot.close(),
      authenticators.close(),
      tracker.idle(),
      registry?.close(),
    ]
    await Promise.all(ends)
    contexts?.close()
    unsubscribe()
    unfollow()
    unwatch()
    leaveAgents()
    lookNoMore?.()
    appFeed.close()
    feed.close()
    unread.close()
    await sockets.close()
    // Stores messages that the last sockets sent before they were closed.
    await tracker.idle()
  }

  bot.handOverWithoutBot()
  return {
    conversations,
    async sessionOf(app, secret) {
      const held = await identity.resume(app, secret)
      return requireSession(identityOf(held, now() - tuning.contextGraceMs)).session
    },
    stats: () => ({
      visitorSockets: sockets.visitors.sockets.size,
      agentSockets: sockets.agents.sockets.size,
      isBrokerConnected: broker?.isConnected() ?? null,
      unheardNodes: registry?.unheard() ?? 0,
      heldContextBytes: vault.heldBytes,
      visitorSocketsOf: countApps(sockets.visitors.sockets.values()),
      clients: countReleases([...sockets.visitors.sockets.values(), ...sockets.agents.sockets.values()]),
    }),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** Tells other nodes of jobs that this one leaves to them ([JB6]), and of requests that changed. */
function wakeAcross(
  namespace: AgentNamespace,
  jobs: JobQueue,
  requests: Pick<AuthenticationRequestService, 'noticed' | 'onOwnChange'>,
): void {
  namespace.on('jobs', () => jobs.wake())
  jobs.onLeft(() => namespace.serverSideEmit('jobs'))
  namespace.on('request', (id: AuthenticationRequestId, app: AppId) => requests.noticed(id, app))
  requests.onOwnChange((id, app) => namespace.serverSideEmit('request', id, app))
}
