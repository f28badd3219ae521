/** Placeholders in templates: `{agent}`, `{visitor}`, `{Plan}` (a claim's label), each with other words behind a bar. */
import type { Agent } from '@chat-widget/client/agent'
import { type ConversationSummary, plainName } from '@chat-widget/protocol'

/** By name, in lower case. */
export type PlaceholderValues = ReadonlyMap<string, string>

const PLACEHOLDER = /\{([\p{L}\p{N} _-]{1,60})(?:\|([^{}|]{0,200}))?\}/gu

export function placeholderValues(
  { visitor }: Pick<ConversationSummary, 'visitor'>,
  agent: Agent | null,
): PlaceholderValues {
  return new Map([
    ...(visitor.verified
      ? [
          ...visitor.claims.map(({ label, value }) => [label.toLowerCase(), plainName(value)] as const),
          ['visitor', plainName(visitor.userIdentifier)] as const,
        ]
      : []),
    ...(agent === null ? [] : [['agent', plainName(agent.name)] as const]),
  ])
}

/** One that is not known stays as it stands, so that the agent sees it, unless it has words for that. */
function filledText(text: string, values: PlaceholderValues, write = (value: string) => value): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string, other?: string) => {
    const value = values.get(name.trim().toLowerCase()) ?? other
    return value === undefined ? whole : write(value)
  })
}

/** The body with its placeholders replaced, in each of its texts. */
export const filled = <Body>(body: Body, values: PlaceholderValues): Body =>
  JSON.parse(JSON.stringify(body), (key, value) =>
    typeof value === 'string'
      ? filledText(value, values, key === 'url' ? encodeURIComponent : undefined)
      : value,
  )
