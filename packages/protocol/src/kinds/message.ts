/** Messages and posted bodies, composed from the kinds. */
import { z } from 'zod'
import type { AgentId, ClientMessageId, ConversationId, MessageId } from '../ids.ts'
import { KINDS, type Kinds } from './index.ts'
import type { KindDefinition, MessageSource } from './kind.ts'
import { id, timestamp, type WireType } from './schema-parts.ts'

export const messageAuthor = z.object({
  kind: z.enum(['visitor', 'agent', 'bot', 'system']),
  /** Id of an agent: two agents may have the same name. */
  id: id<AgentId>().optional(),
  name: z.string().optional(),
  avatar: z.string().describe('URL of a picture, https').optional(),
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
  /** For kinds other than `text`, an English fallback for clients that do not know the kind. */
  text: z.string(),
  edited: z.literal(true).optional(),
  /** Nothing of it is left: it is told as `text` that says so. */
  deleted: z.literal(true).optional(),
  /** Beside `deleted`: it went with the data of a customer who was erased. */
  erased: z.literal(true).optional(),
})

export type Kind = keyof Kinds

/** Keys of a schema's values; for a schema without keys none, instead of any. */
type Keys<Value> = string extends keyof Value ? unknown : Value

// Tables, so that the published types, which know no schema, have them written out.
type Contents = {
  [K in Kind]: WireType<{ kind: K; text: string } & Keys<z.output<Kinds[K]['details']>>>
}
type Messages = {
  [K in Kind]: WireType<z.output<typeof base> & { kind: K } & Keys<z.output<Kinds[K]['details']>>>
}
type PostedBodies = {
  [K in PostedKind]: Each<z.output<Extract<Posted<K>[keyof Posted<K>], z.ZodObject>>>
}
type BodiesBySource = { [S in MessageSource]: Each<OutputBy<S>> }

/** A message's kind, text and details, without its place in a conversation. */
export type MessageContent<K extends Kind = Kind> = Contents[K]

export type Message<K extends Kind = Kind> = Messages[K]

type Posted<K extends Kind> = Kinds[K]['posted']
/** Kinds that can be posted. */
export type PostedKind = { [K in Kind]: keyof Posted<K> extends never ? never : K }[Kind]
type KindBy<S extends MessageSource> = { [K in Kind]: S extends keyof Posted<K> ? K : never }[Kind]
type SchemaBy<S extends MessageSource, K extends Kind> = K extends Kind
  ? Extract<Posted<K>[S & keyof Posted<K>], z.ZodObject>
  : never
type OutputBy<S extends MessageSource> = { [K in KindBy<S>]: z.output<SchemaBy<S, K>> }[KindBy<S>]
type InputBy<S extends MessageSource> = { [K in KindBy<S>]: z.input<SchemaBy<S, K>> }[KindBy<S>]

/** A body as one interface accepts it, validated and with its defaults. */
export type PostedBy<S extends MessageSource> = BodiesBySource[S]

/** A posted body, validated and with its defaults. */
export type PostedBody<K extends PostedKind = PostedKind> = PostedBodies[K]

/** Distributes over a union. */
type Each<Value> = Value extends unknown ? WireType<Value> : never

const definitions: readonly (readonly [string, KindDefinition])[] = Object.entries(KINDS)

/** Schema of any message; `author`: schema of its author, for readers who see less of it. */
export const messageWith = (author: z.ZodObject): z.ZodType<Message, Message> =>
  z.discriminatedUnion(
    'kind',
    definitions.map(([kind, { details }]) =>
      base.extend({ author, kind: z.literal(kind), ...details.shape }),
    ) as never,
  )

type OneOf<One> = readonly [One, ...One[]]

export const kindsBy = (source: MessageSource): readonly string[] =>
  definitions.flatMap(([kind, { posted }]) => (posted[source] === undefined ? [] : [kind]))

/** Schemas of the bodies accepted by an interface, each with the `extra` keys beside its own. */
export function postedBy<S extends MessageSource, Extra extends z.ZodRawShape>(source: S, extra: Extra) {
  const bodies = definitions.flatMap(([, { posted }]) => posted[source]?.extend(extra) ?? [])
  return bodies as unknown as OneOf<
    z.ZodType<
      Each<OutputBy<S> & Keys<z.output<z.ZodObject<Extra>>>>,
      Each<InputBy<S> & Keys<z.input<z.ZodObject<Extra>>>>
    >
  >
}
