// @ts-check
/** The page with one script tag: talks to the command queue. */
import { startHost } from './host.js'

// Looked up at each call: the queue is replaced by the real function once `embed.js` is there.
const command = (/** @type {unknown[]} */ ...call) =>
  /** @type {typeof window & { ChatWidget: (...call: unknown[]) => any }} */ (window).ChatWidget(...call)

startHost({
  setUser: (user) => command('setUser', user),
  logout: () => command('logout'),
  cancelLogin: (requestId) => command('cancelLogin', requestId),
  show: () => command('show'),
})
