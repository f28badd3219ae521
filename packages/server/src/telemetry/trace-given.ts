/** Traces the messages that a socket is given, whichever server stored them ([OP11]). */
import type { Message } from '@chat-widget/protocol'
import type { MessageTracing } from '../conversations/message-tracing.ts'

interface OutgoingSocket {
  onAnyOutgoing(listener: (event: string, ...args: readonly unknown[]) => void): unknown
}

export function traceGiven(
  socket: OutgoingSocket,
  to: Parameters<MessageTracing['given']>[1],
  tracing: MessageTracing,
): void {
  socket.onAnyOutgoing((event, message) => {
    if (event === 'message') tracing.given(message as Message, to)
  })
}
