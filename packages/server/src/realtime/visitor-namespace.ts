/** `/visitor`: admits devices, and defines schema, limits and handler of each event. */
import { type AppId, ChatError, type ConversationId, LIMITS } from '@chat-widget/protocol'
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
import { ownerOf } from '../storage/records.ts'
import { traceGiven } from '../telemetry/trace-given.ts'
import { acceptedLanguage } from '../text/language.ts'
import type { WorkKind } from './address-limits.ts'
import { guardOf } from './connection-guard.ts'
import { admitting } from './handshake.ts'
import { createIdentityNotes } from './identity-notes.ts'
import {
  createRequests,
  type Gate,
  type Limit,
  type RequestOptions,
  type Requests,
  type RequestsOptions,
} from './requests.ts'
import type { VisitorNamespace } from './socket-server.ts'
import { VisitorConnection } from './visitor-connection.ts'
import { rated, VisitorDevice } from './visitor-device.ts'
import type { VisitorAdmission } from './visitor-handshake.ts'
import type { VisitorServices } from './visitor-services.ts'

export function serveVisitors(
  namespace: VisitorNamespace,
  admission: VisitorAdmission,
  services: VisitorServices,
): void {
  const requests = visitorRequests(services)
  const notes = createIdentityNotes(services)
  namespace.use((socket, next) => {
    const { auth, headers, query } = socket.handshake
    const admit = async () => {
      const { request } = socket
      socket.data.admitted = await services.addresses.inTurn(
        // The app is not known yet.
        { kind: 'handshake', app: '' as AppId, request },
        () => admission.admit({ auth, newest: query['newest'], origin: headers.origin, request }),
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
    const connection = new VisitorConnection(socket, admitted, notes, services)
    const language = admitted.language ?? acceptedLanguage(socket.handshake.headers['accept-language'])
    const device = new VisitorDevice({
      ...{ socket, config: admitted.app, app: appId, connection, language, services },
    })
    socket.on('disconnect', () => device.close())
    if (services.telemetry.tracing !== null) traceGiven(socket, 'visitor', services.telemetry.tracing)
    requests.serve(socket, device, guardOf(socket))
  })
}

/** Closes connections that would no longer be admitted; on reconnecting, they are told why. */
export function cutRefused(namespace: VisitorNamespace, admission: VisitorAdmission): void {
  for (const { conn, data, handshake } of namespace.sockets.values())
    if (data.app !== undefined && !admission.mayStay(data.app, handshake.headers.origin)) conn.close()
}

type Handle<Schema extends z.ZodType, Value> = RequestOptions<VisitorDevice, Schema, Value>['handle']

/** Most events of a device count together; some have a rate of their own. */
const any = rated('visitorRate')
const asking = rated('chatLoginRate')
const shared = (device: VisitorDevice) => device.takeShared()
const reading = (device: VisitorDevice) => device.takeReading()

function visitorRequests(services: VisitorServices): Requests<VisitorDevice> {
  const { addresses, broadcaster, conversations, files, history, telemetry } = services
  const refused: RequestsOptions<VisitorDevice>['refused'] = (event, code, { app }) =>
    telemetry.refusals.count({ app, event, code })
  const requests = createRequests<VisitorDevice>({ ...services, refused })

  function on<Schema extends z.ZodType, Value>(
    event: string,
    schema: Schema,
    limit: Limit<VisitorDevice>,
    gates: readonly Gate<VisitorDevice>[],
    handle: Handle<Schema, Value>,
    kind: WorkKind = 'other',
  ): void {
    const turn: Handle<Schema, Value> = (device, request, after) =>
      addresses.inTurn({ kind, app: device.app, request: device.request }, () =>
        handle(device, request, after),
      )
    const limits = kind === 'reading' ? [limit, shared, reading] : [limit, shared]
    requests.on(event, { schema, limits, gates, handle: turn })
  }

  on(
    'identity:authenticate',
    authenticateRequest,
    rated('authenticateRate'),
    [contextGate],
    ({ connection }, request, after) => connection.authenticate(request, after),
    'identity',
  )
  on(
    'identity:sign-out',
    signOutRequest,
    any,
    [leaving],
    ({ connection }, { everywhere }, after) => connection.signOut(everywhere, after),
    'identity',
  )
  // Also accepted from a device that may not act: operators want to know what went wrong.
  on('identity:trace', traceRequest, rated('traceRate'), [], async ({ connection }, request) => {
    await history.tell(() => connection.heldConversation(), request)
    return null
  })
  // Also accepted from a device that may not act: it is how it signs in again.
  on(
    'authentication-request:create',
    createAuthenticationRequest,
    asking,
    [],
    ({ logins }, wish) => logins.create(wish),
    'identity',
  )
  on(
    'authentication-request:follow',
    ownAuthenticationRequest,
    asking,
    [],
    ({ logins }, own) => logins.follow(own),
    'identity',
  )
  on(
    'authentication-request:cancel',
    ownAuthenticationRequest,
    asking,
    [],
    ({ logins }, own) => logins.cancel(own),
    'identity',
  )
  on('conversation:start', emptyRequest, any, [mayAct], ({ connection }) => connection.startConversation())
  on('conversation:show', showConversationRequest, any, [mayAct], ({ connection }, { conversationId }) =>
    connection.showConversation(conversationId),
  )
  on(
    'conversations:list',
    listOwnConversationsRequest,
    any,
    [mayAct],
    async ({ connection, request }, { cursor }) => {
      const { session } = connection.requireSession()
      const query = { owner: ownerOf(session), app: session.app, cursor, limit: LIMITS.ownConversations }
      const page = await services.storage.conversations.listOwn(query)
      addresses.chargeEntries('conversation', page.conversations.length, request)
      return page
    },
    'reading',
  )
  on('conversation:rate', rateConversationRequest, any, [mayAct], async ({ connection }, request) => {
    const { conversationId } = request
    // A conversation without a message cannot be closed.
    if ((await connection.own(conversationId)) === null)
      throw new ChatError('bad-request', 'It is not closed.')
    return conversations.rate(request)
  })
  on('conversation:read', readRequest, any, [mayAct], async ({ connection }, { conversationId, seq }) => {
    const record = await connection.own(conversationId)
    if (record !== null) await conversations.markRead(conversationId, 'visitor', seq)
    return null
  })
  on(
    'conversation:delivered',
    deliveredRequest,
    any,
    [mayAct],
    async ({ connection }, { conversationId, seq }) => {
      // A conversation that is not shown was read from the database, with its owner.
      if (!(await isOwn(connection, conversationId))) return null
      await conversations.markDelivered(conversationId, 'visitor', seq)
      return null
    },
  )
  on(
    'message:send',
    sendMessageRequest,
    rated('sendRate'),
    [mayAct],
    async ({ connection, language }, { conversationId, clientId, ...body }) => {
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
    async ({ connection, request }, { conversationId, limit, after, before }) => {
      const record = await connection.own(conversationId)
      if (record === null) return { messages: [], headSeq: 0 }
      const { headSeq } = record
      const { messages } = await conversations.messages({
        conversationId,
        limit,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
      })
      addresses.chargeEntries('message', messages.length, request)
      // A sign-in in another tab may make the conversation a user's while it is read; later messages are only theirs.
      return { messages: messages.filter(({ seq }) => seq <= headSeq), headSeq }
    },
    'reading',
  )
  on('file:upload', uploadRequest, rated('uploadRate'), [mayAct], (device, request) => {
    const { app, connection } = device
    const { session } = connection.requireSession()
    const uploader = ownerOf(session)
    return 'fileId' in request
      ? files.announceAgain(app, uploader, request.fileId)
      : files.announce({ app, uploader, ...request }, addresses.key(device.request))
  })
  on('typing', typingRequest, any, [mayAct], async ({ connection }, { conversationId, typing }) => {
    if (!(await isOwn(connection, conversationId))) return null
    broadcaster.typingToAgents(conversationId, typing)
    return null
  })
  return requests
}

function mayAct({ connection }: VisitorDevice): void {
  connection.requireSession()
}

function leaving({ connection }: VisitorDevice, payload: unknown): void {
  if (signOutRequest.safeParse(payload).success) connection.leave()
}

/** Checks the raw payload: the schema library skips keys like `__proto__`, and a context with one is refused. */
function contextGate(_device: VisitorDevice, payload: unknown): void {
  if (typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'context')) {
    checkContext((payload as { readonly context: unknown }).context)
  }
}

/** False for a conversation without a message. */
async function isOwn(connection: VisitorConnection, conversationId: ConversationId): Promise<boolean> {
  return connection.isCurrent(conversationId) || (await connection.own(conversationId)) !== null
}
