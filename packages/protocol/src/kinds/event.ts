/** An event in the conversation, made by the server. Clients word it in their language. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import { plainName } from '../plain-name.ts'
import { cardsKind } from './cards.ts'
import { place } from './choice.ts'
import { formKind } from './form.ts'
import type { KindDefinition } from './kind.ts'
import type { WireType } from './schema-parts.ts'
import { textKind } from './text.ts'

/** A visitor's rating of a closed conversation: 1 is the worst. */
export const ratingValue = z.int().min(1).max(LIMITS.ratingMost)

const content = <Kind extends string>(kind: Kind) => z.object({ kind: z.literal(kind), text: z.string() })
const changeable = z.discriminatedUnion('kind', [
  content('text').extend(textKind.details.shape),
  content('cards').extend(cardsKind.details.shape),
  content('form').extend(formKind.details.shape),
])

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('signed-in'), userIdentifier: z.string() }),
  z.object({
    type: z.literal('handed-to-agents'),
    cause: z
      .enum(['bot-failed', 'bot-asked', 'agent-joined', 'company-asked'])
      .describe(
        '`company-asked`: over REST; `agent-joined`: an agent took the conversation over from the bot',
      ),
  }),
  z.object({ type: z.literal('handed-to-bot') }),
  z.object({
    type: z.literal('joined'),
    agent: z.object({ name: z.string(), avatar: z.string().optional() }),
  }),
  z.object({ type: z.literal('closed') }),
  z.object({ type: z.literal('reopened') }),
  z.object({
    type: z.literal('rated'),
    rating: ratingValue,
    text: z.string().optional().describe('what the visitor wrote about it'),
  }),
  z.object({
    type: z.literal('edited'),
    of: place.describe('the seq of the message, which it keeps'),
    body: changeable.optional().describe('what the message says from now on; absent once it was deleted'),
  }),
  z.object({ type: z.literal('deleted'), of: place }),
])
/** Kinds of messages that can be edited. */
export const CHANGEABLE_KINDS = ['text', 'cards', 'form'] as const satisfies readonly z.output<
  typeof changeable
>['kind'][]
/** Kinds of messages that can be deleted. */
export const DELETABLE_KINDS = [...CHANGEABLE_KINDS, 'file'] as const

/** Text of a deleted message, and of the event of its deletion. */
export const DELETED = 'A message was deleted.'
/** Text of a message that went with the data of a customer who was erased. */
export const DELETED_BY_REQUEST = 'Deleted by request.'

export type ConversationEvent = WireType<z.output<typeof event>>
/** Reason for which a conversation went to the agents. */
export type HandOverCause = Extract<ConversationEvent, { type: 'handed-to-agents' }>['cause']

export const eventKind = {
  details: z.object({ event }),
  posted: {},
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
    case 'joined':
      return `${plainName(event.agent.name)} joined the conversation.`
    case 'closed':
      return 'The conversation was closed.'
    case 'reopened':
      return 'The conversation was opened again.'
    case 'rated':
      return `Rated ${event.rating} of ${LIMITS.ratingMost}${event.text === undefined ? '.' : `: ${event.text}`}`
    case 'edited':
      return event.body === undefined ? 'A message was edited.' : `Edited: ${event.body.text}`
    case 'deleted':
      return DELETED
    default:
      return event satisfies never
  }
}
