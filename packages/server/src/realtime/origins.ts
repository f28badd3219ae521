/** Whether a page's origin is on an allow-list of origins with `*` for the port or for one leading label. */
import { isCustomOrigin } from '../config/origin.ts'

/** `patterns` as the configuration normalises them; `origin` as a browser sends it. `null` origins never match. */
export function originAllowed(origin: string, patterns: readonly string[]): boolean {
  // Of an app's own scheme, it is compared as a whole.
  if (isCustomOrigin(origin)) return patterns.includes(origin.toLowerCase())
  const candidate = parse(origin)
  return candidate !== null && patterns.some((pattern) => matches(candidate, pattern))
}

/** Whether a request comes from a page of the very host it is sent to. */
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
  // Only what is nothing but an origin: no path, no credentials, no `null`.
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
