/** Messages and posted bodies, composed from the kinds. */
import { z } from 'zod'
import type { AgentId, ClientMessageId, ConversationId, MessageId } from '../ids.ts'
import { KINDS, type Kinds } from './index.ts'
import type { KindDefinition, MessageSource } from './kind.ts'
import { id, timestamp, type WireType } from './schema-parts.ts'

export const messageAuthor = z.object({
  kind: z.enum(['visitor', 'agent', 'bot', 'system']),
  /** Id of a console's agent: two agents may have the same name. */
  id: id<AgentId>().optional(),
  name: z.string().optional(),
})
export type MessageAuthor = WireType<z.output<typeof messageAuthor>>

const base = z.object({
  id: id<MessageId>(),
  clientId: id<ClientMessageId>(),
  conversationId: id<ConversationId>(),
  /** Clients order by it alone. */
  seq: z.int().positive().describe('the place in the conversation: 1, 2, 3 …, no gaps'),
  author: messageAuthor,
  /** For display only, never for order. */
  createdAt: timestamp,
  /** Plain text. For kinds other than `text`, an English fallback for clients that do not know the kind. */
  text: z.string(),
})

export type Kind = keyof Kinds

/** Keys of a schema's values; for a schema without keys none, instead of any. */
type Keys<Value> = string extends keyof Value ? unknown : Value

/** A message's kind, text and details, without its place in a conversation. */
export type MessageContent<K extends Kind = Kind> = {
  [Each in K]: WireType<{ kind: Each; text: string } & Keys<z.output<Kinds[Each]['details']>>>
}[K]

export type Message<K extends Kind = Kind> = {
  [Each in K]: WireType<z.output<typeof base> & { kind: Each } & Keys<z.output<Kinds[Each]['details']>>>
}[K]

/** Kinds that can be posted. */
export type PostedKind = { [K in Kind]: Kinds[K]['posted'] extends null ? never : K }[Kind]
type KindBy<D extends MessageSource> = {
  [K in PostedKind]: D extends Kinds[K]['sources'][number] ? K : never
}[PostedKind]
type PostedSchema<K extends PostedKind> = NonNullable<Kinds[K]['posted']>

/** A posted body, validated and with its defaults. */
export type PostedBody<K extends PostedKind = PostedKind> = {
  [Each in K]: WireType<z.output<PostedSchema<Each>>>
}[K]

const definitions: readonly (readonly [string, KindDefinition])[] = Object.entries(KINDS)

/** Schema of any message; `author`: schema of its author, for readers who see less of it. */
export const messageWith = (author: z.ZodObject): z.ZodType<Message, Message> =>
  z.discriminatedUnion(
    'kind',
    definitions.map(([kind, { details }]) =>
      base.extend({ author, kind: z.literal(kind), ...details.shape }),
    ) as never,
  )

type OneOf<Each> = readonly [Each, ...Each[]]

export const kindsBy = (source: MessageSource): readonly string[] =>
  definitions.flatMap(([kind, { sources }]) => (sources.includes(source) ? [kind] : []))

/** Schemas of the bodies accepted by an interface, each with the `extra` keys beside its own. */
export function postedBy<D extends MessageSource, Extra extends z.ZodRawShape>(source: D, extra: Extra) {
  const bodies = definitions.flatMap(([, { posted, sources }]) =>
    posted !== null && sources.includes(source) ? [posted.extend(extra)] : [],
  )
  return bodies as unknown as OneOf<
    z.ZodType<
      z.output<PostedSchema<KindBy<D>>> & Keys<z.output<z.ZodObject<Extra>>>,
      z.input<PostedSchema<KindBy<D>>> & Keys<z.input<z.ZodObject<Extra>>>
    >
  >
}
