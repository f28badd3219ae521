/** A bare Socket.IO server that hands the other chats their conversation. It stores nothing. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'

/** Some of the others work for minutes on a long history, and answer no ping meanwhile. Milliseconds. */
const PING_TIMEOUT_MS = 600_000

export interface Relay {
  readonly url: string
  /** Sends a message to the page that is open; resolves when the page has said that it was read. */
  send(line: object): Promise<void>
  close(): Promise<void>
}

/** `historyOf`: the first so many messages. */
export async function startRelay(historyOf: (length: number) => readonly object[]): Promise<Relay> {
  const http = createServer()
  const io = new Server(http, {
    serveClient: false,
    transports: ['websocket'],
    cors: { origin: true },
    pingTimeout: PING_TIMEOUT_MS,
  })
  let whenRead = () => {}
  io.on('connection', (socket) => {
    socket.emit('history', historyOf(Number(socket.handshake.query['length'])))
    socket.on('read', (_id: number, answer: () => void) => {
      answer()
      whenRead()
    })
  })
  await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve))
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    send: (line) =>
      new Promise((resolve) => {
        whenRead = resolve
        io.emit('message', line)
      }),
    close: () => io.close(),
  }
}
