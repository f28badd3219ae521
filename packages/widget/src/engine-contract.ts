/**
 * What the shell and the engine know of each other. Types only: the two are built apart, so that `chat-widget.js` and
 * `embed.js` load one and the same engine file, and no code is loaded twice.
 */
import type { ChatUser, TraceEntry } from '@chat-widget/client'
import type { Message } from '@chat-widget/protocol'
import type {
  ChatWidgetDelegate,
  ChatWidgetState,
  ChatWidgetStrings,
  MergePolicy,
  PageTitleMode,
  StorageMode,
  WidgetErrorDetail,
  WidgetMode,
} from './public-types.ts'
import type { LauncherLabels } from './words/launcher-words.ts'

export interface WidgetConfig {
  /** Empty when the host gave none. */
  readonly app: string
  readonly server: string
  readonly mode: WidgetMode
  /** BCP 47. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly dark: boolean
  readonly pageTitle: PageTitleMode
  readonly mergePolicy: MergePolicy
  readonly storage: StorageMode
  readonly strings: ChatWidgetStrings
}

/** The shell, as the engine sees it. */
export interface EngineHost {
  readonly root: ShadowRoot
  readonly launcher: {
    readonly frame: HTMLElement
    /** Says a sentence to screen readers while the panel is closed. */
    announce(text: string): void
    /** Words in the widget's language. */
    setLabels(labels: LauncherLabels): void
    focus(): void
  }
  readonly config: WidgetConfig
  /** How many unread messages the launcher shows. */
  readonly unread: number
  /** Resolves when the engine before this one has written down what it held. */
  before?: Promise<void>
  /** Where events are dispatched. `hide()`: the visitor closed the panel. */
  readonly element: HTMLElement & {
    readonly delegate: ChatWidgetDelegate | null
    hide(): void
    /** Tells the site developer: `widget-error` and a warning in the console. */
    report(error: WidgetErrorDetail, advice: Promise<string>, ...cause: readonly unknown[]): void
  }
  setUnread(count: number): void
  /** `user` is `null` from now on, as if the host had set it: the visitor goes on as a guest, or left in another tab. */
  userLeft(): void
}

/** The part that is loaded on demand: panel and client. */
export interface Engine {
  /** Attributes or properties changed. */
  configure(config: WidgetConfig): void
  setUser(user: ChatUser | null): void
  /**
   * Resolves when the panel is on screen, and tells `widget-open`. Called again it puts the panel right, wherever the
   * element is by now.
   */
  show(options: { readonly focus: boolean }): Promise<void>
  /** Gives focus back to who had it, and tells `widget-close`. */
  hide(): void
  /** Resolves when connected, and the user, if any, is signed in or has to do something. */
  connect(): Promise<void>
  send(text: string): Promise<Message>
  newConversation(): Promise<unknown>
  showConversation(id: string): Promise<void>
  logout(options?: { readonly everywhere?: boolean }): Promise<void>
  cancelLogin(requestId: string): void
  failLogin(requestId: string, reason: string): void
  getState(): Omit<ChatWidgetState, 'open'>
  trace(): readonly TraceEntry[]
  /** A problem the shell found, to be worded for the visitor. */
  showProblem(code: WidgetErrorDetail['code']): void
  /** Lets go of client, panel and listeners. Idempotent. */
  close(): Promise<void>
}

export interface EngineModule {
  createEngine(host: EngineHost): Engine
}

/** Loads the engine's file. `attempt` counts from 0; a later attempt must not answer with a cached failure. */
export type LoadEngine = (attempt: number) => Promise<EngineModule>
