/** Headers that a call to another server may carry. */

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Set by the HTTP client itself; another value would contradict the request. */
const CLIENTS_OWN: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
])

/** True for a token of HTTP, as in names of headers and cookies. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

export function isSettableHeader(name: string): boolean {
  return isToken(name) && !CLIENTS_OWN.has(name.toLowerCase())
}

/** Node refuses other characters too, but its error quotes the value. */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}
