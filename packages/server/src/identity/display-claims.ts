/** Claims that agents are shown besides the identifier: read, cleaned and marked here, used nowhere else ([ID9]). */
import type { VisitorClaim } from '@chat-widget/protocol'
import type { AppConfig, DisplayConfig } from '../config/config.ts'
import { oneLine } from '../text/one-line.ts'
import { type Context, lookUp } from './context.ts'

const VALUE_LENGTH = 200

export function displayOf({ context, display }: AppConfig): DisplayConfig {
  return display ?? context?.display ?? {}
}

/** Never throws: a value that cannot be shown is omitted, and nobody is refused for it. */
export function displayClaims(
  app: AppConfig,
  { proven, context }: { readonly proven: Context; readonly context: Context },
): readonly VisitorClaim[] {
  const token = tokenIn(app, context)
  return Object.entries(displayOf(app)).flatMap(([label, source]) => {
    const verified = 'claim' in source
    const text = textOf(() => (verified ? lookUp(proven, source.claim) : lookUp(context, source.context)))
    // Within a sentence, too: `Bearer …` grants as much as the token alone.
    if (text === null || (token !== null && text.includes(token))) return []
    const value = oneLine(text, VALUE_LENGTH)
    return value === '' ? [] : [{ label, value, verified }]
  })
}

function tokenIn({ context: config }: AppConfig, context: Context): string | null {
  const token = config !== undefined && 'tokenPath' in config ? lookUp(context, config.tokenPath) : null
  return typeof token === 'string' && token !== '' ? token : null
}

function textOf(read: () => unknown): string | null {
  try {
    const value = read()
    if (typeof value === 'string') return value
    return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : null
  } catch {
    // An object that the embedding application's function returned may have getters.
    return null
  }
}
