/** Wires the parts of a chat client, which do not know each other. */
import {
  LIMITS,
  type ServerToVisitorEvents,
  VISITOR_NAMESPACE,
  type VisitorToServerEvents,
} from '@chat-widget/protocol'
import { Belongings, type LoadLogins } from './belongings.ts'
import { type ChatVisitors, createChatVisitors } from './built-in-login/chat-visitors.ts'
import type { ChatClientOptions } from './chat-client-api.ts'
import type { ChatState } from './chat-state.ts'
import { Connection } from './connection/connection.ts'
import { serverAddress } from './connection/server-address.ts'
import { isFile } from './conversation/outgoing-file.ts'
import { createSending, type Sending } from './conversation/sending.ts'
import { PAGE } from './conversation/timeline.ts'
import { sendFile } from './files/load-visitor-file.ts'
import type { LoadSignIn } from './identity/identity-options.ts'
import { Identity } from './identity/run.ts'
import { createRenewingRequests, type RenewingRequest } from './renewing-requests.ts'
import { type ClientStorage, type ClientStoragePorts, createClientStorage } from './storage/client-storage.ts'
import { createStorage } from './storage/create-storage.ts'
import { createLead, type Lead } from './tabs/lead.ts'
import type { LeadPorts } from './tabs/lead-ports.ts'
import { createTabs, type Tabs } from './tabs/tabs.ts'
import { VisitorConversations } from './visitor-conversations.ts'
import { createVisitorSession, type VisitorSession } from './visitor-session.ts'

/** The visitor's connection: by a socket of this tab's own, or by that of the tab that leads ([DL6]). */
type VisitorConnection = Connection<ServerToVisitorEvents, VisitorToServerEvents>

export interface ClientParts {
  readonly options: ChatClientOptions
  readonly isMerging: boolean
  readonly storage: ClientStorage
  readonly tabs: Tabs
  readonly lead: Lead
  readonly connection: VisitorConnection
  readonly identity: Identity
  readonly session: VisitorSession
  readonly visitors: ChatVisitors
  readonly conversations: VisitorConversations
  readonly belongings: Belongings
  readonly sending: Sending
  readonly request: RenewingRequest
  /** As the server told it last. */
  app: ChatState['app']
}

export interface ClientPartsPorts extends ClientStoragePorts {
  /** Connects, and keeps connected. */
  readonly start: () => void
  /** Throws if the client is closed. */
  readonly assertOpen: () => void
  /** Resolves when it is known as whom to connect. */
  readonly prepared: () => Promise<void>
}

export function createClientParts(
  options: ChatClientOptions,
  ports: ClientPartsPorts,
  load: LoadSignIn | undefined,
  loadLogins: LoadLogins,
): ClientParts {
  const { start, changed, prepared } = ports
  const { app, locale, mergePolicy = 'merge', providerTimeoutMs = LIMITS.providerTimeoutMs } = options
  const isMerging = mergePolicy === 'merge'
  const server = serverAddress(options.server)
  const storage = createClientStorage(
    app,
    server,
    options.storage ?? createStorage('persistent', app, server),
    ports,
  )
  const tabs: Tabs = createTabs(`chat-widget:${app}@${server}`, () => lead.joined())
  const lead: Lead = createLead({
    tabs,
    connection: () => connection as ReturnType<LeadPorts['connection']>,
    shown: () => session.shown(),
    peek: () => prepared().then(() => session.peek()),
    visitor: () => {
      const { current: conversation, status } = conversations
      return { identity, conversation, status, app: parts.app }
    },
  })
  const connection: VisitorConnection = new Connection({
    server,
    namespace: VISITOR_NAMESPACE,
    handshake: () => prepared().then(() => session.handshake()),
    query: () => (conversations.current.timeline.cursor > 0 ? {} : { newest: PAGE }),
    tabs: lead,
  })
  const send: VisitorConnection['request'] = (name, payload) => connection.request(name, payload)
  const identity: Identity = new Identity({
    mergePolicy,
    providerTimeoutMs,
    connection,
    start,
    authenticate: (payload) => send('identity:authenticate', payload),
    signOut: (payload) => send('identity:sign-out', payload),
    request: send,
    load,
    anonymousSecret: () => session.known(),
    tabs,
    lead,
    sharesAnonymous: storage.scope !== 'tab',
    adopted() {
      void belongings.takeAlong(identity.owner, mergePolicy).then(changed)
      sending.update()
    },
    async purge(owner, departure) {
      const forgotten = belongings.forget(owner, departure, identity.owner)
      conversations.leave()
      sending.update()
      await Promise.all([session.retire(), forgotten])
    },
    revoked: () => session.drop(),
    departed() {
      void belongings.draft.own(identity.owner)
      sending.update()
    },
  })
  const session = createVisitorSession({ app, locale, server, storage, merges: isMerging, identity })
  const visitors = createChatVisitors({ storage, session, identity })
  const request: RenewingRequest = createRenewingRequests(send, identity)
  const conversations: VisitorConversations = new VisitorConversations({
    request,
    identity,
    connection,
    mergePolicy,
    prepare() {
      ports.assertOpen()
      identity.renewIfDue()
      start()
    },
    storage,
    draft: () => belongings.draft,
    chosen: (conversation) => connection.tell('conversation', conversation),
    delivered(held) {
      // [DL6] The leader tells for all tabs.
      if (!lead.isFollowing) connection.notify('conversation:delivered', held)
    },
  })
  const belongings: Belongings = new Belongings({
    storage,
    send: (entry) => {
      const { conversationId, clientId, body } = entry
      if (isFile(body)) return sendFile(entry as typeof entry & { readonly body: typeof body }, parts)
      return request('message:send', {
        conversationId,
        clientId,
        ...(typeof body === 'string' ? { text: body } : body),
      })
    },
    loginTimeoutMs: options.loginTimeoutMs,
    loadLogins,
    tabs,
    isFollowing: () => lead.isFollowing,
    isLeaving: () => identity.isLeaving,
    changed,
  })
  const { outgoing } = belongings
  const sending = createSending({ connection, identity, conversation: conversations.current, outgoing })
  const parts: ClientParts = {
    ...{ options, isMerging, storage, tabs, lead, connection, identity },
    ...{ session, visitors, conversations, belongings, sending, request, app: null },
  }
  return parts
}
