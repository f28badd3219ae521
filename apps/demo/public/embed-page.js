// @ts-check
/** The page with one script tag: uses the command queue. */
import { startHost } from './host.js'

const page =
  /** @type {typeof window & { ChatWidget(...call: unknown[]): any, takeEarlyEvents(): Event[] }} */ (window)

startHost(
  {
    // Looked up at each call: `embed.js` replaces the queue by the real function.
    setUser: (user) => page.ChatWidget('setUser', user),
    logout: () => page.ChatWidget('logout'),
    cancelLogin: (requestId) => page.ChatWidget('cancelLogin', requestId),
    show: () => page.ChatWidget('show'),
  },
  page.takeEarlyEvents(),
)
