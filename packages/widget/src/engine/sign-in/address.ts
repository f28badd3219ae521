/** Parses the address that a visitor types for the person to ask. */
import type { BuiltInMethod } from '@chat-widget/protocol'

/** Digits of Arabic and Persian keyboards. */
const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g
/** Characters by which people group ten digits. */
const GAPS = /[\s\-.()\u2010-\u2015]/g

/** The address as it is sent to the server, or `null` if it is invalid. The server is stricter. */
export function addressOf(method: BuiltInMethod, typed: string): string | null {
  if (method === 'email') {
    const address = typed.trim()
    return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(address) ? address : null
  }
  const digits = typed.replace(OTHER_DIGITS, (digit) => String(digit.charCodeAt(0) & 15)).replace(GAPS, '')
  return /^\d{10}$/.test(digits) ? digits : null
}

/** The address as it is shown; isolated, so that it keeps its direction in any sentence. */
export function shownAddress(method: BuiltInMethod, address: string): string {
  const text = method === 'identifier' ? address.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3') : address
  return `\u2066${text}\u2069`
}
