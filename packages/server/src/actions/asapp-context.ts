/** Reads the parts of a context that ASAPP's web SDK keeps under `Auth`, for the requests of actions ([ID16]). */
import { type Context, lookUp } from '../identity/context.ts'
import { isHeaderValue, isSettableHeader, isToken } from '../outbound/headers.ts'

export interface AsappRequestParts {
  /** Keyed by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  /** All texts and numbers in the parts above. */
  readonly values: readonly string[]
}

/**
 * Headers that a context may not set. The visitor writes the context, whatever part of it was verified: these headers
 * would change the request, or tell the company's API who asks in words that only its own proxy may use.
 */
const NOT_THE_VISITORS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'content-encoding',
  'content-type',
  'expect',
  'forwarded',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'via',
  'x-client-ip',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
])
const NOT_THE_VISITORS_PREFIX = /^(proxy-|x-forwarded-)/
/** Without `;`, which would begin another cookie. */
const COOKIE_VALUE = /^[\x20-\x3a\x3c-\x7e]*$/

/** Returns `null` when a part cannot be sent: an action never goes out with incomplete credentials. */
export function readAsappContext(context: Context): AsappRequestParts | null {
  const given = entriesAt(context, 'Auth.Headers')
  const jar = entriesAt(context, 'Auth.Cookies')
  const body = entriesAt(context, 'Auth.Body')
  const token = lookUp(context, 'Auth.Token') ?? ''
  if (given === null || jar === null || body === null || typeof token !== 'string') return null

  const headers = new Map<string, string>()
  if (token !== '') headers.set('authorization', `Bearer ${token}`)
  for (const [name, value] of given) {
    const text = textOf(value)
    if (text === null || !mayBeSet(name)) return null
    headers.set(name.toLowerCase(), text)
  }
  const cookies = jar.map(([name, value]) => cookieOf(name, textOf(value)))
  if (cookies.includes(null)) return null
  const cookie = [...[headers.get('cookie')].filter((own) => own !== undefined), ...cookies].join('; ')
  if (cookie !== '') headers.set('cookie', cookie)
  if (![...headers.values()].every(isHeaderValue)) return null
  const values = textsIn([token, [...given, ...jar].map(([, value]) => value), [...headers.values()], body])
  return { headers: Object.fromEntries(headers), body: Object.fromEntries(body), values }
}

/** Needs no bound on depth: a context's depth was checked when it came in. */
function textsIn(node: unknown): readonly string[] {
  if (typeof node === 'object' && node !== null) return Object.values(node).flatMap(textsIn)
  const text = textOf(node)
  return text === null || text === '' ? [] : [text]
}

/** Returns no entries if the path is absent, `null` if its value is not an object. */
function entriesAt(context: Context, path: string): readonly [string, unknown][] | null {
  const value = lookUp(context, path) ?? {}
  return typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : null
}

function mayBeSet(name: string): boolean {
  const lower = name.toLowerCase()
  return isSettableHeader(name) && !NOT_THE_VISITORS.has(lower) && !NOT_THE_VISITORS_PREFIX.test(lower)
}

function cookieOf(name: string, value: string | null): string | null {
  const isSound = value !== null && COOKIE_VALUE.test(value) && isToken(name)
  return isSound ? `${name}=${value}` : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}
