/** What `<chat-widget>` declares: attributes as properties, events as types, and what CSS may use. */
import type { UserToSet } from '@chat-widget/client'
import type { ChatWidgetEventMap } from './events.ts'
import type {
  AlertsMode,
  ChatWidgetDelegate,
  ChatWidgetStrings,
  ConnectMode,
  MergePolicy,
  PageTitleMode,
  StorageMode,
  WidgetMode,
  WidgetPosition,
  WidgetTheme,
} from './public-types.ts'
import { localeFor } from './shell/locale.ts'

type Read = (value: string | null, element: AttributesElement) => unknown

/** An unknown value counts as the first one. */
const oneOf =
  (...values: readonly [string, ...string[]]): Read =>
  (value) =>
    values.find((one) => one === value) ?? values[0]

/** Parsers of the attributes, for the properties. */
const ATTRIBUTES: Readonly<Record<Exclude<keyof ChatWidgetAttributes, 'open'>, Read>> = {
  app: (value) => value ?? '',
  server: (value, element) => value || element.defaultServer,
  mode: oneOf('floating', 'inline'),
  position: oneOf('bottom-end', 'bottom-start'),
  theme: oneOf('auto', 'light', 'dark'),
  locale: (_value, element) => localeFor(element),
  'page-title': oneOf('unread', 'unchanged'),
  alerts: oneOf('sound', 'all', 'preview', 'off'),
  'merge-policy': oneOf('merge', 'separate'),
  storage: oneOf('persistent', 'session', 'on-interaction', 'none'),
  // Setting `connect` sets the attribute, reading it returns the method: frameworks set a property if there is one.
  connect: (_value, element) => () => element.whenConnected(),
}

/** `merge-policy` becomes `mergePolicy`. */
const propertyOf = (attribute: string) => attribute.replace(/-(.)/, (_, letter) => letter.toUpperCase())

/** Properties that a host may set before the element is defined. */
export const PROPERTIES: readonly string[] = [
  ...Object.keys(ATTRIBUTES).map(propertyOf),
  'strings',
  'delegate',
  'user',
  'open',
]

/** Absent on a server, where the module is imported and no element is made. */
const Base = globalThis.HTMLElement ?? Object

/**
 * Every attribute has a property that reflects it. The manifest is made from this file, `events.ts` and the class.
 *
 * @slot launcher-icon - A picture for the launcher, shown while the panel is closed. At most 60 % of its size.
 * @slot header-logo - A picture for the panel's header, instead of the name's first letter. At most 120 × 40 px.
 *
 * @csspart launcher - The round button.
 * @csspart badge - The unread count on the launcher.
 * @csspart notice - The sentence beside the launcher when the chat cannot be loaded.
 * @csspart preview - The newest message, beside the launcher.
 * @csspart panel - The window of the chat, with all that follows.
 * @csspart header - The panel's first line.
 * @csspart header-mark - The letter, logo or face before the name.
 * @csspart title - The name in the header.
 * @csspart close - The button that closes the panel.
 * @csspart new-conversation - The button that begins a conversation.
 * @csspart menu-button - The button that opens the menu.
 * @csspart menu - What can be chosen in the header.
 * @csspart conversations - The button that leads to the list of conversations, and back.
 * @csspart conversation - A conversation in that list.
 * @csspart messages - The list of messages.
 * @csspart empty - The words in its place while there is no message.
 * @csspart message - A message with its author and state.
 * @csspart bubble - The text of a message.
 * @csspart composer - The form below the messages.
 * @csspart input - The field to write in.
 * @csspart attach - The button that chooses files.
 * @csspart emoji-button - The button that shows emoji.
 * @csspart emoji - An emoji to choose.
 * @csspart send - The button that sends.
 * @csspart file - A file in a message: the button that downloads it, or opens a picture.
 * @csspart quick-reply - An answer that a message offers.
 * @csspart card - A card, or a form.
 * @csspart card-button - A button of a card or a form.
 * @csspart login-card - A message that asks to sign in.
 * @csspart login-button - The button that asks to sign in, on a card or in the banner.
 * @csspart banner - The line that tells of the connection or the identity.
 * @csspart sign-in - The sheet of the built-in login.
 * @csspart sign-in-input - Its field.
 * @csspart sign-in-button - Its main button.
 * @csspart sign-in-code - The code to enter on the other device.
 *
 * @cssproperty [--chat-accent=#2457e6] - Launcher, own messages, main buttons.
 * @cssproperty [--chat-accent-dark=--chat-accent] - The accent in the dark theme.
 * @cssproperty --chat-on-accent - Text on the accent. Default: black or white, whichever can be read. Used as given.
 * @cssproperty [--chat-surface=#fff] - The panel's background. Default in the dark theme: `#16181d`.
 * @cssproperty [--chat-surface-dark=--chat-surface] - The background in the dark theme.
 * @cssproperty [--chat-text=#191c22] - The panel's text, moved toward black or white until it can be read on the
 *   surface. Default in the dark theme: `#f0f2f6`.
 * @cssproperty [--chat-text-dark=--chat-text] - The text in the dark theme.
 * @cssproperty [--chat-radius=18px] - Corners of the panel.
 * @cssproperty [--chat-font=system-ui, 'Noto Sans', Arial, sans-serif] - Font families.
 * @cssproperty [--chat-launcher-size=60px] - The launcher's diameter.
 * @cssproperty [--chat-offset-inline=20px] - Distance from the window's side.
 * @cssproperty [--chat-offset-block=20px] - Distance from the window's lower edge.
 * @cssproperty [--chat-width=400px] - The floating panel's width.
 * @cssproperty --chat-height - The panel's height. Default: `680px` floating, `600px` inline.
 * @cssproperty [--chat-z-index=2147483647] - Where the browser has no top layer.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: accessors made from the table below, and typed listeners
export abstract class AttributesElement extends Base {
  static readonly observedAttributes = [...Object.keys(ATTRIBUTES), 'open']

  /** @internal Origin that the script came from. */
  abstract get defaultServer(): string

  /** @internal As `connect()`. */
  abstract whenConnected(): Promise<void>

  /** True if the panel is open, or about to be. Always `true` inline. */
  get open(): boolean {
    return this.mode === 'inline' || this.hasAttribute('open')
  }
  set open(value: boolean) {
    this.toggleAttribute('open', Boolean(value))
  }
}

