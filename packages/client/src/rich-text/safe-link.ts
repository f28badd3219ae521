/** Links whose address comes from outside: allowed schemes only, and no text that spells another address. */
import { isSafeUrl, LINK_SCHEMES, plainName } from '@chat-widget/protocol'
import { plainTextOf, type RichLink, type RichNode } from './rich-node.ts'

/** A browser takes brackets and quotes into the name of a host; none has them. */
const HOST_NAME = /^[\w.:[\]-]*$/

/** The address as the browser resolves it; `null` if it is relative or not safe. */
export function safeHref(address: string): string | null {
  if (!isSafeUrl(address, LINK_SCHEMES)) return null
  const { href, hostname } = new URL(address)
  return HOST_NAME.test(hostname) ? href : null
}

/** Names of hosts in a text, and whatever looks like one. */
const HOSTS = /[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*(?:[.\u3002\uff0e\uff61][\p{L}\p{M}\p{N}-]+)+/gu

const hostOf = (address: string) => {
  try {
    const { hostname, pathname, protocol } = new URL(address)
    return protocol === 'mailto:' ? (pathname.split('@').at(-1) ?? '').toLowerCase() : hostname
  } catch {
    return ''
  }
}
/** A path may look like a host, and is none. */
const PATH = new RegExp(`(${HOSTS.source})(:\\d+)?[/?#]\\S*`, 'gu')
const withoutWww = (host: string) => host.replace(/^www\./, '')

/**
 * The host that a link leads to, if its text names another one; else `null`. A host in other letters is written as the
 * browser resolves it: `xn--…`.
 */
export function otherHost(text: string, href: string): string | null {
  const host = withoutWww(hostOf(href))
  const names = plainName(text).normalize('NFKC').replace(PATH, '$1').match(HOSTS) ?? []
  const isOther = names.some((name) => withoutWww(hostOf(`https://${name}`)) !== host)
  return isOther && host !== '' ? host : null
}

/** A link, and behind it the host that it leads to where its text names another. */
export function linkTo(href: string, children: readonly RichNode[]): readonly RichNode[] {
  const host = otherHost(plainTextOf(children), href)
  const link: RichLink = { tag: 'a', href, children }
  return host === null ? [link] : [link, ` (${host})`]
}
