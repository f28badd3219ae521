/** A visitor's connection without a client library: sends and reads exactly what it is told, also nonsense. */
import { PROTOCOL_VERSION, VISITOR_NAMESPACE } from '@chat-widget/protocol'
import { WebSocket } from 'ws'

export interface RawVisitorOptions {
  readonly url: string
  /** Address that it seems to come from: the server trusts a proxy on its own machine. */
  readonly address: string
  readonly intent?: 'anonymous' | 'identify'
  /** A session to resume. */
  readonly session?: string | undefined
  readonly onReady?: (conversationId: string, visitor: RawVisitor, session: string | undefined) => void
  readonly onAnswer?: (id: number, result: unknown, visitor: RawVisitor) => void
  /** Called when it is refused, or about to be cut, with the time after which to reconnect. */
  readonly onWait?: (retryAfterMs: number) => void
  readonly onClose?: () => void
}

export interface RawVisitor {
  readonly socket: WebSocket
  /** Sends an event; with `id` it asks for an answer. */
  emit(event: string, payload: unknown, id?: number): void
}

export function connectRaw(options: RawVisitorOptions): RawVisitor {
  const { address, session, onReady, onAnswer, onWait, onClose, intent = 'anonymous' } = options
  const url = `${options.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const socket = new WebSocket(url, { headers: { 'x-forwarded-for': address } })
  const visitor: RawVisitor = {
    socket,
    emit: (event, payload, id) => socket.send(frameOf(event, payload, id)),
  }
  socket.on('message', (data) => {
    const text = String(data)
    const [kind] = text
    if (kind === '0') {
      const auth = { protocolVersion: PROTOCOL_VERSION, app: 'bench', intent, session }
      socket.send(`40${VISITOR_NAMESPACE},${JSON.stringify(auth)}`)
    } else if (kind === '2') {
      socket.send('3')
    } else if (text.startsWith(`42${VISITOR_NAMESPACE},["ready"`)) {
      const [, ready] = JSON.parse(text.slice(3 + VISITOR_NAMESPACE.length)) as [
        string,
        {
          readonly conversation: { readonly id: string } | null
          readonly session?: { readonly token: string }
        },
      ]
      onReady?.(ready.conversation?.id ?? '', visitor, ready.session?.token ?? session)
    } else if (text.startsWith('44') || text.startsWith(`42${VISITOR_NAMESPACE},["wait"`)) {
      const [, retryAfterMs] = /"retryAfterMs":(\d+)/.exec(text) ?? []
      if (retryAfterMs !== undefined) onWait?.(Number(retryAfterMs))
    } else if (text.startsWith('43')) {
      const [, id, answer] = /^43[^,]*,(\d+)\[(.*)\]$/s.exec(text) ?? []
      if (id !== undefined) onAnswer?.(Number(id), JSON.parse(answer ?? 'null'), visitor)
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => onClose?.())
  return visitor
}

export const frameOf = (event: string, payload: unknown, id?: number): string =>
  `42${VISITOR_NAMESPACE},${id ?? ''}${JSON.stringify([event, payload])}`
