/** Where a server is: its origin, and the path below which it answers. */
import { attempt } from '../browser/browser.ts'

/** Reduces what a host wrote to origin and path, without a slash at its end, so that one server has one name. */
export function serverAddress(server: string): string {
  const base = server.startsWith('/') ? globalThis.location?.href : undefined
  const url = attempt(() => new URL(server, base))
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  return (isWeb ? url.origin + url.pathname : server).replace(/\/+$/, '')
}
