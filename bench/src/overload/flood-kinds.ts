/** Frames of flooding sockets: each event of a visitor, and some that no visitor sends. */
import { randomUUID } from 'node:crypto'
import type { VisitorToServerEvents } from '@chat-widget/protocol'
import { frameOf } from './raw-visitor.ts'
import { CUSTOMER } from './setup.ts'

const UUID = '00000000-0000-4000-8000-000000000000'
const SECRET = 'A'.repeat(43)
const TRACED_AT = '2026-01-01T00:00:00.000Z'
const own = { requestId: UUID, secret: SECRET }

export type FloodKind =
  | keyof VisitorToServerEvents
  | 'invalid payloads'
  | 'unknown events'
  | 'other namespaces'

/** Makes a frame from the flooder's conversation and a running number. */
type FrameOf = (conversationId: string, id: number) => string

const emptyOf =
  (event: keyof VisitorToServerEvents): FrameOf =>
  (_, id) =>
    frameOf(event, {}, id)

/** All but the last three are valid. Keyed by the events, so that the compiler finds one that is missing. */
export const FLOOD_KINDS: Readonly<Record<FloodKind, FrameOf>> = {
  'message:send': (conversationId, id) =>
    frameOf('message:send', { conversationId, clientId: randomUUID(), text: 'flood' }, id),
  'identity:authenticate': (_, id) => frameOf('identity:authenticate', CUSTOMER, id),
  // Signs out at once, and then has to reconnect.
  'identity:sign-out': (_, id) => frameOf('identity:sign-out', { everywhere: false }, id),
  'identity:trace': (_, id) =>
    frameOf(
      'identity:trace',
      {
        sentAt: TRACED_AT,
        entries: Array.from({ length: 20 }, (_entry, n) => ({
          ...{ seq: id * 20 + n, at: TRACED_AT, from: 'anonymous', to: 'authenticating', cause: 'user-set' },
          tab: '0123abcd',
        })),
      },
      id,
    ),
  'conversation:start': emptyOf('conversation:start'),
  'conversation:show': (conversationId, id) => frameOf('conversation:show', { conversationId }, id),
  'conversations:list': emptyOf('conversations:list'),
  'conversation:rate': (conversationId) => frameOf('conversation:rate', { conversationId, rating: 3 }),
  'conversation:read': (conversationId, id) => frameOf('conversation:read', { conversationId, seq: 1 }, id),
  'conversation:delivered': (conversationId, id) =>
    frameOf('conversation:delivered', { conversationId, seq: id }, id),
  'messages:fetch': (conversationId, id) => frameOf('messages:fetch', { conversationId, limit: 200 }, id),
  'file:upload': (_, id) => frameOf('file:upload', { name: `${id}.png`, size: 1_000 }, id),
  typing: (conversationId) => frameOf('typing', { conversationId, typing: true }),
  'authentication-request:create': (_, id) =>
    frameOf('authentication-request:create', { method: 'email', address: `person${id}@example.com` }, id),
  'authentication-request:follow': (_, id) => frameOf('authentication-request:follow', own, id),
  'authentication-request:cancel': (_, id) => frameOf('authentication-request:cancel', own, id),
  'invalid payloads': (_, id) => frameOf('message:send', { nonsense: 'x'.repeat(100) }, id),
  'unknown events': () => frameOf('no-such-event', { text: 'x'.repeat(100) }),
  'other namespaces': () => '40/elsewhere,{}',
}
