/** The attributes of `<chat-widget>` as properties, and its events as types. */
import type { ChatWidgetEventMap } from './events.ts'
import type { MergePolicy, StorageMode, WidgetMode, WidgetPosition, WidgetTheme } from './public-types.ts'
import { localeFor } from './shell/locale.ts'

function reflect(element: HTMLElement, name: string, value: string | null | undefined): void {
  if (value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value)
}

/** Every attribute has a property that reflects it; an unknown value counts as the default. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: types for listeners of methods that HTMLElement has
export abstract class AttributesElement extends HTMLElement {
  static readonly observedAttributes = [
    'app',
    'server',
    'open',
    'mode',
    'position',
    'theme',
    'locale',
    'merge-policy',
    'storage',
  ]

  /** Where the script came from. */
  protected abstract get defaultServer(): string

  get app(): string {
    return this.getAttribute('app') ?? ''
  }
  set app(value: string) {
    reflect(this, 'app', value)
  }

  /** The server's origin. Default: where the script came from. */
  get server(): string {
    return this.getAttribute('server') || this.defaultServer
  }
  set server(value: string) {
    reflect(this, 'server', value)
  }

  /** Whether the panel is open, or about to be. Always `true` inline. */
  get open(): boolean {
    return this.mode === 'inline' || this.hasAttribute('open')
  }
  set open(value: boolean) {
    this.toggleAttribute('open', Boolean(value))
  }

  get mode(): WidgetMode {
    return this.getAttribute('mode') === 'inline' ? 'inline' : 'floating'
  }
  set mode(value: WidgetMode) {
    reflect(this, 'mode', value)
  }

  get position(): WidgetPosition {
    return this.getAttribute('position') === 'bottom-start' ? 'bottom-start' : 'bottom-end'
  }
  set position(value: WidgetPosition) {
    reflect(this, 'position', value)
  }

  get theme(): WidgetTheme {
    const theme = this.getAttribute('theme')
    return theme === 'light' || theme === 'dark' ? theme : 'auto'
  }
  set theme(value: WidgetTheme) {
    reflect(this, 'theme', value)
  }

  /** BCP 47. Default: the language of the page around the element. */
  get locale(): string {
    return localeFor(this)
  }
  set locale(value: string) {
    reflect(this, 'locale', value)
  }

  get mergePolicy(): MergePolicy {
    return this.getAttribute('merge-policy') === 'separate' ? 'separate' : 'merge'
  }
  set mergePolicy(value: MergePolicy) {
    reflect(this, 'merge-policy', value)
  }

  get storage(): StorageMode {
    const storage = this.getAttribute('storage')
    return storage === 'session' || storage === 'on-interaction' || storage === 'none'
      ? storage
      : 'persistent'
  }
  set storage(value: StorageMode) {
    reflect(this, 'storage', value)
  }
}

export interface AttributesElement {
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
