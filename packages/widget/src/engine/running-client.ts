/** One client from start to end, with its own parts: the hint for the next page, and the login inside the chat. */
import {
  type ChatClientApi,
  type ChatState,
  createStorage,
  INITIAL_STATE,
  type TimelineItem,
} from '@chat-widget/client'
import { attempt } from '@chat-widget/client/browser'
import { CheckedUserClient } from '@chat-widget/client/parts'
import type { ChatError, LoginRequestId } from '@chat-widget/protocol'
import type { EngineHost, WidgetConfig } from '../engine-contract.ts'
import {
  AgentJoinedEvent,
  ConnectionChangeEvent,
  ConversationEndEvent,
  IdentityChangeEvent,
  LoginButtonEvent,
  MessageReceivedEvent,
  MessageSentEvent,
  UnreadChangeEvent,
} from '../events.ts'
import { areaOf, emojiKeyOf } from './attention/stored-choices.ts'
import type { PanelView } from './elements/panel-view.ts'
import type { Words } from './load-strings.ts'
import type { PanelRequest } from './panel-request.ts'
import { LOAD_FAILED, type ProblemEnd } from './problems.ts'
import { isOpenBuiltIn, type LoadSignIn, type SignIn } from './sign-in/sign-in-part.ts'
import { arrivals, isFailed } from './timeline-rows.ts'

/** `after`: resolves when the client before has stored its data. */
export type CreateClient = (config: WidgetConfig, after: Promise<unknown>) => ChatClientApi

export const createWidgetClient: CreateClient = (
  { app, server, locale, mergePolicy, storage: mode },
  after,
) =>
  new CheckedUserClient(
    { app, server, locale, mergePolicy, storage: createStorage(mode, app, server), after },
    () => import('@chat-widget/client/login-requests'),
  )

type ClientView = Omit<PanelView, 'problem' | 'closable' | 'hasChosen' | 'canChoose' | 'isHome'>

/** Content of the panel before there is a client. */
export const IDLE_VIEW: ClientView = {
  state: INITIAL_STATE,
  draft: '',
  loadingOlder: false,
  memoryOnly: false,
  signIn: null,
}

export interface RunningClientOptions {
  readonly host: EngineHost
  readonly config: WidgetConfig
  readonly loadSignIn: LoadSignIn
  /** Called when there is something new to show. */
  changed(): void
  report(error: Pick<ChatError, 'code' | 'message' | 'cause'>): void
  /** Called when an event occurred that ends a problem. */
  problemEnded(what: ProblemEnd): void
  /** Called when there is no user, or no longer. */
  userLeft(): void
  /** Called with a message of the other side, and with one of the visitor's that could not be sent. */
  happened(item: TimelineItem): void
  /** True if the visitor sees arriving messages: then they never count as unread. */
  isSeen(): boolean
}

/** True if `unread` is the server's count instead of the messages received so far. */
const isUnreadKnown = ({ connection, identity, conversation, timeline }: ChatState): boolean =>
  connection.status === 'connected' &&
  (identity.status === 'anonymous' || identity.status === 'identified') &&
  (conversation === null || timeline.status === 'loaded')

/** Requests of the panel to a client. */
type ClientRequest = Exclude<
  PanelRequest,
  { readonly type: 'attach' | 'close' | 'conversations' | 'report-load-failed' }
>

export type RunningClient = ReturnType<typeof runClient>

