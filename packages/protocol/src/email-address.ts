/** Email addresses by RFC 5321 and RFC 6531: parses them, and compares mailboxes. */

import { IPV4, readHost } from './host.ts'

/** Exists in browsers and in Node; this package has the types of neither. */
declare const TextEncoder: new () => { encode(text: string): { readonly length: number } }

/** Most octets of the part before the `@`. */
const MOST_LOCAL = 64
const MOST = 254
/** Most octets of the whole address, with the domain in ASCII. */
const ATOM = /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\p{ASCII}\p{C}\p{Z}])+$/u
const QUOTED = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])+"$/
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/**
 * Returns the address in the spelling that mail is sent to: the domain as punycode, no needless quotes, and the case as
 * written. `null` for an invalid address.
 */
export function readEmailAddress(text: string): string | null {
  const at = text.lastIndexOf('@')
  const local = readLocal(text.slice(0, Math.max(0, at)))
  const domain = readDomain(text.slice(at + 1))
  if (local === null || domain === null) return null
  const address = `${local}@${domain}`
  return address.length <= MOST ? address : null
}

/**
 * Key by which addresses are compared. Mail servers ignore the case of ASCII letters, and DNS that of the domain. Other
 * letters stay: some of them, like the Kelvin sign, would become ASCII ones, and so another person's address.
 */
export const foldEmail = (address: string): string =>
  address.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())

function readLocal(text: string): string | null {
  const local = QUOTED.test(text) ? unquoted(text) : text
  if (new TextEncoder().encode(local).length > MOST_LOCAL) return null
  return QUOTED.test(local) || local.split('.').every((atom) => ATOM.test(atom)) ? local : null
}

/** Gives a mailbox one spelling: `"ann"` is `ann`, and `"a\nn b"` is `"ann b"`. */
function unquoted(text: string): string {
  const content = text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
  if (content.split('.').every((atom) => ATOM.test(atom))) return content
  return `"${content.replaceAll(/["\\]/g, '\\$&')}"`
}

function readDomain(text: string): string | null {
  if (text.startsWith('[')) return readLiteral(text)
  const domain = /^\p{ASCII}*$/u.test(text) ? text : asciiOf(text)
  const labels = domain?.split('.') ?? []
  // An IP address is not accepted as a domain: mail programs would look it up as one.
  const isDomain =
    labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
  return isDomain ? (domain ?? null) : null
}

/** Converts as browsers do. Refuses characters that would end the host in a URL, or be invisible in it. */
function asciiOf(domain: string): string | null {
  if (/[\p{C}\p{Z}/\\?#@:%[\]]/u.test(domain)) return null
  return readHost(domain)
}

function readLiteral(text: string): string | null {
  const content = /^\[(?:(IPv6:)([0-9A-Fa-f:.]{2,45})|([0-9.]{7,15}))\]$/i.exec(text)
  if (content === null) return null
  const [, , ipv6, ipv4] = content
  if (ipv4 !== undefined) return IPV4.test(ipv4) ? text : null
  const host = readHost(`[${ipv6}]`)
  return host === null ? null : `[IPv6:${host.slice(1, -1)}]`
}
