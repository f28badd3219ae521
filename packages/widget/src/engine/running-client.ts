/** One client from its start to its end, with what is its own: hint for the next page, and login inside the chat. */
import { ChatClient, type ChatClientApi, type ChatState, createStorage } from '@chat-widget/client'
import type { ChatError, LoginRequestId, Message } from '@chat-widget/protocol'
import type { EngineHost, WidgetConfig } from '../engine-contract.ts'
import {
  ConnectionChangeEvent,
  IdentityChangeEvent,
  LoginButtonEvent,
  MessageReceivedEvent,
  MessageSentEvent,
  UnreadChangeEvent,
} from '../events.ts'
import { writeHint } from '../shell/session-hint.ts'
import type { PanelView } from './elements/chat-panel.ts'
import type { Words } from './load-strings.ts'
import type { PanelRequest } from './panel-request.ts'
import { LOAD_FAILED, type ProblemEnd } from './problems.ts'
import { isOpenBuiltIn, type LoadSignIn, type SignIn } from './sign-in/sign-in-part.ts'

interface WidgetClient {
  readonly client: ChatClientApi
  /** The visitor acted: `on-interaction` may store from now on. */
  allowStorage(): void
}

/** `after`: when the client before has written down what it held. */
export type CreateClient = (config: WidgetConfig, after: Promise<unknown>) => WidgetClient

export const createWidgetClient: CreateClient = ({ app, server, mergePolicy, storage: mode }, after) => {
  const storage = createStorage(mode, app, server)
  return {
    client: new ChatClient({ app, server, mergePolicy, storage, after }),
    allowStorage: () => storage.activate?.(),
  }
}

type ClientView = Omit<PanelView, 'problem' | 'closable'>

/** What the panel shows of a chat before there is a client. */
export const IDLE_VIEW: ClientView = {
  state: {
    connection: { status: 'closed' },
    identity: { status: 'anonymous' },
    conversation: null,
    unread: 0,
    conversations: [],
    timeline: { items: [], hasOlder: false, status: 'empty' },
    typing: null,
    logins: [],
    app: null,
    saved: 'persistent',
  },
  draft: '',
  loadingOlder: false,
  memoryOnly: false,
  signIn: null,
}

export interface RunningClientOptions {
  readonly host: EngineHost
  readonly config: WidgetConfig
  readonly loadSignIn: LoadSignIn
  /** There is something new to show. */
  changed(): void
  report(error: Pick<ChatError, 'code' | 'message' | 'cause'>): void
  /** Something a problem was waiting for came about. */
  settled(what: ProblemEnd): void
  /** There is no user, or no longer. */
  userLeft(): void
  /** Somebody else wrote. */
  received(message: Message): void
  /** Whether the visitor sees what arrives: then it never counts as unread. */
  isSeen(): boolean
}

/** Whether `unread` counts what the server has, and not what has come so far. */
const isUnreadKnown = ({ connection, identity, conversation, timeline }: ChatState): boolean =>
  connection.status === 'connected' &&
  (identity.status === 'anonymous' || identity.status === 'identified') &&
  (conversation === null || timeline.status === 'loaded')

/** What the panel asks a client for. */
type ClientRequest = Exclude<PanelRequest, { readonly type: 'close' | 'report-load-failed' }>

export type RunningClient = ReturnType<typeof runClient>

