// @ts-check
/** The page with one script tag: talks to the command queue. */
import { startHost } from './host.js'

const page =
  /** @type {typeof window & { ChatWidget(...call: unknown[]): any, takeEarlyEvents(): Event[] }} */ (window)

startHost(
  {
    // Looked up at each call: the queue is replaced by the real function once `embed.js` is there.
    setUser: (user) => page.ChatWidget('setUser', user),
    logout: () => page.ChatWidget('logout'),
    cancelLogin: (requestId) => page.ChatWidget('cancelLogin', requestId),
    show: () => page.ChatWidget('show'),
  },
  page.takeEarlyEvents(),
)
