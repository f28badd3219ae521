/** Allow-lists of origins: exact, or with `*` for the port or for one leading label. Parses and matches them. */
import { domainToASCII } from 'node:url'

const PATTERN = /^(https?):\/\/(\*\.)?([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/i
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * Origins of an app's own web view, e.g. `capacitor://localhost`; browsers give other schemes no origin of their own.
 */
const CUSTOM =
  /^(?!https?:|wss?:|ftp:|file:|blob:|data:|javascript:|about:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/i

/** True for an origin whose scheme is an app's own. */
const isCustomOrigin = (origin: string): boolean => CUSTOM.test(origin)

/** Returns an origin in the form that browsers send (lower case, no default port), or the problem. */
export function normalizeOrigin(
  value: string,
): { readonly ok: true; readonly origin: string } | { readonly ok: false; readonly problem: string } {
  const fail = (problem: string) => ({ ok: false, problem: `${JSON.stringify(value)} ${problem}` }) as const
  const match = PATTERN.exec(value)
  if (isCustomOrigin(value)) return { ok: true, origin: value.toLowerCase() }
  const punycode = match === null ? inPunycode(value) : null
  if (punycode !== null) return fail(`has a host that browsers send in punycode; write ${punycode}`)
  if (match === null)
    return fail(
      'is not an origin; write scheme://host[:port], without a path, e.g. https://shop.example.com, http://localhost:* or https://*.example.com',
    )
  const [, rawScheme = '', wildcard = '', rawHost = '', port] = match
  const scheme = rawScheme.toLowerCase()
  const host = rawHost.toLowerCase()
  if (!URL.canParse(`${scheme}://${host}`) || new URL(`${scheme}://${host}`).hostname !== host)
    return fail('has a malformed host')
  if (wildcard !== '' && host !== 'localhost' && (!host.includes('.') || /^[\d.]+$/.test(host)))
    return fail('would allow every site under a top-level domain')
  if (port !== undefined && port !== '*' && (Number(port) < 1 || Number(port) > 65_535))
    return fail('has no valid port')
  const suffix = port === undefined || port === DEFAULT_PORTS[scheme] ? '' : `:${port}`
  return { ok: true, origin: `${scheme}://${wildcard}${host}${suffix}` }
}

/** Returns an origin with an internationalised host as browsers send it; `null` for any other. */
function inPunycode(value: string): string | null {
  const [, scheme = '', wildcard = '', host = '', rest = ''] =
    /^(https?:\/\/)(\*\.)?([^/:?#]+)(:[\d*]+)?$/i.exec(value) ?? []
  const ascii = domainToASCII(host)
  if (ascii === '' || ascii === host.toLowerCase()) return null
  return `${scheme.toLowerCase()}${wildcard}${ascii}${rest}`
}

/** `patterns`: normalised by the configuration; `origin`: as a browser sends it. `null` origins never match. */
export function originAllowed(origin: string, patterns: readonly string[]): boolean {
  // Origins with an app's own scheme are compared as a whole.
  if (isCustomOrigin(origin)) return patterns.includes(origin.toLowerCase())
  const candidate = parse(origin)
  return candidate !== null && patterns.some((pattern) => matches(candidate, pattern))
}

/** True if a request comes from a page of the same host that it is sent to. */
export function isSameHost(origin: string, host: string | undefined): boolean {
  const candidate = parse(origin)
  return (
    candidate !== null && host !== undefined && candidate.url.host === stripDefaultPort(host, candidate.url)
  )
}

interface Candidate {
  readonly text: string
  readonly url: URL
}

function parse(origin: string): Candidate | null {
  const text = origin.toLowerCase()
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  // Nothing but an origin: no path, no credentials, no `null`.
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === text ? { text, url } : null
}

function matches({ text, url }: Candidate, pattern: string): boolean {
  if (!pattern.includes('*')) return pattern === text
  const [scheme, rest] = split(pattern, '://')
  if (`${scheme}:` !== url.protocol) return false
  const colon = rest.lastIndexOf(':')
  const hasPort = colon > rest.lastIndexOf(']')
  const host = hasPort && colon >= 0 ? rest.slice(0, colon) : rest
  const port = hasPort && colon >= 0 ? rest.slice(colon + 1) : ''
  return (port === '*' || port === url.port) && hostMatches(url.hostname, host)
}

function hostMatches(hostname: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return hostname === pattern
  const suffix = pattern.slice(1)
  const label = hostname.slice(0, -suffix.length)
  return hostname.endsWith(suffix) && label !== '' && !label.includes('.')
}

function split(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)]
}

function stripDefaultPort(host: string, { protocol }: URL): string {
  const suffix = protocol === 'https:' ? ':443' : ':80'
  const lower = host.toLowerCase()
  return lower.endsWith(suffix) ? lower.slice(0, -suffix.length) : lower
}
