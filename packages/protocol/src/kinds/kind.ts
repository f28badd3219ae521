/** A kind of message, as its module defines it. */
import type { z } from 'zod'

/** Ways by which a message comes in from outside; `visitor` is the chat, `agent` the console. */
export type Door = 'visitor' | 'agent' | 'bot' | 'rest'

export interface KindDefinition {
  /** Keys of its messages beside those that every message has. */
  readonly told: z.ZodObject
  /**
   * Body that is posted; `null`: the server alone makes such messages. One of its keys is named for the kind, or none,
   * which is text.
   */
  readonly posted: z.ZodObject | null
  /** Where such a body may come in. */
  readonly doors: readonly Door[]
  /** Text of a message, for clients that do not know the kind and for lists: of a posted body, else of what is told. */
  readonly fallback: (body: never) => string
}
