/** `<chat-widget>`: the launcher and the public API. Panel and client are loaded on demand. */
import type { ChatUser, TraceEntry, UserToSet } from '@chat-widget/client'
import { matchMedium, raise, whenIdle } from '@chat-widget/client/browser'
import { toChatUser } from '@chat-widget/client/user'
import type { ErrorCode, Message } from '@chat-widget/protocol'
import { AttributesElement, PROPERTIES } from './attributes-element.ts'
import type { Engine, EngineHost, LoadEngine } from './engine-contract.ts'
import { WidgetReadyEvent } from './events.ts'
import type { ChatWidgetDelegate, ChatWidgetState, ChatWidgetStrings, MessageDraft } from './public-types.ts'
import { createEngineSlot, GONE } from './shell/engine-slot.ts'
import { ensureStyles } from './shell/ensure-styles.ts'
import { createLauncher } from './shell/launcher.ts'
import { readHint, writeHint } from './shell/session-hint.ts'
import { shellStyles } from './shell/shell.styles.ts'
import { APP_MISSING, loadFailed, report, userMalformed } from './shell/shell-errors.ts'
import { stateWithoutEngine } from './shell/state-without-engine.ts'
import { upgradeProperties } from './shell/upgrade-properties.ts'
import { watchHidden } from './shell/watch-hidden.ts'
import { configOf } from './shell/widget-config.ts'
import { launcherWords } from './words/launcher-words.ts'
import type { Overrides } from './words/overrides.ts'

export interface ShellDefaults {
  /** Used if the `server` attribute is absent. */
  readonly server: string
  readonly loadEngine: LoadEngine
}

