/** `/visitor`: admits devices, and defines schema, limits and handler of each event. */
import { type AppId, ChatError, type ConversationId, type ErrorCode, LIMITS } from '@chat-widget/protocol'
import {
  authenticateRequest,
  createAuthenticationRequest,
  deliveredRequest,
  emptyRequest,
  fetchMessagesRequest,
  listOwnConversationsRequest,
  ownAuthenticationRequest,
  rateConversationRequest,
  readRequest,
  sendMessageRequest,
  showConversationRequest,
  signOutRequest,
  traceRequest,
  typingRequest,
  uploadRequest,
} from '@chat-widget/protocol/schemas'
import type { z } from 'zod'
import { checkContext } from '../identity/context.ts'
import { createTokenBucket } from '../limits/token-bucket.ts'
import { ownerOf } from '../storage/records.ts'
import { traceGiven } from '../telemetry/trace-given.ts'
import { acceptedLanguage, type Language } from '../text/language.ts'
import type { WorkKind } from './address-limits.ts'
import { admitting } from './handshake.ts'
import { createListener, type Gate, inTurn, type Limit, type ListenerOptions, paced } from './requests.ts'
import type { VisitorNamespace, VisitorSocket } from './socket-server.ts'
import { VisitorConnection } from './visitor-connection.ts'
import type { VisitorAdmission } from './visitor-handshake.ts'
import { createVisitorLogins, type VisitorLogins } from './visitor-logins.ts'
import type { VisitorServices } from './visitor-services.ts'

export function serveVisitors(
  namespace: VisitorNamespace,
  admission: VisitorAdmission,
  services: VisitorServices,
): void {
  namespace.use((socket, next) => {
    const { auth, headers } = socket.handshake
    const admit = async () => {
      const { request } = socket
      socket.data.admitted = await services.addresses.inTurn(
        // The app is not known yet.
        { kind: 'handshake', app: '' as AppId, request },
        () => admission.admit({ auth, origin: headers.origin, request }),
      )
    }
    admitting(admit, next, {
      logger: services.logger,
      refused: (code) => services.telemetry.refusals.count({ event: 'connect', code }),
    })
  })
  namespace.on('connection', (socket) => {
    const { admitted } = socket.data
    if (admitted === undefined) return void socket.disconnect(true)
    // Only the device keeps the token.
    delete socket.data.admitted
    const { appId } = admitted
    // The configuration may have changed while the device was being admitted.
    if (!admission.mayStay(appId, socket.handshake.headers.origin)) return void socket.disconnect(true)
    socket.data.app = appId
    socket.data.release = services.releaseLabel(admitted.release)
    const connection = new VisitorConnection(socket, admitted, services)
    const logins = createVisitorLogins({
      socket,
      app: admitted.app,
      visitor: () => connection.visitorId,
      conversation: () => connection.heldConversation(),
      services,
    })
    socket.once('disconnect', () => {
      connection.close()
      logins.close()
    })
    const language = admitted.language ?? acceptedLanguage(socket.handshake.headers['accept-language'])
    listen(socket, appId, { connection, logins, language }, services)
  })
}

/** Closes connections that would no longer be admitted; on reconnecting, they are told why. */
export function cutRefused(namespace: VisitorNamespace, admission: VisitorAdmission): void {
  for (const { conn, data, handshake } of namespace.sockets.values())
    if (data.app !== undefined && !admission.mayStay(data.app, handshake.headers.origin)) conn.close()
}

interface Device {
  readonly connection: VisitorConnection
  readonly logins: VisitorLogins
  /** The chat's, or the browser's; `undefined`: not known. */
  readonly language: Language | undefined
}

