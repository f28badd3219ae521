/** What a login inside the chat needs of the client. */
import type {
  AskedPersonOutcome,
  BuiltInMethod,
  ServerToVisitorEvents,
  VisitorToServerEvents,
} from '@chat-widget/protocol'
import type { ConnectionState } from '../chat-state.ts'
import type { Reply, RequestOf, ValueOf } from '../connection/event-maps.ts'
import type { ChatStorage } from '../storage/chat-storage.ts'

export interface BuiltInLoginPorts {
  readonly storage: Pick<ChatStorage, 'get' | 'set' | 'delete'>
  readonly connection: {
    readonly state: ConnectionState
    on(name: 'state', listener: (state: ConnectionState) => void): () => void
    onEvent(
      name: 'authentication-request' & keyof ServerToVisitorEvents,
      listener: (outcome: AskedPersonOutcome) => void,
    ): () => void
  }
  request<Name extends keyof VisitorToServerEvents & `authentication-request:${string}`>(
    name: Name,
    payload: RequestOf<VisitorToServerEvents, Name>,
  ): Promise<Reply<ValueOf<VisitorToServerEvents, Name>>>
  /** Signs in as who approved, with the approval as context. */
  signIn(approval: KeptApproval): void
}

/** A request of this device, kept where all tabs find it until it is over or claimed. */
export interface KeptRequest {
  readonly id: string
  readonly secret: string
  /** The session's secret once it is claimed, made by this device. */
  readonly session: string
  readonly method: BuiltInMethod
  /** As typed. */
  readonly address: string
  readonly bindingCode: string
  /** Milliseconds since the epoch, by this device's clock. */
  readonly expiresAt: number
  readonly resendAt: number
}

export interface KeptApproval extends KeptRequest {
  /** Who approved, verified by the server. */
  readonly userIdentifier: string
}
