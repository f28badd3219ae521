/** A kind of message, as its module defines it. */
import type { z } from 'zod'

/** Interfaces by which messages come in; `visitor` is the chat, `agent` the console. */
export type MessageSource = 'visitor' | 'agent' | 'bot' | 'rest'

export interface KindDefinition {
  /** Keys of its messages beyond those of every message. */
  readonly details: z.ZodObject
  /**
   * Schema of posted bodies; `null`: only the server makes such messages. One of its keys has the kind's name; a body
   * without such a key is text.
   */
  readonly posted: z.ZodObject | null
  /** Interfaces that accept such a body. */
  readonly sources: readonly MessageSource[]
  /** Text of a message, for lists and for clients that do not know the kind, made from a posted body or a message. */
  readonly fallback: (body: never) => string
}
