/** Proxies whose forwarded client addresses are trusted: in the file, or in a list by flag or variable. */
import proxyAddr from '@fastify/proxy-addr'
import { ConfigurationError } from './configuration-error.ts'
import type { Setting } from './flags.ts'

export const PROXY_PROBLEM =
  'must be an address, a range such as 10.0.0.0/8, or loopback, linklocal or uniquelocal'

export function isProxy(value: string): boolean {
  try {
    proxyAddr.compile([value])
    return true
  } catch {
    return false
  }
}

/** Throws `ConfigurationError`. */
export function readTrustedProxies({ key, value }: Setting): readonly string[] {
  const proxies = value
    .split(',')
    .map((proxy) => proxy.trim())
    .filter((proxy) => proxy !== '')
  if (!proxies.every(isProxy)) throw new ConfigurationError(key, `each ${PROXY_PROBLEM}`)
  return proxies
}
