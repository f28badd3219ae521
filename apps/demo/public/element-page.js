// @ts-check
/** The page with `<chat-widget>`: uses the element. */
import { startHost } from './host.js'

/** @typedef {import('./host.js').ChatUser} ChatUser */
/** @typedef {HTMLElement & { user: ChatUser | null, show?(): void, logout?(): Promise<void>, cancelLogin?(requestId: string): void }} ChatWidget */

const widget = /** @type {ChatWidget} */ (document.querySelector('chat-widget'))

startHost({
  // A property may be set at any time; a method exists only once the widget's script has loaded.
  setUser(user) {
    widget.user = user
  },
  logout: () => widget.logout?.(),
  cancelLogin: (requestId) => widget.cancelLogin?.(requestId),
  show: () => widget.show?.(),
})