/** Connects after the calls that waited for the client. */
export function runClient(client: ChatClientApi, options: RunningClientOptions) {
  const { host, config, loadSignIn, changed, report, problemEnded, isSeen } = options
  const { element } = host
  let state = client.getState()
  let mayStore = config.storage !== 'on-interaction'
  /** The last hint that was given; `undefined`: none. */
  let hinted: number | null | undefined
  let signIn: SignIn | null = null
  let hasAskedForSignIn = false
  let tapped: LoginRequestId | null = null
  let loadingOlder = false
  let closed = false

  const forgetHint = () => {
    hinted = undefined
    host.writeHint(config, null)
    attempt(() => areaOf(config)?.removeItem(emojiKeyOf(config)))
  }

  /** Stores the hint, which the shell reads on the next page before it loads anything. */
  const hint = () => {
    if (state.identity.status === 'signing-out') return forgetHint()
    if (!mayStore) return
    const isKnown = isUnreadKnown(state)
    const isThere =
      client.draft !== '' ||
      state.timeline.items.length > 0 ||
      state.conversations.length > 0 ||
      state.logins.some((login) => login.state.status === 'requested')
    const before = hinted ?? host.unread
    const unread = isThere ? (isKnown ? state.unread : before) : null
    if (hinted === unread || !(isThere || isKnown)) return
    hinted = unread
    host.writeHint(config, unread === null ? '' : `${unread}`)
  }

  /** Loads the login inside the chat with the first one, as most visitors never use it. */
  const needSignIn = async () => {
    if (hasAskedForSignIn || !state.logins.some(isOpenBuiltIn)) return
    hasAskedForSignIn = true
    try {
      const part = await loadSignIn()
      if (closed) return
      signIn = part.createSignIn(client)
      changed()
    } catch {
      if (closed) return
      hasAskedForSignIn = false
      // Offline it comes with the connection; a login under way in another tab goes on.
      if (state.connection.status !== 'connected') return
      report(LOAD_FAILED)
      for (const { requestId } of state.logins.filter(isOpenBuiltIn)) client.failLogin(requestId, '')
    }
  }

  /** Called when the visitor acted: from now on, data may be stored. */
  const interacted = () => {
    mayStore = true
    client.allowStorage()
    hint()
  }

  const loadOlder = async () => {
    if (loadingOlder) return
    loadingOlder = true
    changed()
    try {
      await client.loadOlder()
    } catch {
      // The connection's state shows the reason; scrolling asks again.
    }
    loadingOlder = false
    changed()
  }

  const tellUnread = (count: number) => {
    if (count === host.unread) return
    host.setUnread(count)
    element.dispatchEvent(new UnreadChangeEvent({ count }))
  }

  /** [CV7] Of a conversation that was closed before this device knew of it, the page hears nothing. */
  const tellEnded = ({ conversations }: ChatState) => {
    for (const { id, status } of conversations)
      if (status === 'closed' && state.conversations.some((one) => one.id === id && one.status === 'open'))
        element.dispatchEvent(new ConversationEndEvent({ conversationId: id }))
  }

  void needSignIn()
  // Forwards events to the shell and the page, as the public API defines them.
  const subscriptions = [
    client.on('change', (next) => {
      // The launcher shows the last page's count until the server has sent the present one.
      if (isUnreadKnown(next)) tellUnread(next.unread)
      if (next.conversation?.id !== state.conversation?.id) host.launcher.announce('')
      tellEnded(next)
      arrivals(state.timeline, next.timeline).filter(isFailed).forEach(options.happened)
      state = next
      hint()
      void needSignIn()
      changed()
    }),
    client.on('error', report),
    client.on('connection-change', (connection) => {
      const { status } = connection
      element.dispatchEvent(new ConnectionChangeEvent(status === 'closed' ? { ...connection } : { status }))
      if (status === 'connected') problemEnded('connected')
    }),
    client.on('identity-change', (detail) => {
      // Another tab, or "Continue as guest", may have removed the host's user.
      if (client.user === null) options.userLeft()
      element.dispatchEvent(new IdentityChangeEvent(detail))
      const { identity } = detail
      const { status } = identity
      if (status === 'identified' || status === 'anonymous') problemEnded('identity')
      // [PD2] What it counted may be gone.
      if ('code' in identity && identity.code === 'session-invalid') tellUnread(0)
    }),
    client.on('message-sent', (message) => {
      element.dispatchEvent(new MessageSentEvent({ message }))
      problemEnded('sent')
    }),
    client.on('message-received', (message) => {
      options.happened({ kind: 'stored', message, delivery: null })
      element.dispatchEvent(new MessageReceivedEvent({ message }))
      const { conversationId } = message
      if (message.kind === 'event' && message.event.type === 'joined')
        element.dispatchEvent(new AgentJoinedEvent({ conversationId, agent: message.event.agent }))
    }),
    client.on('unread-change', (count) => {
      if (count > 0 && isSeen()) return client.markRead()
      tellUnread(count)
    }),
    client.on('login-request', ({ requestId, reason, conversationId, messageId }) => {
      const detail = { requestId, reason, conversationId, messageId }
      const isLeft = element.dispatchEvent(new LoginButtonEvent(detail))
      const { delegate } = element
      if (delegate?.didTapUserLoginButton !== undefined) return delegate.didTapUserLoginButton(detail)
      // [ID15] The host left the visitor's tap to the chat.
      if (!isLeft || !state.app?.login.methods.some((method) => method !== 'host')) return
      tapped = requestId
      client.takeLogin(requestId)
    }),
  ]
  // The `error` event reports the end of the connection.
  queueMicrotask(() => {
    if (!closed) client.connect().catch(() => {})
  })

  return {
    client,
    interacted,
    forgetHint,
    /** The client's part of the panel's content. */
    view: (words: Words): ClientView => ({
      state,
      draft: client.draft,
      loadingOlder,
      memoryOnly: state.saved === 'memory' && config.storage !== 'none',
      signIn: signIn?.follow(state, words, tapped) ?? null,
    }),
    answer(request: ClientRequest) {
      if (request.type !== 'read') interacted()
      switch (request.type) {
        case 'send':
          // A failed message shows it in its row.
          client.send(request.message).catch(() => {})
          return
        case 'draft':
          client.draft = request.text
          hint()
          // A visitor who goes on writing keeps the focus when the sheet appears late.
          tapped = null
          return changed()
        case 'typing':
          return client.setTyping(request.typing)
        case 'retry':
          return client.retry(request.clientId)
        case 'discard':
          client.discard(request.clientId).catch(() => {})
          return
        case 'load-older':
          void loadOlder()
          return
        case 'new-conversation':
          client.newConversation().catch(() => {})
          return
        case 'read':
        case 'use':
          return request.use(client)
        case 'login':
          client.parts.belongings.useLogins(request.code)
          client.requestLogin({ reason: request.reason, messageId: request.messageId })
          return
        case 'cancel-login':
          return client.cancelLogin(request.requestId)
        case 'continue-as-guest':
          // Signs out either user: the host's, or one whom the chat itself signed in.
          client.logout().catch(() => {})
          return
        default:
          return request satisfies never
      }
    },
    /** Resolves when the client has stored its data. */
    close(): Promise<void> {
      closed = true
      host.launcher.announce('')
      for (const unsubscribe of subscriptions) unsubscribe()
      signIn?.close()
      return client.close()
    },
  }
}