/** Connects after the calls that waited for the client. */
export function runClient({ client, allowStorage }: WidgetClient, options: RunningClientOptions) {
  const { host, config, loadSignIn, changed, report, settled, isSeen } = options
  const { element } = host
  let state = client.getState()
  let mayStore = config.storage !== 'on-interaction'
  /** As it was told last; `undefined`: nothing was. */
  let hinted: number | null | undefined
  let signIn: SignIn | null = null
  let hasAskedForSignIn = false
  let tapped: LoginRequestId | null = null
  let loadingOlder = false
  let closed = false

  const forgetHint = () => {
    hinted = undefined
    writeHint(config, null)
  }

  /** The shell reads this on the next page, before anything is loaded. */
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
    writeHint(config, unread === null ? '' : `${unread}`)
  }

  /** Most visitors never sign in inside the chat: its code comes when the first one does. */
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
      // Offline it comes with the connection; what is under way elsewhere goes on.
      if (state.connection.status !== 'connected') return
      report(LOAD_FAILED)
      for (const { requestId } of state.logins.filter(isOpenBuiltIn)) client.failLogin(requestId, '')
    }
  }

  /** The visitor did something: from now on, what they do may be stored. */
  const interacted = () => {
    if (!mayStore) allowStorage()
    mayStore = true
    hint()
  }

  const loadOlder = async () => {
    if (loadingOlder) return
    loadingOlder = true
    changed()
    try {
      await client.loadOlder()
    } catch {
      // The connection's own state says why; scrolling asks again.
    }
    loadingOlder = false
    changed()
  }

  const tellUnread = (count: number) => {
    if (count === host.unread) return
    host.setUnread(count)
    element.dispatchEvent(new UnreadChangeEvent({ count }))
  }

  void needSignIn()
  // To the shell and the page, in the shape that the public events promise.
  const subscriptions = [
    client.on('change', (next) => {
      // The launcher shows what the last page knew until the server has said what is unread by now.
      if (isUnreadKnown(next)) tellUnread(next.unread)
      if (next.conversation?.id !== state.conversation?.id) host.launcher.announce('')
      state = next
      hint()
      void needSignIn()
      changed()
    }),
    client.on('error', report),
    client.on('connection-change', (connection) => {
      const { status } = connection
      const reason = status === 'closed' ? connection.reason : undefined
      element.dispatchEvent(
        new ConnectionChangeEvent({ status, ...(reason === undefined ? {} : { reason }) }),
      )
      if (status === 'connected') settled('connected')
    }),
    client.on('identity-change', (detail) => {
      // Another tab, or "Continue as guest", may have ended what the host has set.
      if (client.user === null) options.userLeft()
      element.dispatchEvent(new IdentityChangeEvent(detail))
      const { status } = detail.identity
      if (status === 'identified' || status === 'anonymous') settled('identity')
    }),
    client.on('message-sent', (message) => {
      element.dispatchEvent(new MessageSentEvent({ message }))
      settled('sent')
    }),
    client.on('message-received', (message) => {
      options.received(message)
      element.dispatchEvent(new MessageReceivedEvent({ message }))
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
  // What ends the connection is told by the `error` event.
  queueMicrotask(() => {
    if (!closed) client.connect().catch(() => {})
  })

  return {
    client,
    interacted,
    forgetHint,
    /** Its part of what the panel shows. */
    view: (words: Words): ClientView => ({
      state,
      draft: client.draft,
      loadingOlder,
      memoryOnly: state.saved === 'memory' && config.storage !== 'none',
      signIn: signIn?.follow(state, words, tapped) ?? null,
    }),
    answer(request: ClientRequest) {
      interacted()
      switch (request.type) {
        case 'send':
          // A message that failed says so in its row.
          client.send(request.text).catch(() => {})
          return
        case 'draft':
          client.draft = request.text
          hint()
          // Whoever went on writing keeps the focus when the sheet comes late.
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
        case 'show-conversation':
          client.showConversation(request.id).catch(() => {})
          return
        case 'login':
          client.requestLogin({ reason: request.reason, messageId: request.messageId })
          return
        case 'cancel-login':
          return client.cancelLogin(request.requestId)
        case 'continue-as-guest':
          // Whoever it is: the host's user, or one whom the chat itself signed in.
          client.logout().catch(() => {})
          return
        default:
          return request satisfies never
      }
    },
    /** Resolves when the client has written down what it held. */
    close(): Promise<void> {
      closed = true
      host.launcher.announce('')
      for (const unsubscribe of subscriptions) unsubscribe()
      signIn?.close()
      return client.close()
    },
  }
}
