/** Bodies and queries of the REST interface for operators and integrations. */
import { z } from 'zod'
import { line, pictureUrl } from '../kinds/choice.ts'
import { postedBy } from '../kinds/message.ts'
import type { WireType } from '../kinds/schema-parts.ts'
import * as LIMITS from '../limits.ts'
import { handler } from './agent.ts'
import { emailAddress, identifier } from './authentication-requests.ts'
import { clientMessageId } from './common.ts'
import { inSnakeCase } from './snake-case.ts'

export const restListQuery = z.strictObject({
  status: z.enum(['open', 'closed']).optional(),
  order: z.enum(['created', 'updated']).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

export const restMessagesQuery = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(LIMITS.fetchMessages).default(LIMITS.fetchMessages),
})

const clientId = clientMessageId.optional()

/** The author of a message that an integration posts. */
const author = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bot') }),
    z.strictObject({
      kind: z.literal('agent'),
      name: line(LIMITS.nameLength),
      avatar: pictureUrl.optional(),
    }),
  ])
  .describe('default: `{ "kind": "bot" }`')
  .optional()

/** `client_id` makes the call idempotent: the same id again answers with the message stored first. */
export const restPostMessage = inSnakeCase(postedBy('rest', { clientId, author }))
const started = {
  ...{ clientId, author },
  userIdentifier: z.string().min(1).max(LIMITS.userIdentifierLength).describe('as the host names the user'),
}
const startedAlone = z.strictObject(started) as unknown as z.ZodType<
  WireType<z.output<z.ZodObject<typeof started>>>,
  WireType<z.input<z.ZodObject<typeof started>>>
>
/** Begins a conversation with a user; without a message of the caller's, by an event that says who answers. */
export const restStartConversation = inSnakeCase(
  [...postedBy('rest', started), startedAlone],
  ['userIdentifier'],
)
export const restEditMessage = inSnakeCase(postedBy('rest', { clientId }))

/** The new handler. */
export const restHandler = z.strictObject({ handler })

export const restMutedQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^[0-9]{1,15}$/, 'must be a cursor of an earlier page')
    .optional(),
})

/** In a body, because URLs are logged. */
export const restAddressee = z
  .strictObject({ email: emailAddress.optional(), identifier: identifier.optional() })
  .superRefine(({ email, identifier }, ctx) => {
    if (email === undefined && identifier === undefined)
      ctx.addIssue({ code: 'custom', path: ['email'], message: 'missing; give an email or an identifier' })
    if (email !== undefined && identifier !== undefined)
      ctx.addIssue({ code: 'custom', path: ['identifier'], message: 'cannot stand beside email' })
  })
