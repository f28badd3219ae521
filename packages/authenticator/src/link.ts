/** Links to the page. Their values are in the fragment, which is sent nowhere, and are removed from the URL at once. */
import { attempt, tabArea } from '@chat-widget/client/browser'
import { type AppId, AUTHENTICATOR_LIMITS, type AuthenticationRequestId } from '@chat-widget/protocol'

export type PageLink =
  /** `#app=shop&request=…&callback=…`: connect this identifier to an app, and show a request of it. */
  | {
      readonly kind: 'connect'
      readonly app: AppId
      readonly request: AuthenticationRequestId | null
      readonly callback: string | null
    }
  /** `#device=CODE`: add a device, by another one's invitation. */
  | { readonly kind: 'join'; readonly code: string }

function readLink(hash: string): PageLink | null {
  const values = new URLSearchParams(hash.replace(/^#/, ''))
  const code = values.get('device')
  if (code) return { kind: 'join', code }
  const app = values.get('app')
  if (!app) return null
  return {
    kind: 'connect',
    app: app as AppId,
    request: values.get('request') as AuthenticationRequestId | null,
    callback: callbackOf(values.get('callback')),
  }
}

/** A callback that is too long is dropped; the app is connected all the same. */
const callbackOf = (callback: string | null): string | null =>
  callback === null || callback.length > AUTHENTICATOR_LIMITS.callbackLength ? null : callback

/** Reads the page's link, and removes it from the URL and the history. */
export function takeLink(page: Pick<Window, 'location' | 'history'>): PageLink | null {
  const { hash, pathname, search } = page.location
  if (hash === '') return null
  page.history.replaceState(null, '', `${pathname}${search}`)
  return readLink(hash)
}

const KEPT = 'link'

/**
 * Kept in this tab until it is done: a reload must not lose it, and the URL no longer has it. Without storage it is
 * lost with the page.
 */
export function keepLink(link: PageLink | null): void {
  attempt(() =>
    link === null ? tabArea()?.removeItem(KEPT) : tabArea()?.setItem(KEPT, JSON.stringify(link)),
  )
}

export const keptLink = (): PageLink | null =>
  attempt(() => JSON.parse(tabArea()?.getItem(KEPT) ?? 'null') as PageLink | null) ?? null

/** Finds the code, also in a pasted link. */
export function readDeviceCode(typed: string): string {
  const text = typed.trim()
  const link = readLink(text.slice(Math.max(0, text.indexOf('#'))))
  return link?.kind === 'join' ? link.code : text
}

/** `page`: the address of this page. */
export const deviceLink = (page: string, code: string): string =>
  `${new URL('.', page).href}#${new URLSearchParams({ device: code })}`
