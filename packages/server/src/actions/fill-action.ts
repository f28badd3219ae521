/** Builds the call to the company's API: the target from the configuration, the values from the verified context. */
import type { ActionConfig, ContextStyle } from '../config/config.ts'
import { type Context, lookUp } from '../identity/context.ts'
import type { OutboundCall } from '../outbound/call-json.ts'
import { isHeaderValue } from '../outbound/headers.ts'
import type { ActionParams } from '../storage/storage.ts'
import { type AsappRequestParts, readAsappContext } from './asapp-context.ts'

export type FilledAction =
  | {
      readonly kind: 'call'
      readonly call: OutboundCall
      /** Values of the context that are sent, as text. */
      readonly values: readonly string[]
    }
  /** The context lacks a value that the action needs. Treated like a refusal: a fresh context may have it. */
  | { readonly kind: 'value-missing' }
  /** A value that could break out of its header. */
  | { readonly kind: 'value-refused' }

class FillError extends Error {
  readonly kind: 'value-missing' | 'value-refused'
  constructor(kind: 'value-missing' | 'value-refused') {
    super(kind)
    this.kind = kind
  }
}

/** Fills in an action. `style` adds headers and body by a convention, beside those that the configuration names. */
export function fillAction(
  config: ActionConfig,
  params: ActionParams,
  context: Context,
  style?: ContextStyle,
): FilledAction {
  try {
    const added = style === 'asapp' ? addedBy(context) : NOTHING
    const values = [...added.values]
    const fill = (text: string) => fillFrom(context, text, values)
    const body = config.method === 'POST' ? JSON.stringify({ ...added.body, ...params }) : undefined
    return {
      kind: 'call',
      call: {
        url: targetOf(config, params, fill),
        method: config.method,
        headers: headersOf(config, added, fill),
        allowPrivateAddress: config.allowPrivateAddress,
        ...(body === undefined ? {} : { body }),
      },
      values,
    }
  } catch (error) {
    if (error instanceof FillError) return { kind: error.kind }
    throw error
  }
}

const NOTHING: AsappRequestParts = { headers: {}, body: {}, values: [] }

/** The text with its placeholders filled. */
type Fill = (text: string) => string

function addedBy(context: Context): AsappRequestParts {
  const parts = readAsappContext(context)
  if (parts === null) throw new FillError('value-refused')
  return parts
}

/**
 * Headers of the configuration win over those of a context, and fields of the context over a bot's parameters in the
 * body.
 */
function headersOf(
  config: ActionConfig,
  added: AsappRequestParts,
  fill: Fill,
): Readonly<Record<string, string>> {
  const configured = Object.entries(config.headers).map(
    ([name, text]) => [name, inHeader(fill(text))] as const,
  )
  const names = new Set(configured.map(([name]) => name.toLowerCase()))
  const others = Object.entries(added.headers).filter(([name]) => !names.has(name))
  return Object.fromEntries([...others, ...configured])
}

function targetOf(config: ActionConfig, params: ActionParams, fill: Fill): URL {
  const url = new URL(config.url)
  const configured = [...url.searchParams].map(([key, text]) => [key, fill(text)] as const)
  const names = new Set(configured.map(([key]) => key))
  // A bot's parameter can neither replace nor repeat a parameter of the configuration.
  const asked = Object.entries(config.method === 'GET' ? params : {}).filter(([key]) => !names.has(key))
  const query = new URLSearchParams()
  for (const [key, value] of [...configured, ...asked]) query.append(key, String(value))
  url.search = query.toString()
  return url
}

/** Adds to `used` what it took from the context. */
function fillFrom(context: Context, text: string, used: string[]): string {
  return text.replaceAll(/\{([^{}]*)\}/g, (_match, path: string) => {
    const value = wordsOf(lookUp(context, path))
    used.push(value)
    return value
  })
}

function wordsOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  // A list of words is joined by spaces, as OAuth writes scopes.
  if (isListOfWords(value)) return value.join(' ')
  if (typeof value !== 'string' || value === '') throw new FillError('value-missing')
  return value
}

function inHeader(value: string): string {
  if (!isHeaderValue(value)) throw new FillError('value-refused')
  return value
}

function isListOfWords(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string' && word !== '')
  )
}
