/** Types derived from Socket.IO event maps: details of events, answers to requests. */
import type { ErrorCode } from '@chat-widget/protocol'

/** Outcome of a request. `server-unreachable` if no answer came in time or the connection was lost. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ReplyError }

export interface ReplyError {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number
  /** True if trying again is left to the visitor, whatever the code. */
  readonly isFinal?: boolean
}

type DetailOf<Events, Name extends keyof Events> = Events[Name] extends (detail: infer Detail) => void
  ? Detail
  : never

/** The receiving part of a connection. Subscribing returns the unsubscribe. */
export interface EventsFrom<Events> {
  onEvent<Name extends keyof Events>(
    name: Name,
    listener: (detail: DetailOf<Events, Name>) => void,
  ): () => void
}

/** Details of incoming events by name. */
export type Details<Events> = { [Name in keyof Events]: DetailOf<Events, Name> }

export type RequestOf<Events, Name extends keyof Events> = Events[Name] extends (
  request: infer Request,
  ...rest: never[]
) => void
  ? Request
  : never

export type ValueOf<Events, Name extends keyof Events> = Events[Name] extends (
  request: never,
  answer: (result: infer Answer) => void,
) => void
  ? Answer extends { readonly ok: true; readonly value: infer Value }
    ? Value
    : never
  : never
