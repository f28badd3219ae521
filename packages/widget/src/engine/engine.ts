/** The engine: joins the client to the panel, and both to the shell. */
import type { ChatClientApi, ChatState, ChatUser } from '@chat-widget/client'
import { ChatError, type ConversationId, type ErrorCode, type LoginRequestId } from '@chat-widget/protocol'
import type { Engine, EngineHost, WidgetConfig } from '../engine-contract.ts'
import { WidgetCloseEvent, WidgetOpenEvent } from '../events.ts'
import { directionOf } from '../shell/locale.ts'
import { writeHint } from '../shell/session-hint.ts'
import type { Overrides } from '../words/overrides.ts'
import { type CreateClient, createWidgetClient } from './create-client.ts'
import type { PanelView } from './elements/chat-panel.ts'
import { authorName } from './elements/message-row.ts'
import { IDLE_STATE } from './idle-state.ts'
import { keepReadable } from './keep-readable.ts'
import { itemText } from './kinds/index.ts'
import { loadAdvice } from './load-advice.ts'
import { ENGLISH_WORDS, loadWords, type Words } from './load-strings.ts'
import { createPageTitle } from './page-title.ts'
import { createPanelFrame, type PanelFrame } from './panel-frame.ts'
import type { PanelRequest } from './panel-request.ts'
import { OTHER_PROBLEM, type ProblemEnd, problemOf } from './problems.ts'
import { isSameConnection, isUnreadKnown, relayClientEvents } from './relay-client-events.ts'
import { sealKeys } from './seal-keys.ts'
import { isOpenBuiltIn, type LoadSignIn, type SignIn } from './sign-in/sign-in-part.ts'

const LOAD_FAILED = { code: 'load-failed', message: 'A part of the chat could not be loaded.' } as const

