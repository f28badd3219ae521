/** Payloads of a flooding socket: each event that a visitor has, and events that no visitor sends. */
import { randomUUID } from 'node:crypto'
import { frameOf } from './raw-visitor.ts'

const UUID = '00000000-0000-4000-8000-000000000000'
const SECRET = 'A'.repeat(43)

/** The frame to send, by the flooder's conversation and a running number. */
export const FLOOD_KINDS = {
  'valid sends': (conversationId, id) =>
    frameOf('message:send', { conversationId, clientId: randomUUID(), text: 'flood' }, id),
  'invalid payloads': (_, id) => frameOf('message:send', { nonsense: 'x'.repeat(100) }, id),
  'identity:authenticate': (_, id) =>
    frameOf(
      'identity:authenticate',
      { userIdentifier: 'somebody', context: { Auth: { Token: 'x'.repeat(500) } }, mergePolicy: 'separate' },
      id,
    ),
  'identity:trace': (_, id) => frameOf('identity:trace', { sentAt: 1, entries: [] }, id),
  'conversation:start': (_, id) => frameOf('conversation:start', {}, id),
  'conversation:read': (conversationId, id) => frameOf('conversation:read', { conversationId, seq: 1 }, id),
  'messages:fetch': (conversationId, id) => frameOf('messages:fetch', { conversationId, limit: 200 }, id),
  typing: (conversationId) => frameOf('typing', { conversationId, typing: true }),
  'authentication-request:create': (_, id) =>
    frameOf('authentication-request:create', { method: 'email', address: 'somebody@example.com' }, id),
  'authentication-request:follow': (_, id) =>
    frameOf('authentication-request:follow', { requestId: UUID, secret: SECRET }, id),
  'authentication-request:cancel': (_, id) =>
    frameOf('authentication-request:cancel', { requestId: UUID, secret: SECRET }, id),
  'unknown events': () => frameOf('no-such-event', { text: 'x'.repeat(100) }),
  'other namespaces': () => '40/elsewhere,{}',
} satisfies Record<string, (conversationId: string, id: number) => string>

export type FloodKind = keyof typeof FLOOD_KINDS
