/** Links into the page. What they say is in the fragment, which is sent nowhere, and is taken off the address at once. */
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
  /** `#device=CODE`: one more device, by the invitation of another one. */
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

/** One that is too long is not gone back to; the app is connected all the same. */
const callbackOf = (callback: string | null): string | null =>
  callback === null || callback.length > AUTHENTICATOR_LIMITS.callbackLength ? null : callback

/** Reads the page's own link; afterwards neither the address nor the history holds it. */
export function takeLink(page: Pick<Window, 'location' | 'history'>): PageLink | null {
  const { hash, pathname, search } = page.location
  if (hash === '') return null
  page.history.replaceState(null, '', `${pathname}${search}`)
  return readLink(hash)
}

const KEPT = 'link'

/**
 * Kept in this tab until what it says is done: a reload must not lose it, and the address holds it no more. A browser
 * that stores nothing loses it with the page.
 */
export function keepLink(link: PageLink | null): void {
  attempt(() =>
    link === null ? tabArea()?.removeItem(KEPT) : tabArea()?.setItem(KEPT, JSON.stringify(link)),
  )
}

export const keptLink = (): PageLink | null =>
  attempt(() => JSON.parse(tabArea()?.getItem(KEPT) ?? 'null') as PageLink | null) ?? null

/** A code, also out of a whole link that was pasted. */
export function readDeviceCode(typed: string): string {
  const text = typed.trim()
  const link = readLink(text.slice(Math.max(0, text.indexOf('#'))))
  return link?.kind === 'join' ? link.code : text
}

export const deviceLink = (origin: string, code: string): string =>
  `${origin}/authenticator/#${new URLSearchParams({ device: code })}`
