/** Contexts as devices send them: checked against the limits, and read by own properties only. */
import { ChatError, LIMITS } from '@chat-widget/protocol'

/** The JSON object that host and operator agreed on. */
export type Context = Readonly<Record<string, unknown>>

/** Names that reach an object's prototype in careless code; no context needs them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Throws `context-invalid` unless the value is a JSON object within size and depth. No message quotes a value. */
export function checkContext(value: unknown): Context {
  if (!isPlainObject(value)) throw invalid('The context must be a JSON object.')
  checkNode(value, 1)
  if (Buffer.byteLength(JSON.stringify(value)) > LIMITS.contextBytes) {
    throw invalid(`The context is larger than ${LIMITS.contextBytes} bytes of JSON.`)
  }
  return value
}

/** The value at a dot path, e.g. `Auth.Token`; `undefined` if a part is missing or inherited. */
export function lookUp(context: Context, path: string): unknown {
  let value: unknown = context
  for (const key of path.split('.')) {
    if (!isPlainObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

function checkNode(value: unknown, depth: number): void {
  if (value === null || typeof value !== 'object') {
    checkScalar(value)
    return
  }
  if (depth > LIMITS.contextDepth)
    throw invalid(`The context is nested deeper than ${LIMITS.contextDepth} levels.`)
  if (Array.isArray(value)) {
    for (const item of value) checkNode(item, depth + 1)
    return
  }
  // E.g. buffers: the transport can carry them, JSON cannot.
  if (!isPlainObject(value)) throw invalid('The context holds something that is not JSON.')
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw invalid(`The context holds the forbidden key "${key}".`)
    checkNode(item, depth + 1)
  }
}

function checkScalar(value: unknown): void {
  const isJson =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  if (!isJson) throw invalid('The context holds something that is not JSON.')
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function invalid(message: string): ChatError {
  return new ChatError('context-invalid', message)
}
