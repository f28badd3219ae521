/** Requests of a visitor that begin a renewal when the server reports that the context has ended ([ID7]). */
import type { VisitorToServerEvents } from '@chat-widget/protocol'
import type { Reply, RequestOf, ValueOf } from './connection/event-maps.ts'

type Name =
  | 'message:send'
  | 'file:upload'
  | 'messages:fetch'
  | 'conversation:start'
  | 'conversation:show'
  | 'conversations:list'
  | 'conversation:rate'
  | 'conversation:read'

export type RenewingRequest = <Chosen extends Name>(
  name: Chosen,
  payload: RequestOf<VisitorToServerEvents, Chosen>,
) => Promise<Reply<ValueOf<VisitorToServerEvents, Chosen>>>

export function createRenewingRequests(
  request: RenewingRequest,
  identity: { readonly version: number; contextNeeded(refresh: boolean, cause: 'expired' | 'lost'): void },
): RenewingRequest {
  return async (name, payload) => {
    const { version } = identity
    const reply = await request(name, payload)
    // A refusal of a context that has been replaced since says nothing about the new one.
    if (reply.ok || version !== identity.version) return reply
    if (reply.error.code === 'context-expired') identity.contextNeeded(true, 'expired')
    else if (reply.error.code === 'unauthenticated') identity.contextNeeded(false, 'lost')
    return reply
  }
}
