/** The attributes of `<chat-widget>` as properties, and its events as types. */
import type { ChatWidgetEventMap } from './events.ts'
import type {
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
const ATTRIBUTES: Readonly<Record<string, Read>> = {
  app: (value) => value ?? '',
  server: (value, element) => value || element.defaultServer,
  mode: oneOf('floating', 'inline'),
  position: oneOf('bottom-end', 'bottom-start'),
  theme: oneOf('auto', 'light', 'dark'),
  locale: (_value, element) => localeFor(element),
  'page-title': oneOf('unread', 'unchanged'),
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

/** Every attribute has a property that reflects it. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: accessors made from the table below, and typed listeners
export abstract class AttributesElement extends Base {
  static readonly observedAttributes = [...Object.keys(ATTRIBUTES), 'open']

  /** Origin that the script came from. */
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
  app: string
  /** The server's origin. Default: the script's origin. */
  server: string
  mode: WidgetMode
  position: WidgetPosition
  theme: WidgetTheme
  /** BCP 47. Default: the language of the page around the element. */
  locale: string
  /** Default: `unread`. */
  pageTitle: PageTitleMode
  mergePolicy: MergePolicy
  storage: StorageMode
  /** Resolves when connected, and the user, if any, is signed in or needs to act ([ID18]). */
  get connect(): () => Promise<void>
  /** The attribute. Default: `auto`. */
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
