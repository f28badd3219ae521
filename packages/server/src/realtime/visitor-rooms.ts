/** Which rooms a visitor's socket is in, and which conversation it shows. */
import type { ConversationId } from '@chat-widget/protocol'
import { ownerOf } from '../storage/records.ts'
import type { SessionRecord } from '../storage/storage.ts'
import { currentRoom, ownerRoom, sessionRoom, userRoom } from './rooms.ts'
import type { VisitorSocket } from './socket-server.ts'

export interface VisitorRooms {
  /** The conversation the device shows; `null` while it may not see any. */
  readonly current: ConversationId | null
  /** Leaves whatever it was in before. `live: false`: only what concerns the identity is delivered. */
  enter(session: SessionRecord, live: boolean): void
  leave(): void
  show(conversationId: ConversationId): void
  /** The visitor asked for this one, which has no message yet. */
  askedFor(conversationId: ConversationId): void
  isAskedFor(conversationId: ConversationId): boolean
}

/** A message may be on its way to one while the next is asked for. */
const MAX_ASKED = 10

export function createVisitorRooms(socket: VisitorSocket): VisitorRooms {
  let current: ConversationId | null = null
  let asked: readonly ConversationId[] = []

  function show(conversationId: ConversationId): void {
    // A socket that is gone would stay in its rooms for ever.
    if (conversationId === current || !socket.connected) return
    if (current !== null) void socket.leave(currentRoom(current))
    current = conversationId
    void socket.join(currentRoom(conversationId))
  }

  function leave(): void {
    current = null
    for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room)
  }

  // A conversation the server made current reaches this socket by room as well, also from another node.
  socket.onAnyOutgoing((event: string, payload: { readonly id: ConversationId }) => {
    if (event === 'conversation') show(payload.id)
  })

  return {
    get current() {
      return current
    },
    enter(session, live) {
      leave()
      if (!socket.connected) return
      void socket.join(sessionRoom(session.id))
      if (session.user !== null) void socket.join(userRoom(session.user.id))
      if (live) void socket.join(ownerRoom(ownerOf(session)))
    },
    leave,
    show,
    askedFor(conversationId) {
      asked = [...asked.slice(1 - MAX_ASKED), conversationId]
    },
    isAskedFor: (conversationId) => asked.includes(conversationId),
  }
}