/** A chat for a website: a launcher with an unread badge, and a panel. */
export class ChatWidgetElement extends AttributesElement {
  readonly #defaults: ShellDefaults
  readonly #root = this.attachShadow({ mode: 'open' })
  readonly #launcher = createLauncher({
    toggle: () => this.toggle(),
    anticipate: () => this.#slot.prefetch(),
  })
  readonly #slot = createEngineSlot(
    (attempt) => this.#defaults.loadEngine(attempt),
    this.#createHost(),
    () => this.#load(),
  )
  readonly #darkScheme = matchMedium('(prefers-color-scheme: dark)')
  /** @internal For `embed.js`: called when the element was removed from the page, and may be put back. */
  whenLost: (() => void) | null = null
  #delegate: ChatWidgetDelegate | null = null
  #user: ChatUser | null | undefined
  #strings: ChatWidgetStrings = {}
  #unread = 0
  #ready = false
  #unwatch = () => {}
  #configuring = false
  #refused: ErrorCode | null = null
  #loadFailure: unknown

  /** `defaults`: the server and the engine's file that come with a subclass. */
  constructor(defaults: ShellDefaults) {
    super()
    this.#defaults = defaults
    this.#root.append(this.#launcher.frame)
  }

  /** @internal */
  override get defaultServer(): string {
    return this.#defaults.server
  }

  /** `{ didTapUserLoginButton(detail) }`, called after the listeners of `login-button` with the same detail. */
  get delegate(): ChatWidgetDelegate | null {
    return this.#delegate
  }
  set delegate(value: ChatWidgetDelegate | null) {
    this.#delegate = value ?? null
  }

  /**
   * Overrides of the widget's texts, also those of the sign-in sheet (`signIn…`). Texts in a language that the widget
   * lacks make it the panel's language, with its direction and dates. One of the wrong type is a `widget-error`
   * (`strings-malformed`) and is not used.
   */
  get strings(): ChatWidgetStrings {
    return this.#strings
  }
  set strings(value: ChatWidgetStrings) {
    this.#strings = value ?? {}
    this.#configureSoon()
  }

  /**
   * The identified customer, `{ userIdentifier, requestContextProvider }`, or `null`. Reads as a copy; setting a malformed
   * one throws a `TypeError` that names the field.
   */
  get user(): ChatUser | null {
    return this.#user ?? null
  }
  set user(value: UserToSet) {
    let user: ChatUser | null
    try {
      user = toChatUser(value ?? null)
    } catch (error) {
      this.#refused = 'user-malformed'
      report(this, ...userMalformed(error))
      this.#slot.current?.showProblem('user-malformed')
      throw error
    }
    this.#refused = null
    this.#user = user
    this.#slot.setUser(user)
    if (this.#ready) this.#loadIfNeeded()
  }

  /** Opens the panel and focuses it, also if it is open already. */
  show(): void {
    const wasOpen = this.open
    this.open = true
    if (wasOpen && this.#ready) this.#follow(true)
  }

  /** Closes the panel. Without effect inline. */
  hide(): void {
    this.open = false
  }

  /** @internal */
  override whenConnected(): Promise<void> {
    return this.#slot.call((engine) => engine.connect())
  }

  /** Opens or closes the panel. */
  toggle(): void {
    this.open = !this.open
  }

  /**
   * Sends a text, a file (`{ file, text? }`, as a `File` or a `Blob`), a quick reply (`{ reply: { to, value } }`) or a
   * form's values (`{ to, values }`). Resolves with the message as stored by the server; rejects with a `TypeError` if it
   * is none of them.
   */
  async sendMessage(message: string | MessageDraft): Promise<Message> {
    const { text = message, reply, values, file } = Object(message)
    const isDraft = reply || values || file?.slice
    if (!isDraft && !text?.trim?.()) throw new TypeError('sendMessage takes a text, or a MessageDraft.')
    return this.#slot.call((engine) => engine.send(isDraft ? message : `${text}`))
  }

  /** Begins a conversation, in all tabs that the visitor has open. Each conversation keeps its draft. */
  async newConversation(): Promise<void> {
    await this.#slot.call((engine) => engine.newConversation())
  }

  /** Shows one of `getState().conversations`, in all tabs that the visitor has open. Rejects with `not-found` if it is not theirs. */
  async showConversation(id: string): Promise<void> {
    await this.#slot.call((engine) => engine.showConversation(id))
  }

  /** Opens the panel with the list of the visitor's conversations. */
  async showConversations(): Promise<void> {
    this.show()
    await this.#slot.call((engine) => engine.showConversations())
  }

  /** Resolves once the session is revoked and local data deleted. `everywhere` ends the user's other sessions too. */
  async logout(options?: { readonly everywhere?: boolean }): Promise<void> {
    const isKnown = this.#slot.wanted || readHint(this) !== null
    this.#user = null
    if (!isKnown) return
    const left = this.#slot.call((engine) => engine.logout(options))
    // Without an engine the logout cannot run; the engine that comes later must not sign the former user in.
    left.catch(() => this.#keepUser())
    await left
  }

  /** Makes an engine that is loaded later begin with the present user. */
  #keepUser(): void {
    if (this.#slot.current === null) this.#slot.setUser(this.user)
  }

  /** Cancels a login. An id that is not pending, e.g. one that has ended, changes nothing. */
  cancelLogin(requestId: string): void {
    this.#endLogin((engine) => engine.cancelLogin(requestId))
  }

  /** Fails a login; `reason` is shown to the visitor. An id that is not pending changes nothing. */
  failLogin(requestId: string, reason: string): void {
    this.#endLogin((engine) => engine.failLogin(requestId, reason))
  }

  /** A copy of connection, identity, conversations, the number of unread messages, and whether the panel is open. */
  getState(): ChatWidgetState {
    const state = this.#slot.current?.getState() ?? stateWithoutEngine(this.#user, this.#unread)
    return { ...state, open: this.open }
  }

  /** The last 200 identity transitions, without secrets. */
  trace(): readonly TraceEntry[] {
    return this.#slot.current?.trace() ?? []
  }

  connectedCallback(): void {
    // Its file is on its way while the launcher is drawn.
    if (this.open) this.#slot.prefetch()
    ensureStyles(this.#root, 0, shellStyles)
    upgradeProperties(this, PROPERTIES)
    this.#unwatch()
    const news = new AbortController()
    // The connection is back, or another tab has stored something.
    for (const name of ['online', 'storage'])
      addEventListener(
        name,
        () => {
          if (this.#loadFailure || this.#user) this.#loadIfNeeded()
        },
        news,
      )
    const unwatchScheme = this.#darkScheme.onChange(() => this.#configureSoon())
    const unwatchHidden = watchHidden(this, () => this.#restoreTopLayer())
    this.#unwatch = () => {
      news.abort()
      unwatchScheme()
      unwatchHidden()
    }
    this.#restoreTopLayer()
    if (!this.#ready) this.#setUnread(Number(readHint(this)) || 0)
    this.#configureSoon()
  }

  disconnectedCallback(): void {
    // A framework that moves the element removes and inserts it in one task.
    queueMicrotask(() => {
      if (!this.isConnected) this.whenLost?.()
      if (this.isConnected) return
      this.#unwatch()
      this.#ready = false
      this.#slot.empty()
      this.#keepUser()
    })
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return
    if (name === 'open') {
      if (this.#ready && this.mode === 'floating') this.#follow(true)
    } else this.#configureSoon()
  }

  /** Restores the top layer, which loses its content when the element is moved or the page hides it. */
  #restoreTopLayer(): void {
    const { frame } = this.#launcher
    // Without a top layer, the element's z-index has to do.
    if (frame.isConnected) raise(frame)
    if (this.#ready) this.#follow(false)
  }

  /** Frameworks set attributes one by one and after insertion: they are applied as one change. */
  #configureSoon(): void {
    if (this.#configuring) return
    this.#configuring = true
    queueMicrotask(() => {
      this.#configuring = false
      if (this.isConnected) this.#configure()
    })
  }

  #configure(): void {
    const config = configOf(this, this.#darkScheme.matches)
    this.#launcher.frame.dir = config.direction
    this.#launcher.frame.toggleAttribute('data-dark', config.dark)
    this.#launcher.setWords(launcherWords(config.locale, config.strings as Overrides))
    this.#slot.current?.configure(config)
    if (!this.#ready) {
      this.#ready = true
      if (config.app === '') report(this, ...APP_MISSING)
      this.dispatchEvent(new WidgetReadyEvent())
    }
    this.#follow(false)
    if (!this.open) this.#loadIfNeeded()
  }

  /** [ID18] Loads a closed chat if there is something to tell, or if the host wants it at once. */
  #loadIfNeeded(): void {
    if (this.app === '') return
    if (this.getAttribute('connect') === 'eager') this.#load()
    else if (readHint(this)) this.#user ? this.#load() : whenIdle(() => this.#load())
  }

  /** Ends a login before the chat is loaded, e.g. after a return from a login page. */
  #endLogin(end: (engine: Engine) => void): void {
    if (this.#slot.wanted || readHint(this) !== null) this.#slot.call(end).catch(() => {})
  }

  #load(): void {
    this.#engine().catch(() => {})
  }

  async #engine() {
    // A page may call it before it inserts the element, or while it moves it.
    await null
    if (!this.isConnected) {
      this.#slot.empty()
      throw GONE
    }
    try {
      const engine = await this.#slot.ensure()
      this.#launcher.setLoadFailed(false)
      return engine
    } catch (error) {
      // Several calls may have waited for the one file.
      if (error !== GONE && error !== this.#loadFailure) {
        this.#loadFailure = error
        report(this, ...loadFailed(error))
      }
      throw error
    }
  }

  /**
   * Brings the panel to the state of `open` and `mode`, and restores it after a move in the document. Idempotent.
   * `focus`: true if the visitor or the host asked for it just now.
   */
  #follow(focus: boolean): void {
    this.#launcher.setExpanded(this.open)
    if (!this.open) {
      this.#slot.current?.hide()
      return
    }
    this.#launcher.setBusy(true)
    this.#engine()
      .then((engine) => {
        if (!this.open) return
        if (this.#refused !== null) engine.showProblem(this.#refused)
        return engine.show({ focus })
      })
      .catch((error) => {
        if (error === GONE) return
        this.open = false
        this.#launcher.setLoadFailed(true)
      })
      .finally(() => this.#launcher.setBusy(false))
  }

  #setUnread(count: number): void {
    this.#unread = count
    this.#launcher.setUnread(count)
  }

  #createHost(): EngineHost {
    const element = this
    return {
      root: this.#root,
      launcher: this.#launcher,
      get config() {
        return configOf(element, element.#darkScheme.matches)
      },
      get unread() {
        return element.#unread
      },
      element,
      report: (...told) => report(element, ...told),
      setUnread: (count) => element.#setUnread(count),
      writeHint,
      userLeft: () => {
        // While earlier calls are replayed, the host has already set the next user.
        if (element.#slot.current !== null) element.#user = null
      },
    }
  }
}

export type ElementClass = (new () => ChatWidgetElement) &
  Pick<typeof ChatWidgetElement, 'observedAttributes'>

/** The class for an entry, with the server and the engine's file that come with it. */
export const elementWith = (defaults: ShellDefaults): ElementClass =>
  class extends ChatWidgetElement {
    constructor() {
      super(defaults)
    }
  }

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget': ChatWidgetElement
  }
}
