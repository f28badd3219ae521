/** A process with a bare Socket.IO server: it stores nothing, answers a message, and sends it to the others of its room. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { VISITOR_NAMESPACE } from '@chat-widget/protocol'
import { tuneGarbageCollection } from '@chat-widget/server'
import { Server } from 'socket.io'
import { serveParent } from '../serve-parent.ts'

// As the chat's server does.
tuneGarbageCollection()

const http = createServer()
const io = new Server(http, { serveClient: false, transports: ['websocket'] })

io.of(VISITOR_NAMESPACE).on('connection', (socket) => {
  const { session = randomUUID() } = socket.handshake.auth as { readonly session?: string }
  // A visitor's devices share a room, as they share a conversation.
  void socket.join(session)
  let seq = 0
  socket.on('message:send', (message: { readonly text: string }, answer: (reply: unknown) => void) => {
    const stored = { ...message, id: randomUUID(), seq: ++seq, createdAt: new Date().toISOString() }
    socket.to(session).emit('message:new', stored)
    answer({ ok: true, value: stored })
  })
  socket.emit('ready', { conversation: { id: session }, session: { token: session } })
})

await serveParent({
  listen: () =>
    new Promise((resolve) =>
      http.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)),
    ),
  close: async () => {
    await io.close()
  },
})
