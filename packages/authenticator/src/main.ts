/** The authenticator's entry: one client for the page's own server, handed to the root element. */
import { AuthenticatorClient } from './device/authenticator-client.ts'
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
  const client = new AuthenticatorClient({ server: location.origin })
  Object.assign(element, { strings, link, notices: createNotices(), client, keepLink })
  addEventListener('hashchange', () => {
    element.link = takeLink(window) ?? element.link
  })
  await client.start()
}
