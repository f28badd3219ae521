/** Types that read Socket.IO event maps: what an event carries, what a request is answered with. */
import type { ErrorCode } from '@chat-widget/protocol'

/** What a request came to. `server-unreachable` when no answer came in time or the connection was lost. */
export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ReplyError }

export interface ReplyError {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number
}

type DetailOf<Events, Name extends keyof Events> = Events[Name] extends (detail: infer Detail) => void
  ? Detail
  : never

/** The part of a connection that tells what comes in. Subscribing returns the unsubscribe. */
export interface EventsFrom<Events> {
  onEvent<Name extends keyof Events>(
    name: Name,
    listener: (detail: DetailOf<Events, Name>) => void,
  ): () => void
}

/** The details of incoming events by name. */
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