/** `createClient` and `loadSignIn` are replaced in tests. */
export function createEngine(
  host: EngineHost,
  createClient: CreateClient = createWidgetClient,
  loadSignIn: LoadSignIn = () => import('./sign-in/sign-in.ts'),
): Engine {
  let config: WidgetConfig = host.config
  let client: ChatClientApi | null = null
  /** As the host set it; `undefined` when it never did. */
  let user: ChatUser | null | undefined
  let state: ChatState = IDLE_STATE
  let stopRelay = () => {}
  let allowStorage = () => {}
  let words: Words = ENGLISH_WORDS
  let wordsReady: Promise<void> = Promise.resolve()
  let problem: ErrorCode | null = null
  let loadingOlder = false
  let wanted = false
  let told = false
  let closed = false
  let mayStore = false
  let hinted: number | null = null
  let signIn: SignIn | null = null
  /** The client whose login inside the chat is there, or on its way. */
  let signInFor: ChatClientApi | null = null
  let tapped: LoginRequestId | null = null
  let frame: PanelFrame
  let recolor = () => {}
  /** Resolves when all clients, and engines, before have written down what they held. */
  let stopped: Promise<unknown> = Promise.resolve(host.before)
  const title = createPageTitle()

  const view = (): PanelView => {
    // What ended the connection for good outweighs what may pass.
    const ending = state.connection.status === 'closed' ? state.connection.reason : undefined
    const code = ending ?? problem
    const shown = code === null ? null : (problemOf(code) ?? (ending === undefined ? null : OTHER_PROBLEM))
    // That the device is offline says more.
    const isSaid = state.connection.status === 'offline' && shown?.until === 'connected'
    const isFatal = ending !== undefined || shown?.until === 'never'
    return {
      state,
      problem:
        shown === null || isSaid
          ? null
          : { text: words.strings[shown.sentence], fatal: isFatal && state.timeline.items.length === 0 },
      draft: client?.draft ?? '',
      loadingOlder,
      memoryOnly: client !== null && state.saved === 'memory' && config.storage !== 'none',
      closable: config.mode === 'floating',
      signIn: signIn?.follow(state, words, tapped) ?? null,
    }
  }

  const isSeen = () => frame.displayed && document.visibilityState === 'visible'

  const render = () => {
    if (closed) return
    frame.panel.words = words
    frame.panel.view = view()
    frame.setLabel(state.app?.name ?? words.strings.title)
    title.setCount(config.pageTitle === 'unread' ? state.unread : 0)
    if (state.unread > 0 && isSeen()) client?.markRead()
  }

  const forgetHint = () => {
    hinted = null
    writeHint(config, null)
  }

  /** The shell reads this on the next page, before anything is loaded. */
  const hint = () => {
    if (state.identity.status === 'signing-out') return forgetHint()
    if (!mayStore || client === null) return
    const waits = client.draft !== '' || state.timeline.items.some(({ kind }) => kind === 'pending')
    const unread = isUnreadKnown(state) ? state.unread : (hinted ?? host.unread)
    if (hinted === unread || !(waits || state.connection.status === 'connected')) return
    hinted = unread
    writeHint(config, { unread })
  }

  const report = ({ code, message, cause }: Pick<ChatError, 'code' | 'message' | 'cause'>) => {
    host.element.report(
      { code, message },
      loadAdvice(code, config.server),
      ...(cause === undefined ? [] : [cause]),
    )
    if (problemOf(code) !== null) problem = code
    render()
  }

  const settle = (what: ProblemEnd) => {
    if (problem === null || problemOf(problem)?.until !== what) return
    problem = null
    render()
  }

  /** Most visitors never sign in inside the chat: its code comes when the first one does. */
  const needSignIn = async (mine: ChatClientApi) => {
    if (signInFor === mine || !state.logins.some(isOpenBuiltIn)) return
    signInFor = mine
    try {
      const part = await loadSignIn()
      if (signInFor === mine) signIn = part.createSignIn(mine)
      render()
    } catch {
      if (signInFor !== mine) return
      signInFor = null
      // Offline it comes with the connection; what is under way elsewhere goes on.
      if (state.connection.status !== 'connected') return
      report(LOAD_FAILED)
      for (const { requestId } of state.logins.filter(isOpenBuiltIn)) mine.failLogin(requestId, '')
    }
  }

  const startClient = () => {
    if (config.app === '') {
      problem = 'app-missing'
      return
    }
    problem = null
    const made = createClient(config, stopped)
    const mine = made.client
    client = mine
    allowStorage = made.allowStorage
    mayStore = config.storage !== 'on-interaction'
    hinted = null
    state = mine.getState()
    void needSignIn(mine)
    stopRelay = relayClientEvents(mine, host, {
      changed(next) {
        if (next.conversation?.id !== state.conversation?.id) host.launcher.announce('')
        state = next
        hint()
        void needSignIn(mine)
        render()
      },
      failed: report,
      userLeft() {
        user = null
        host.userLeft()
      },
      received(message) {
        // An open panel announces what its list shows.
        if (frame.visible) return
        const item = { kind: 'stored', message, delivery: null } as const
        host.launcher.announce(
          `${authorName(message.author, words.strings)}: ${itemText(item, words.strings)}`,
        )
      },
      isSeen,
      settled: settle,
      unclaimed(requestId) {
        if (!state.app?.login.methods.some((method) => method !== 'host')) return
        tapped = requestId
        mine.takeLogin(requestId)
      },
    })
    if (user !== undefined) mine.user = user
    // After the calls that waited for it. What ends the connection is told by the `error` event.
    queueMicrotask(() => {
      if (client === mine) mine.connect().catch(() => {})
    })
  }

  const stopClient = async () => {
    host.launcher.announce('')
    stopRelay()
    stopRelay = () => {}
    signIn?.close()
    signIn = signInFor = null
    const before = client
    client = null
    state = IDLE_STATE
    stopped = Promise.all([stopped, before?.close()])
    await stopped
  }

  const needClient = (): ChatClientApi => {
    if (client !== null) return client
    throw new ChatError(closed ? 'closed' : 'app-missing', 'There is no chat to talk to.')
  }

  /** The visitor did something: from now on, what they do may be stored. */
  const interacted = () => {
    allowStorage()
    allowStorage = () => {}
    mayStore = true
    hint()
  }

  const loadOlder = async (from: ChatClientApi) => {
    if (loadingOlder) return
    loadingOlder = true
    render()
    try {
      await from.loadOlder()
    } catch {
      // The connection's own state says why; scrolling asks again.
    }
    loadingOlder = false
    render()
  }

  const answer = (request: PanelRequest) => {
    if (request.type === 'close') return host.element.hide()
    if (request.type === 'report-load-failed') return report(LOAD_FAILED)
    if (client === null) return
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
        return render()
      case 'typing':
        return client.setTyping(request.typing)
      case 'retry':
        return client.retry(request.clientId)
      case 'discard':
        client.discard(request.clientId).catch(() => {})
        return
      case 'load-older':
        void loadOlder(client)
        return
      case 'new-conversation':
        client.newConversation().catch(() => {})
        return frame.panel.focus()
      case 'show-conversation':
        client.showConversation(request.id).catch(() => {})
        return frame.panel.focus()
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
  }

  const mountFrame = () => {
    frame = createPanelFrame(host.root, config.mode, {
      close: () => host.element.hide(),
      focusLauncher: () => host.launcher.focus(),
      displayedChanged: () => render(),
    })
    recolor = keepReadable(frame.element)
    frame.element.addEventListener('chat-request', (event) => {
      event.stopPropagation()
      answer(event.detail)
    })
  }

  const dress = () => {
    frame.element.dir = config.direction
    frame.element.lang = words.locale
    // Words that are English are read from the left, also on a page that is not.
    frame.panel.dir = directionOf(words.locale)
    frame.element.toggleAttribute('data-dark', config.dark)
    recolor()
  }

  const speak = () => {
    const { locale, strings } = config
    const malformed = (message: string) => report({ code: 'strings-malformed', message })
    wordsReady = loadWords(locale, strings as Overrides, malformed).then((loaded) => {
      if (closed || locale !== config.locale || strings !== config.strings) return
      words = loaded
      host.launcher.setLabels(words.strings)
      dress()
      render()
    })
  }

  const onVisible = () => render()

  mountFrame()
  const unseal = sealKeys({
    root: host.root,
    launcher: host.launcher.frame,
    close() {
      if (!wanted) return false
      host.element.hide()
      return true
    },
  })
  document.addEventListener('visibilitychange', onVisible)
  startClient()
  speak()
  dress()
  render()

  return {
    configure(next) {
      const before = config
      config = next
      if (before.mode !== next.mode) {
        frame?.remove()
        mountFrame()
      }
      if (before.locale !== next.locale || before.strings !== next.strings) speak()
      if (!isSameConnection(before, next)) {
        void stopClient()
        startClient()
      }
      dress()
      render()
    },
    setUser(next: ChatUser | null) {
      user = next
      if (problem === 'user-malformed') problem = null
      if (client !== null) client.user = next
      render()
    },
    async show(options) {
      wanted = true
      // Words that are on their way must not change under the visitor's eyes.
      await wordsReady
      // The visitor may have closed it before they came.
      if (closed || !wanted) return
      if (options.focus) interacted()
      await frame.show(options)
      // While it was hidden, a change of the page's CSS went unnoticed.
      recolor()
      host.launcher.announce('')
      render()
      if (!wanted || told || closed) return
      told = true
      host.element.dispatchEvent(new WidgetOpenEvent())
    },
    hide() {
      wanted = false
      frame.hide()
      if (!told) return
      told = false
      host.element.dispatchEvent(new WidgetCloseEvent())
    },
    send: async (text) => needClient().send(text),
    newConversation: async () => needClient().newConversation(),
    showConversation: async (id) => needClient().showConversation(id as ConversationId),
    async logout(options) {
      if (client === null) return
      await client.logout(options)
      forgetHint()
    },
    cancelLogin: (requestId) => client?.cancelLogin(requestId as LoginRequestId),
    failLogin: (requestId, reason) => client?.failLogin(requestId as LoginRequestId, reason),
    getState() {
      const { connection, identity, conversation, conversations, unread } = client?.getState() ?? state
      return { connection, identity, conversation, conversations, unread }
    },
    trace: () => client?.trace() ?? [],
    showProblem(code) {
      problem = code
      render()
    },
    async close() {
      if (closed) return
      closed = true
      title.setCount(0)
      unseal()
      document.removeEventListener('visibilitychange', onVisible)
      frame.remove()
      await stopClient()
    },
  }
}
