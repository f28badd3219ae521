/**
 * Interface between the shell and the engine. Types only: the two are built apart, so that `chat-widget.js` and
 * `embed.js` load the same engine file, and no code is loaded twice.
 */
import type { ChatUser, TraceEntry } from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'
import type {
  AlertsMode,
  ChatWidgetDelegate,
  ChatWidgetState,
  ChatWidgetStrings,
  MergePolicy,
  MessageDraft,
  PageTitleMode,
  StorageMode,
  WidgetErrorDetail,
  WidgetMode,
} from './public-types.ts'
import type { HintPlace, SessionHint } from './shell/session-hint.ts'
import type { LauncherWords } from './words/launcher-words.ts'

export interface WidgetConfig {
  /** Empty if the host gave none. */
  readonly app: string
  readonly server: string
  readonly mode: WidgetMode
  /** BCP 47. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly dark: boolean
  readonly pageTitle: PageTitleMode
  readonly alerts: AlertsMode
  readonly mergePolicy: MergePolicy
  readonly storage: StorageMode
  readonly strings: ChatWidgetStrings
}

/** The shell, as the engine sees it. */
export interface EngineHost {
  readonly root: ShadowRoot
  readonly launcher: {
    readonly frame: HTMLElement
    /** Replaces the words of the first paint. */
    setWords(words: LauncherWords): void
    /** Announces a sentence to screen readers while the panel is closed. */
    announce(text: string): void
    focus(): void
  }
  readonly config: WidgetConfig
  /** Number of unread messages on the launcher. */
  readonly unread: number
  /** Resolves when the engine before this one has stored its data. */
  before?: Promise<void>
  /** Events are dispatched here. `show()`, `hide()`: the visitor opened or closed the panel. */
  readonly element: HTMLElement & {
    readonly delegate: ChatWidgetDelegate | null
    show(): void
    hide(): void
  }
  /** Reports to the site developer: `widget-error` and a warning in the console. */
  report(error: WidgetErrorDetail, advice: Promise<string>, ...cause: readonly unknown[]): void
  setUnread(count: number): void
  /** Stores the hint for the next page, which the shell reads there; `null` deletes it. */
  writeHint(place: HintPlace, hint: SessionHint | null): void
  /** Sets `user` to `null`, as the host would: the visitor goes on as a guest, or signed out in another tab. */
  userLeft(): void
}

/** The part that is loaded on demand: panel and client. */
export interface Engine {
  /** Called when attributes or properties changed. */
  configure(config: WidgetConfig): void
  setUser(user: ChatUser | null): void
  /**
   * Opens the panel; resolves when it is on screen, and dispatches `widget-open`. A repeated call restores the panel,
   * wherever the element is by now.
   */
  show(options: { readonly focus: boolean }): Promise<void>
  /** Closes the panel, returns the focus to where it was, and dispatches `widget-close`. */
  hide(): void
  /** Resolves when connected, and the user, if any, is signed in or needs to act. */
  connect(): Promise<void>
  send(message: string | MessageDraft): Promise<Message>
  newConversation(): Promise<unknown>
  showConversation(id: string): Promise<void>
  /** Shows the list of conversations in the panel. */
  showConversations(): void
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  cancelLogin(requestId: string): void
  failLogin(requestId: string, reason: string): void
  getState(): Omit<ChatWidgetState, 'open'>
  trace(): readonly TraceEntry[]
  /** Shows a problem that the shell found, in the visitor's words. */
  showProblem(code: WidgetErrorDetail['code']): void
  /** Closes client and panel, and removes listeners. Idempotent. */
  close(): Promise<void>
}

export interface EngineModule {
  createEngine(host: EngineHost): Engine
}

/** Loads the engine's file. `attempt` counts from 0; a later attempt must not return a cached failure. */
export type LoadEngine = (attempt: number) => Promise<EngineModule>
