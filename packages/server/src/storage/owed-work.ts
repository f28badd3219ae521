/** Work due after sign-ins, and deliveries to bots: stored until done. */
import type { ActionRunId, MessageId } from '@chat-widget/protocol'

export type ActionParams = Readonly<Record<string, string | number | boolean>>

/** Work that a login card blocks; replayed once after sign-in. */
export type BlockedWork =
  | { readonly kind: 'message'; readonly messageId: MessageId }
  | {
      readonly kind: 'action'
      readonly name: string
      readonly params: ActionParams
    }
  /** An action that an agent asked for. */
  | { readonly kind: 'action-run'; readonly runId: ActionRunId }
  | { readonly kind: 'nothing' }

export type BotWork =
  | { readonly kind: 'message'; readonly messageId: MessageId }
  | {
      readonly kind: 'action-result'
      readonly name: string
      readonly ok: boolean
      readonly status: number
      readonly body: unknown
      readonly origin?: BotWorkOrigin
    }
  /** The conversation was closed while the bot was answering. */
  | { readonly kind: 'closed' }
  /** An action that waited for a sign-in. `key`: unique. */
  | { readonly kind: 'action'; readonly name: string; readonly params: ActionParams; readonly key: string }

/** The origin of an action's outcome, so that the bot's answer to it is recognised when a crash repeats it. */
export interface BotWorkOrigin {
  /** The same for the same action of the same delivery; sent as `webhook-id`. */
  readonly key: string
  /** The visitor's message that began it, if there is one. */
  readonly messageId: MessageId | null
  /** Actions run for that message so far. */
  readonly actions: number
}
