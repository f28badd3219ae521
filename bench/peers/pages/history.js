import { io } from 'socket.io-client'

const asked = new URLSearchParams(location.search)
const server = asked.get('server')
const socket =
  server === null ? null : io(server, { transports: ['websocket'], query: { length: asked.get('length') } })

/** The conversation that a page shows, from the relay or the site: `{ id, text, author: { kind, name }, at }[]`. */
export async function readHistory() {
  if (socket !== null) return new Promise((resolve) => socket.once('history', resolve))
  const response = await fetch(`/${asked.get('length')}.json`)
  return response.json()
}

/** `append(line)` is called with one message at a time, by the measuring process or for each that the relay sends. */
export function offerAppend(append) {
  globalThis.append = append
}

socket?.on('message', (line) => {
  globalThis.append(line)
  // As in this chat: the other side is told that it was read, and says that it knows.
  socket.emit('read', line.id, () => {})
})
