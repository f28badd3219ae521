/** One client from its start to its end, with what is its own: hint for the next page, and login inside the chat. */
import { ChatClient, type ChatClientApi, type ChatState, createStorage } from '@chat-widget/client'
import type { ChatError, LoginRequestId } from '@chat-widget/protocol'
import type { EngineHost, WidgetConfig } from '../engine-contract.ts'
import { writeHint } from '../shell/session-hint.ts'
import type { Words } from './load-strings.ts'
import type { PanelRequest } from './panel-request.ts'
import { LOAD_FAILED } from './problems.ts'
import { type ClientListener, isUnreadKnown, relayClientEvents } from './relay-client-events.ts'
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

/** What a chat looks like before there is a client. */
export const IDLE_STATE: ChatState = {
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
}

export interface RunningClientOptions
  extends Pick<ClientListener, 'userLeft' | 'received' | 'isSeen' | 'settled'> {
  readonly host: EngineHost
  readonly config: WidgetConfig
  readonly loadSignIn: LoadSignIn
  /** There is something new to show. */
  changed(): void
  report(error: Pick<ChatError, 'code' | 'message' | 'cause'>): void
}

/** What the panel asks a client for. */
type ClientRequest = Exclude<PanelRequest, { readonly type: 'close' | 'report-load-failed' }>

export type RunningClient = ReturnType<typeof runClient>

/** Connects after the calls that waited for the client. */
export function runClient({ client, allowStorage }: WidgetClient, options: RunningClientOptions) {
  const { host, config, loadSignIn, changed, report } = options
  let state = client.getState()
  let mayStore = config.storage !== 'on-interaction'
  let hinted: number | null = null
  let signIn: SignIn | 'loading' | null = null
  let tapped: LoginRequestId | null = null
  let loadingOlder = false
  let closed = false

  const forgetHint = () => {
    hinted = null
    writeHint(config, null)
  }

  /** The shell reads this on the next page, before anything is loaded. */
  const hint = () => {
    if (state.identity.status === 'signing-out') return forgetHint()
    if (!mayStore) return
    const waits = client.draft !== '' || state.timeline.items.some(({ kind }) => kind === 'pending')
    const unread = isUnreadKnown(state) ? state.unread : (hinted ?? host.unread)
    if (hinted === unread || !(waits || state.connection.status === 'connected')) return
    hinted = unread
    writeHint(config, { unread })
  }

  /** Most visitors never sign in inside the chat: its code comes when the first one does. */
  const needSignIn = async () => {
    if (signIn !== null || !state.logins.some(isOpenBuiltIn)) return
    signIn = 'loading'
    try {
      const part = await loadSignIn()
      if (closed) return
      signIn = part.createSignIn(client)
      changed()
    } catch {
      if (closed) return
      signIn = null
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

  void needSignIn()
  const stopRelay = relayClientEvents(client, host, {
    ...options,
    failed: report,
    changed(next) {
      if (next.conversation?.id !== state.conversation?.id) host.launcher.announce('')
      state = next
      hint()
      void needSignIn()
      changed()
    },
    unclaimed(requestId) {
      if (!state.app?.login.methods.some((method) => method !== 'host')) return
      tapped = requestId
      client.takeLogin(requestId)
    },
  })
  // What ends the connection is told by the `error` event.
  queueMicrotask(() => {
    if (!closed) client.connect().catch(() => {})
  })

  return {
    client,
    get state() {
      return state
    },
    get loadingOlder() {
      return loadingOlder
    },
    interacted,
    forgetHint,
    /** The sheet of a login inside the chat. */
    signInSheet: (words: Words): HTMLElement | null =>
      signIn === null || signIn === 'loading' ? null : signIn.follow(state, words, tapped),
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
      stopRelay()
      if (signIn !== 'loading') signIn?.close()
      return client.close()
    },
  }
}
