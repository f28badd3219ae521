/** Validates a provider's result: a plain JSON object of at most 16 KiB ([ID3]). */
import { ChatError, LIMITS } from '@chat-widget/protocol'
import type { RequestContext } from '../chat-state.ts'

/** Returns the context as it is sent. Throws `context-invalid`, whose message contains nothing of it. */
export function validateContext(value: unknown): RequestContext {
  if (!isPlainObject(value)) throw invalid('must return a plain object')
  let json: string
  try {
    json = JSON.stringify(value)
  } catch (cause) {
    throw new ChatError('context-invalid', 'requestContextProvider must return what JSON can hold', { cause })
  }
  if (new TextEncoder().encode(json).length > LIMITS.contextBytes) {
    throw invalid(`must return at most ${LIMITS.contextBytes} bytes of JSON`)
  }
  const context: unknown = JSON.parse(json)
  // `toJSON` may have changed its type.
  if (!isPlainObject(context)) throw invalid('must return a plain object')
  return context
}

const invalid = (what: string) => new ChatError('context-invalid', `requestContextProvider ${what}`)

function isPlainObject(value: unknown): value is RequestContext {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another frame have another `Object.prototype`, whose own prototype is `null` as well.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
