/** IP addresses as logs, proxies and sockets write them. */

import { IPV4, readHost } from './host.ts'

const MAPPED = /^::ffff:(?=\d+\.)/i

/**
 * Returns the address in its one spelling: without port, brackets and zone, which means nothing on another machine.
 * `null` for an invalid address.
 */
export function readIpAddress(text: string): string | null {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)
  const withPort = /^([\d.]+):\d{1,5}$/.exec(text)
  const bare = (bracketed?.[1] ?? withPort?.[1] ?? text).replace(/%[^%\s\p{C}]+$/u, '').replace(MAPPED, '')
  if (IPV4.test(bare)) return bracketed === null || MAPPED.test(text.slice(1)) ? bare : null
  if (!/^[\dA-Fa-f:.]{2,45}$/.test(bare) || !bare.includes(':')) return null
  return readHost(`[${bare}]`)?.slice(1, -1) ?? null
}
