/** The part of the client that a login inside the chat uses. */
import type { AskedPersonOutcome, ServerToVisitorEvents, VisitorToServerEvents } from '@chat-widget/protocol'
import type { ChatUser, ConnectionState } from '../chat-state.ts'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'

export interface BuiltInLoginPorts {
  readonly storage: Pick<ChatStorage, 'get' | 'update'>
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
    onEvent(
      name: 'authentication-request' & keyof ServerToVisitorEvents,
      listener: (outcome: AskedPersonOutcome) => void,
    ): () => void
    request<Name extends keyof VisitorToServerEvents & `authentication-request:${string}`>(
      name: Name,
      payload: RequestOf<VisitorToServerEvents, Name>,
    ): Promise<Reply<ValueOf<VisitorToServerEvents, Name>>>
  }
  readonly identity: {
    /** Aborted when the present visitor signs out. */
    readonly visit: AbortSignal
    follow(user: ChatUser, afresh: boolean): Promise<void>
  }
}
