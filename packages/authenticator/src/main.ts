/** The authenticator's entry: one client for the server that the page is of, handed to the root element. */
import { AuthenticatorClient } from './device/authenticator-client.ts'
import { createDeviceStore } from './device/device-store.ts'
import { keepLink, keptLink, takeLink } from './link.ts'
import { createNotices } from './notices.ts'
import { loadStrings } from './strings/load-strings.ts'
import './define.ts'

// Before anything else: a code must not stay in the URL.
const link = takeLink(window) ?? keptLink()
const element = document.querySelector('authenticator-app')
if (element !== null) {
  const strings = await loadStrings(navigator.languages)
  document.documentElement.lang = new Intl.Locale(strings.locale).language
  document.documentElement.dir = strings.dir
  const server = new URL('..', location.href)
  // Servers below different paths of one origin share its storage.
  const store = createDeviceStore(`chat-authenticator${server.pathname.slice(0, -1)}`)
  const client = new AuthenticatorClient({ server: server.href, store })
  Object.assign(element, { strings, link, notices: createNotices(), client, keepLink })
  addEventListener('hashchange', () => {
    element.link = takeLink(window) ?? element.link
  })
  await client.start()
}