function listen(
  socket: VisitorSocket,
  app: AppId,
  { connection, logins, language }: Device,
  services: VisitorServices,
): void {
  const { addresses, broadcaster, conversations, files, history, logger, now, telemetry, tracker, tuning } =
    services
  if (telemetry.tracing !== null) traceGiven(socket, 'visitor', telemetry.tracing)
  const guard = services.guardOf(socket)
  const any = createTokenBucket(tuning.visitorRate, now).take
  const sends = createTokenBucket(tuning.sendRate, now).take
  const authentications = createTokenBucket(tuning.authenticateRate, now).take
  const uploads = createTokenBucket(tuning.uploadRate, now).take
  const traces = createTokenBucket(tuning.traceRate, now).take
  const asking = createTokenBucket(tuning.chatLoginRate, now).take
  const shared = inTurn(() => addresses.request(connection.visitorId ?? socket.id, socket.request))
  const readings = paced(tuning.readingPace, connection.gone)
  const mayAct = () => void connection.requireSession()
  const leaving = (payload: unknown) => {
    if (signOutRequest.safeParse(payload).success) connection.leave()
  }

  function on<Schema extends z.ZodType, Value>(
    event: string,
    schema: Schema,
    limit: Limit,
    gates: readonly Gate[],
    handle: ListenerOptions<Schema, Value>['handle'],
    kind: WorkKind = 'other',
  ): void {
    // The typed form of `on` promises payloads that have not been validated.
    const untyped = socket as unknown as NodeJS.EventEmitter
    const turn: ListenerOptions<Schema, Value>['handle'] = (request, after) =>
      addresses.inTurn({ kind, app, request: socket.request }, () => handle(request, after))
    const limits = kind === 'reading' ? [limit, shared, readings] : [limit, shared]
    const refused = (code: ErrorCode) => telemetry.refusals.count({ app, event, code })
    const shape = { event, schema, limits, gates, handle: turn }
    untyped.on(event, createListener({ ...shape, guard, tracker, refused, logger }))
  }

  on(
    'identity:authenticate',
    authenticateRequest,
    authentications,
    [contextGate],
    (request, after) => connection.authenticate(request, after),
    'identity',
  )
  on(
    'identity:sign-out',
    signOutRequest,
    any,
    [leaving],
    ({ everywhere }, after) => connection.signOut(everywhere, after),
    'identity',
  )
  // Also accepted from a device that may not act: operators want to know what went wrong.
  on('identity:trace', traceRequest, traces, [], async (request) => {
    await history.tell(() => connection.heldConversation(), request)
    return null
  })
  // Also accepted from a device that may not act: it is how it signs in again.
  on(
    'authentication-request:create',
    createAuthenticationRequest,
    asking,
    [],
    (wish) => logins.create(wish),
    'identity',
  )
  on(
    'authentication-request:follow',
    ownAuthenticationRequest,
    asking,
    [],
    (own) => logins.follow(own),
    'identity',
  )
  on(
    'authentication-request:cancel',
    ownAuthenticationRequest,
    asking,
    [],
    (own) => logins.cancel(own),
    'identity',
  )
  on('conversation:start', emptyRequest, any, [mayAct], () => connection.startConversation())
  on('conversation:show', showConversationRequest, any, [mayAct], ({ conversationId }) =>
    connection.showConversation(conversationId),
  )
  on(
    'conversations:list',
    listOwnConversationsRequest,
    any,
    [mayAct],
    async ({ cursor }) => {
      const { session } = connection.requireSession()
      const query = { owner: ownerOf(session), app: session.app, cursor, limit: LIMITS.ownConversations }
      const page = await services.storage.conversations.listOwn(query)
      addresses.chargeEntries('conversation', page.conversations.length, socket.request)
      return page
    },
    'reading',
  )
  on('conversation:rate', rateConversationRequest, any, [mayAct], async (request) => {
    const { conversationId } = request
    // A conversation without a message cannot be closed.
    if ((await connection.own(conversationId)) === null)
      throw new ChatError('bad-request', 'It is not closed.')
    return conversations.rate(request)
  })
  on('conversation:read', readRequest, any, [mayAct], async ({ conversationId, seq }) => {
    const record = await connection.own(conversationId)
    if (record !== null) await conversations.markRead(conversationId, 'visitor', seq)
    return null
  })
  on('conversation:delivered', deliveredRequest, any, [mayAct], async ({ conversationId, seq }) => {
    // A conversation that is not shown was read from the database, with its owner.
    if (!(await isOwn(connection, conversationId))) return null
    await conversations.markDelivered(conversationId, 'visitor', seq)
    return null
  })
  on(
    'message:send',
    sendMessageRequest,
    sends,
    [mayAct],
    async ({ conversationId, clientId, ...body }) => {
      const sender = await connection.sessionFor(conversationId)
      try {
        return await conversations.sendAsVisitor({
          ...sender,
          conversationId,
          clientId,
          body,
          ...(language !== undefined && { language }),
        })
      } catch (error) {
        if (error instanceof ChatError && error.code === 'conflict') await connection.showBegun()
        throw error
      }
    },
    'message',
  )
  on(
    'messages:fetch',
    fetchMessagesRequest,
    any,
    [mayAct],
    async ({ conversationId, limit, after, before }) => {
      const record = await connection.own(conversationId)
      if (record === null) return { messages: [], headSeq: 0 }
      const { headSeq } = record
      const { messages } = await conversations.messages({
        conversationId,
        limit,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      })
      addresses.chargeEntries('message', messages.length, socket.request)
      // A sign-in in another tab may make the conversation a user's while it is read; later messages are only theirs.
      return { messages: messages.filter(({ seq }) => seq <= headSeq), headSeq }
    },
    'reading',
  )
  on('file:upload', uploadRequest, uploads, [mayAct], (request) => {
    const { session } = connection.requireSession()
    const uploader = ownerOf(session)
    return 'fileId' in request
      ? files.announceAgain(app, uploader, request.fileId)
      : files.announce({ app, uploader, ...request }, addresses.key(socket.request))
  })
  on('typing', typingRequest, any, [mayAct], async ({ conversationId, typing }) => {
    if (!(await isOwn(connection, conversationId))) return null
    broadcaster.typingToAgents(conversationId, typing)
    return null
  })
}

/** Checks the raw payload: the schema library skips keys like `__proto__`, and a context with one is refused. */
function contextGate(payload: unknown): void {
  if (typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'context')) {
    checkContext((payload as { readonly context: unknown }).context)
  }
}

/** False for a conversation without a message. */
async function isOwn(connection: VisitorConnection, conversationId: ConversationId): Promise<boolean> {
  return connection.isCurrent(conversationId) || (await connection.own(conversationId)) !== null
}
