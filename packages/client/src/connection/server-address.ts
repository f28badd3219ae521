/** A server's address: its origin, and the path below which it answers. */
import { attempt } from '../browser/browser.ts'

/** Reduces a host's value to origin and path, without a trailing slash, so that one server has one address. */
export function serverAddress(server: string): string {
  const base = /^\//.test(server) ? globalThis.location?.href : undefined
  const url = attempt(() => new URL(server, base))
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  // Also where a host gives none.
  return `${isWeb ? url.origin + url.pathname : server}`.replace(/\/+$/, '')
}
