/** What a visitor types to say whom to ask. */
import type { BuiltInMethod } from '@chat-widget/protocol'

/** Digits as Arabic and Persian keyboards write them. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g
/** How people group ten digits. */
const GAPS = /[\s\-.()\u2010-\u2015]/g

/** As it goes to the server, or `null` where it is no such address. The server is stricter. */
export function addressOf(method: BuiltInMethod, typed: string): string | null {
  if (method === 'email') {
    const address = typed.trim()
    return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(address) ? address : null
  }
  const digits = typed.replace(OTHER_DIGITS, (digit) => String(digit.charCodeAt(0) & 15)).replace(GAPS, '')
  return /^\d{10}$/.test(digits) ? digits : null
}

/** As it is shown; it keeps its direction of writing in a sentence of any other. */
export function shownAddress(method: BuiltInMethod, address: string): string {
  const text = method === 'identifier' ? address.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3') : address
  return `\u2066${text}\u2069`
}
