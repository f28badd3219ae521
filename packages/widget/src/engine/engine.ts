/** The engine: connects the client to the panel, and both to the shell. */
import type { ChatUser } from '@chat-widget/client'
import { copyOf } from '@chat-widget/client/browser'
import { ChatError, type ConversationId, type ErrorCode, type LoginRequestId } from '@chat-widget/protocol'
import type { Engine, EngineHost, WidgetConfig } from '../engine-contract.ts'
import { WidgetCloseEvent, WidgetOpenEvent } from '../events.ts'
import type { Overrides } from '../words/overrides.ts'
import type { AttachRequest } from './attachments/index.ts'
import type { Attention } from './attention/attention.ts'
import { storedChoices } from './attention/stored-choices.ts'
import { tools } from './conversations/tools-part.ts'
import { spokenText } from './elements/message-row.ts'
import { litPart, withLit } from './lit.ts'
import { loadAdvice } from './load-advice.ts'
import { ENGLISH_WORDS, loadWords, type Words } from './load-strings.ts'
import { createPanelFrame } from './panel-frame.ts'
import type { PanelRequest } from './panel-request.ts'
import { LOAD_FAILED, problemOf, problemShown } from './problems.ts'
import {
  type CreateClient,
  createWidgetClient,
  IDLE_VIEW,
  type RunningClient,
  runClient,
} from './running-client.ts'
import { sealKeys } from './seal-keys.ts'
import type { LoadSignIn } from './sign-in/sign-in-part.ts'

/** Loaded with the first unread message. */
const attentionPart = litPart(() => import('./attention/attention.ts'))

/** True if the same client can go on after a change of attributes. */
const isSameConnection = (a: WidgetConfig, b: WidgetConfig) =>
  a.app === b.app && a.server === b.server && a.mergePolicy === b.mergePolicy && a.storage === b.storage

