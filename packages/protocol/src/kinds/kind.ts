/** A kind of message, as its module defines it. */
import type { z } from 'zod'

/** Interfaces by which messages come in; `visitor` is the chat, `agent` the console. */
export type MessageSource = 'visitor' | 'agent' | 'bot' | 'rest'

export interface KindDefinition {
  /** Keys of its messages beyond those of every message. */
  readonly details: z.ZodObject
  /** Schemas of posted bodies, by the interfaces that accept them; none: only the server makes such messages. */
  readonly posted: Readonly<Partial<Record<MessageSource, z.ZodObject>>>
  /** Text of a message, for lists and for clients that do not know the kind, made from a posted body or a message. */
  readonly fallback: (body: never) => string
}

/** One schema for each of these interfaces. */
export const from = <Source extends MessageSource, Schema extends z.ZodObject>(
  sources: readonly Source[],
  schema: Schema,
) => Object.fromEntries(sources.map((source) => [source, schema])) as { readonly [S in Source]: Schema }
