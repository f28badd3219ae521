/** An app's allow-listed origins: exact, or with `*` for the port or for one leading label. */
import { domainToASCII } from 'node:url'

const PATTERN = /^(https?):\/\/(\*\.)?([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/i
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** Of an app's own web view, e.g. `capacitor://localhost`; browsers give the others no origin of their own. */
const CUSTOM =
  /^(?!https?:|wss?:|ftp:|file:|blob:|data:|javascript:|about:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/i

/** True for an origin whose scheme is an app's own. */
export const isCustomOrigin = (origin: string): boolean => CUSTOM.test(origin)

/** Brings an origin to the form browsers send (lower case, no default port), or says what is wrong. */
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

/** An origin with an internationalised host as browsers send it; `null` for any other. */
function inPunycode(value: string): string | null {
  const [, scheme = '', wildcard = '', host = '', rest = ''] =
    /^(https?:\/\/)(\*\.)?([^/:?#]+)(:[\d*]+)?$/i.exec(value) ?? []
  const ascii = domainToASCII(host)
  if (ascii === '' || ascii === host.toLowerCase()) return null
  return `${scheme.toLowerCase()}${wildcard}${ascii}${rest}`
}