for (const [attribute, read] of Object.entries(ATTRIBUTES))
  Object.defineProperty(AttributesElement.prototype, propertyOf(attribute), {
    get(this: AttributesElement) {
      return read(this.getAttribute(attribute), this)
    },
    set(this: AttributesElement, value: unknown) {
      if (value === null || value === undefined) this.removeAttribute(attribute)
      else this.setAttribute(attribute, String(value))
    },
  })

export interface AttributesElement {
  /** The id of an app in the server's configuration. */
  app: string
  /** The server's address, with its path if it has one. Default: the folder of the script. */
  server: string
  /** A panel over the page, opened by a launcher; or one that fills the element's own box. */
  mode: WidgetMode
  /** Corner of the launcher and the panel, by the reading direction. */
  position: WidgetPosition
  /** Light or dark; `auto` follows the visitor's system. */
  theme: WidgetTheme
  /** BCP 47, for words, dates and numbers. Default: the language of the page around the element. */
  locale: string
  /** `unread` puts the number of unread messages before the page's title: `(2) Shop`. */
  pageTitle: PageTitleMode
  /**
   * What a message that comes while the chat is closed may do: show a preview beside the launcher, ring (`sound`), and
   * show a notification of the browser (`all`), the last two if the visitor switches them on. `preview` and `off` allow
   * less.
   */
  alerts: AlertsMode
  /** `merge`: the anonymous conversation becomes the user's at sign-in. */
  mergePolicy: MergePolicy
  /** What the browser keeps: `session` until the tab is closed, `on-interaction` nothing before the visitor acts. */
  storage: StorageMode
  /** Loads the chat, and resolves when it is connected and the user, if any, is signed in or has to sign in again. */
  get connect(): () => Promise<void>
  /** When a closed chat is loaded and connected: as soon as there is something to tell, or on every page view. */
  set connect(value: ConnectMode | null | undefined)
  addEventListener<Name extends keyof ChatWidgetEventMap>(
    type: Name,
    listener: (this: this, event: ChatWidgetEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void
  removeEventListener<Name extends keyof ChatWidgetEventMap>(
    type: Name,
    listener: (this: this, event: ChatWidgetEventMap[Name]) => void,
    options?: boolean | EventListenerOptions,
  ): void
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void
}

type Optional<Values> = { [Name in keyof Values]?: Values[Name] | undefined }

/** The attributes by their names in HTML, for JSX and templates. */
export interface ChatWidgetAttributes
  extends Optional<
    Pick<
      AttributesElement,
      'app' | 'server' | 'mode' | 'position' | 'theme' | 'locale' | 'storage' | 'alerts' | 'open'
    >
  > {
  /** `unread` puts the number of unread messages before the page's title: `(2) Shop`. */
  'page-title'?: PageTitleMode | undefined
  /** `merge`: the anonymous conversation becomes the user's at sign-in. */
  'merge-policy'?: MergePolicy | undefined
  /** When a closed chat is loaded and connected: as soon as there is something to tell, or on every page view. */
  connect?: ConnectMode | undefined
}

/** The properties that are no attributes, or have another name there, for JSX and templates. */
export interface ChatWidgetProperties extends Optional<Pick<AttributesElement, 'pageTitle' | 'mergePolicy'>> {
  /** The identified customer, or `null`. */
  user?: UserToSet | undefined
  /** The delegate form of `login-button`. */
  delegate?: ChatWidgetDelegate | null | undefined
  /** Overrides of the widget's texts. */
  strings?: ChatWidgetStrings | undefined
}