/** `createClient` and `loadSignIn` are replaced in tests. */
export function createEngine(
  host: EngineHost,
  createClient: CreateClient = createWidgetClient,
  loadSignIn: LoadSignIn = () => withLit(() => import('./sign-in/login-in-chat.ts')),
): Engine {
  let config: WidgetConfig = host.config
  /** The user that the host set; `undefined` if it never did. */
  let user: ChatUser | null | undefined
  /** `null` without an app, and once closed. */
  let running: RunningClient | null = null
  /** Resolves when all earlier clients and engines have stored their data. */
  let stopped: Promise<unknown> = Promise.resolve(host.before)
  let words: Words = ENGLISH_WORDS
  let wordsReady: Promise<void> = Promise.resolve()
  let problem: ErrorCode | null = null
  /** `opening` until `widget-open` was dispatched. */
  let stage: 'hidden' | 'opening' | 'open' = 'hidden'
  let closed = false
  /** True while the list of conversations is to be shown instead of one. */
  let isHome = false
  let attention: Attention | undefined

  const isSeen = () => frame.displayed && !isHome && document.visibilityState === 'visible'

  const render = () => {
    if (closed) return
    const view = running?.view(words) ?? IDLE_VIEW
    const { state } = view
    frame.panel.words = words
    frame.panel.view = {
      ...view,
      isHome,
      problem: problemShown(problem, state, words.strings),
      closable: config.mode === 'floating',
      canChoose: config.storage !== 'none',
      hasChosen: frame.visible && storedChoices(config) != null,
    }
    frame.setName(state.app?.name ?? words.strings.title)
    const unread = isSeen() ? 0 : state.unread
    // A message that waits to be sent may fail.
    const isSending = !frame.visible && state.timeline.items.at(-1)?.kind === 'pending'
    if (unread > 0 || isSending) attention ??= attentionPart(render, () => {})?.createAttention(host, asked)
    attention?.update({ unread, state, config, words, isOpen: frame.visible })
    if (state.unread > unread) running?.client.markRead()
  }

  const report = ({ code, message, cause }: Pick<ChatError, 'code' | 'message' | 'cause'>) => {
    host.report({ code, message }, loadAdvice(code, config.server), ...(cause === undefined ? [] : [cause]))
    if (problemOf(code) !== null) problem = code
    render()
  }

  const start = () => {
    problem = config.app === '' ? 'app-missing' : null
    if (problem !== null) return
    running = runClient(createClient(config, stopped), {
      ...{ host, config, loadSignIn, changed: render, report, isSeen },
      userLeft() {
        user = null
        host.userLeft()
      },
      happened(item) {
        // An open panel announces its list's messages.
        if (!frame.visible) host.launcher.announce(spokenText(item, words.strings))
      },
      problemEnded(what) {
        if (problem === null || problemOf(problem)?.until !== what) return
        problem = null
        render()
      },
    })
    if (user !== undefined) running.client.user = user
  }

  const stop = () => {
    stopped = Promise.all([stopped, running?.close()])
    running = null
    return stopped
  }

  const needClient = () => {
    if (running !== null) return running.client
    throw new ChatError(closed ? 'closed' : 'app-missing', 'There is no chat to talk to.')
  }

  const showHome = (shown: boolean) => {
    // The next request for it does not wait.
    tools.retry()
    isHome = shown
    render()
  }

  const attach = (request: AttachRequest) => {
    withLit(() => import('./attachments/index.ts')).then(
      (part) => part.attach(frame.panel, request),
      () => report(LOAD_FAILED),
    )
  }

  const asked = (request: PanelRequest) => {
    if (request.type === 'close') return host.element.hide()
    if (request.type === 'conversations') return showHome(request.shown ?? !isHome)
    if (request.type === 'report-load-failed') {
      // The list may be what could not be loaded; the conversation is where that is said.
      isHome = false
      return report(LOAD_FAILED)
    }
    if (running === null) return
    if (request.type === 'attach') return attach(request)
    running.answer(request)
    if (request.type === 'new-conversation') frame.panel.focus()
  }

  const mountFrame = () =>
    createPanelFrame(host.root, config.mode, {
      close: () => host.element.hide(),
      focusLauncher: () => host.launcher.focus(),
      displayedChanged: () => render(),
      asked,
    })

  const setAppearance = () => {
    frame.setAppearance({ ...config, locale: words.locale })
    // Before any are loaded, the launcher has its own in the page's language.
    if (words !== ENGLISH_WORDS) host.launcher.setWords({ ...words.strings, number: words.formats.number })
  }

  const loadTexts = () => {
    const { locale, strings } = config
    const malformed = (message: string) => report({ code: 'strings-malformed', message })
    wordsReady = loadWords(locale, strings as Overrides, malformed).then((loaded) => {
      if (closed || locale !== config.locale || strings !== config.strings) return
      words = loaded
      setAppearance()
      render()
    })
  }

  const onVisible = () => render()

  let frame = mountFrame()
  const unseal = sealKeys({
    root: host.root,
    launcher: host.launcher.frame,
    close() {
      if (stage === 'hidden') return false
      host.element.hide()
      return true
    },
  })
  document.addEventListener('visibilitychange', onVisible)
  start()
  loadTexts()
  setAppearance()
  render()

  return {
    configure(next) {
      const before = config
      config = next
      if (before.mode !== next.mode) {
        frame.remove()
        frame = mountFrame()
      }
      if (before.locale !== next.locale || before.strings !== next.strings) loadTexts()
      if (!isSameConnection(before, next)) {
        void stop()
        start()
      }
      setAppearance()
      render()
    },
    setUser(next: ChatUser | null) {
      user = next
      if (problem === 'user-malformed') problem = null
      if (running !== null) running.client.user = next
      render()
    },
    async show(options) {
      if (stage === 'hidden') stage = 'opening'
      // Texts that are being loaded must not change under the visitor's eyes.
      await wordsReady
      const isMeant = () => stage !== 'hidden' && !closed
      // The visitor may have closed it meanwhile.
      if (!isMeant()) return
      if (options.focus) running?.interacted()
      await frame.show(options)
      frame.recolor()
      host.launcher.announce('')
      render()
      if (!isMeant() || stage === 'open') return
      stage = 'open'
      host.element.dispatchEvent(new WidgetOpenEvent())
    },
    hide() {
      const wasOpen = stage === 'open'
      stage = 'hidden'
      frame.hide()
      if (wasOpen) host.element.dispatchEvent(new WidgetCloseEvent())
    },
    connect: async () => needClient().connect(),
    send: async (message) => needClient().send(message),
    async newConversation() {
      showHome(false)
      return needClient().newConversation()
    },
    async showConversation(id) {
      showHome(false)
      return needClient().showConversation(id as ConversationId)
    },
    showConversations: () => showHome(true),
    async logout(options) {
      const leaving = running
      await leaving?.client.logout(options)
      leaving?.forgetHint()
    },
    cancelLogin: (requestId) => running?.client.cancelLogin(requestId as LoginRequestId),
    failLogin: (requestId, reason) => running?.client.failLogin(requestId as LoginRequestId, reason),
    getState() {
      const { connection, identity, conversation, conversations, unread } =
        running?.client.getState() ?? IDLE_VIEW.state
      // A host may sort or change what it is given.
      return copyOf({ connection, identity, conversation, conversations, unread })
    },
    trace: () => running?.client.trace() ?? [],
    showProblem(code) {
      problem = code
      render()
    },
    async close() {
      if (closed) return
      closed = true
      attention?.close()
      unseal()
      document.removeEventListener('visibilitychange', onVisible)
      frame.remove()
      await stop()
    },
  }
}
