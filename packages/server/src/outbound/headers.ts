/** Which headers a call to somebody else's server may carry. */

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Set by the HTTP client itself; a given value would contradict the request. */
const CLIENTS_OWN: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
])

/** A word of HTTP: what names of headers, and of cookies, are made of. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

export function isSettableHeader(name: string): boolean {
  return isToken(name) && !CLIENTS_OWN.has(name.toLowerCase())
}

/** Node would refuse other characters too, by an error that quotes the value. */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}
