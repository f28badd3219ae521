/** Makes the call to the company's API: the target from the configuration, the values from the verified context. */
import type { ActionConfig } from '../config/config.ts'
import { type Context, lookUp } from '../identity/context.ts'
import type { OutboundCall } from '../outbound/call-json.ts'

export type ActionParams = Readonly<Record<string, string | number | boolean>>

export type FilledAction =
  | { readonly kind: 'call'; readonly call: OutboundCall }
  /** The context lacks a value the action needs: as good as a refusal, a fresh context may have it. */
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

export function fillAction(config: ActionConfig, params: ActionParams, context: Context): FilledAction {
  try {
    const headers = Object.entries(config.headers).map(([name, text]) => [
      name,
      inHeader(fill(text, context)),
    ])
    const body = config.method === 'POST' ? JSON.stringify(params) : undefined
    return {
      kind: 'call',
      call: {
        url: targetOf(config, params, context),
        method: config.method,
        headers: Object.fromEntries(headers) as Record<string, string>,
        allowPrivateAddress: config.allowPrivateAddress,
        ...(body === undefined ? {} : { body }),
      },
    }
  } catch (error) {
    if (error instanceof FillError) return { kind: error.kind }
    throw error
  }
}

function targetOf(config: ActionConfig, params: ActionParams, context: Context): URL {
  const url = new URL(config.url)
  const configured = [...url.searchParams].map(([key, text]) => [key, fill(text, context)] as const)
  const names = new Set(configured.map(([key]) => key))
  // What the configuration sets, a bot's parameter cannot replace or double.
  const asked = Object.entries(config.method === 'GET' ? params : {}).filter(([key]) => !names.has(key))
  const query = new URLSearchParams()
  for (const [key, value] of [...configured, ...asked]) query.append(key, String(value))
  url.search = query.toString()
  return url
}

function fill(text: string, context: Context): string {
  return text.replaceAll(/\{([^{}]*)\}/g, (_match, path: string) => {
    const value = lookUp(context, path)
    if (typeof value === 'number') return String(value)
    if (typeof value !== 'string' || value === '') throw new FillError('value-missing')
    return value
  })
}

/** Node would refuse these characters too, by an error that quotes the value. */
function inHeader(value: string): string {
  for (const character of value) {
    const code = character.charCodeAt(0)
    const isPrintable = (code >= 0x20 && code <= 0x7e) || code === 0x09 || (code >= 0x80 && code <= 0xff)
    if (!isPrintable || character.length > 1) throw new FillError('value-refused')
  }
  return value
}
