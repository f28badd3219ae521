/** Validators of a client's stored values. They check only what would break the client: the server checks the rest. */
import type { StoredChecks } from './checked-storage.ts'

type Shape = Readonly<Record<string, (value: unknown) => boolean>>

const isString = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isDate = (value: unknown) => isString(value) && !Number.isNaN(Date.parse(value as string))
const or = (other: null | undefined, check: (value: unknown) => boolean) => (value: unknown) =>
  value === other || check(value)

const hasShape = (shape: Shape) => (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(shape).every(([name, check]) => check((value as Record<string, unknown>)[name]))

const isSecret = (value: unknown) =>
  isString(value) && (value as string).length >= 16 && (value as string).length <= 256

const one = (check: (value: unknown) => boolean) => (value: unknown) => (check(value) ? value : undefined)

/** Removes a list's invalid entries. */
export const listOf = (check: (value: unknown) => boolean) => (value: unknown) => {
  if (!Array.isArray(value)) return undefined
  return value.every(check) ? value : value.filter(check)
}

/** True for an unacknowledged message. */
export const isEntry = (isBody: (body: unknown) => boolean) =>
  hasShape({
    clientId: isString,
    conversationId: or(null, isString),
    body: isBody,
    owner: isString,
    createdAt: isDate,
  })

export const STORED_CHECKS: StoredChecks = {
  outbox: listOf(isEntry((body) => isString(body) || hasShape({})(body))),
  sent: listOf(hasShape({ clientId: isString, conversationId: isString })),
  draft: one(hasShape({ owner: isString, text: isString })),
  drafts: one(hasShape({ owner: isString, texts: hasShape({}) })),
  session: one(
    hasShape({
      token: isSecret,
      visitor: or(undefined, hasShape({ userIdentifier: isString, method: isString })),
    }),
  ),
  logins: listOf(
    hasShape({ requestId: isString, state: hasShape({ status: isString }), timesOutAt: isNumber }),
  ),
  'sign-in': one(
    hasShape({
      ...{ id: isString, secret: isString, session: isSecret, method: isString, address: isString },
      ...{ bindingCode: isString, expiresAt: isNumber, resendAt: isNumber },
      userIdentifier: or(undefined, isString),
    }),
  ),
  departure: one(isString),
}
