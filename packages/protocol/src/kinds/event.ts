/** An event in the conversation, made by the server. Clients word it in their language. */
import { z } from 'zod'
import { plainName } from '../plain-name.ts'
import type { KindDefinition } from './kind.ts'
import type { WireType } from './schema-parts.ts'

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('signed-in'), userIdentifier: z.string() }),
  z.object({
    type: z.literal('handed-to-agents'),
    cause: z.enum(['bot-failed', 'bot-asked', 'agent-joined']),
  }),
  z.object({ type: z.literal('handed-to-bot') }),
  z.object({ type: z.literal('closed') }),
])
export type ConversationEvent = WireType<z.output<typeof event>>

export const eventKind = {
  details: z.object({ event }),
  posted: null,
  sources: [],
  fallback: (body: { readonly event: ConversationEvent }) => inEnglish(body.event),
} as const satisfies KindDefinition

function inEnglish(event: ConversationEvent): string {
  switch (event.type) {
    case 'signed-in':
      return `Signed in as ${plainName(event.userIdentifier)}.`
    case 'handed-to-agents':
      return event.cause === 'bot-failed'
        ? 'The assistant is not available right now. A person will answer you.'
        : 'A person will answer you.'
    case 'handed-to-bot':
      return 'The assistant will answer you.'
    case 'closed':
      return 'The conversation was closed.'
    default:
      return event satisfies never
  }
}
