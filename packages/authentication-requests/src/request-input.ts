/** Validates callers' input; every error names the argument. */
import {
  type Addressee,
  AUTHENTICATION_REQUEST_LIMITS,
  type AuthenticationRequestBody,
  readEmailAddress,
} from '@chat-widget/protocol'
import type { RequestOptions, Whom } from './authentication-client-api.ts'
import { readCid } from './own-ids.ts'

const LIMITS = AUTHENTICATION_REQUEST_LIMITS
/** Long enough for brackets, zone and port, which the server removes. */
const IP_LENGTH = 100
/** Returns `null` for the person who scans the request's code. */
function readWhom(whom: Whom): Addressee | null {
  if (typeof whom === 'string') {
    if (whom.includes('@'))
      throw new TypeError('selfid: an identifier has ten digits; pass { email } to ask by email address')
    return { kind: 'identifier', identifier: readIdentifier('selfid', whom) }
  }
  if (typeof whom !== 'object' || whom === null)
    throw new TypeError('selfid: a ten-digit identifier, { email } or { identifier } is needed')
  const { email, identifier, scan, ...rest } = whom as Readonly<Record<string, unknown>>
  refuseUnknown('selfid', rest)
  if (scan === true && email === undefined && identifier === undefined) return null
  if (scan !== undefined) throw new TypeError('scan: true is needed, and neither email nor identifier')
  if ((email === undefined) === (identifier === undefined))
    throw new TypeError('selfid: either email or identifier is needed')
  if (email === undefined) return { kind: 'identifier', identifier: readIdentifier('identifier', identifier) }
  return { kind: 'email', email: readEmail(email) }
}

function readIdentifier(name: string, value: unknown): string {
  if (typeof value !== 'string' || !/^\d{10}$/.test(value))
    throw new TypeError(`${name}: an identifier has ten digits`)
  return value
}

function readEmail(value: unknown): string {
  const address = typeof value === 'string' ? readEmailAddress(value) : null
  if (address === null)
    throw new TypeError(`email: an email address of at most ${LIMITS.emailLength} characters is needed`)
  return address
}

export interface RequestInput {
  /** A UUID, or the caller's own text. */
  readonly cid: string
  readonly asked: Addressee | null
  readonly body: AuthenticationRequestBody
  readonly isAsync: boolean
  readonly waitMs: number
  readonly signal: AbortSignal | undefined
}

export function readRequest(whom: Whom, options: RequestOptions, applicationTitle: string): RequestInput {
  const asked = readWhom(whom)
  const { cid, async, expiresIn, waitForResponse, signal, binding, userName, userIp, userOrigin, ...rest } =
    withoutAbsent(readOptions(options))
  refuseUnknown('options', rest)
  if (async !== undefined && typeof async !== 'boolean') throw new TypeError('async: true or false is needed')
  if (binding !== undefined && binding !== 'none' && binding !== 'code')
    throw new TypeError("binding: 'none' or 'code' is needed")
  const id = cid === undefined ? crypto.randomUUID() : readCid(cid)
  return {
    cid: id,
    asked,
    isAsync: async ?? false,
    waitMs: (readSeconds('waitForResponse', waitForResponse, 0) ?? LIMITS.lifetimeSeconds) * 1000,
    signal: readSignal(signal),
    body: defined({
      ...bodyOf(asked),
      application_title: applicationTitle,
      authentication_request_id: id,
      binding,
      expires_in: readSeconds('expiresIn', expiresIn, 1),
      user_name: readText('userName', userName, LIMITS.nameLength),
      user_ip: readText('userIp', userIp, IP_LENGTH),
      user_origin: readText('userOrigin', userOrigin, LIMITS.originLength),
    }),
  }
}

function bodyOf(asked: Addressee | null): Pick<AuthenticationRequestBody, 'email' | 'identifier' | 'scan'> {
  if (asked === null) return { scan: true }
  return asked.kind === 'email' ? { email: asked.email } : { identifier: asked.identifier }
}

/** Removes `null` and empty options, which count as absent, as in QuantAuth's body. */
const withoutAbsent = (options: RequestOptions): RequestOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== ''))

/** Removes keys that JSON would leave out, so that the type is right. */
function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never
}

function readSeconds(name: string, value: unknown, least: number): number | undefined {
  if (value === undefined) return undefined
  const most = LIMITS.lifetimeSeconds
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new TypeError(`${name}: a whole number of seconds from ${least} to ${most} is needed`)
  return value
}

export function readText(name: string, value: unknown, length: number): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.trim() === '' || value.length > length)
    throw new TypeError(`${name}: a text of 1 to ${length} characters is needed`)
  return value
}

/** Throws a `TypeError` that names the argument, instead of the one of destructuring. */
export function readOptions<Options extends object>(options: Options): Options {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('options: an object is needed, or nothing')
  return options
}

export function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal
  throw new TypeError('signal: an AbortSignal is needed')
}

/** Refuses unknown options, so that a misspelt one is not ignored. */
export function refuseUnknown(name: string, rest: object): void {
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new TypeError(`${name}: ${unknown} is unknown`)
}
