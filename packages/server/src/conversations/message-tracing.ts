/** Traces of messages: taken, stored, told, given to devices, on whatever servers that happens ([OP11]). */
import type { AppId, Message, MessageAuthor } from '@chat-widget/protocol'

interface TakenMessage {
  readonly message: Message
  readonly app: AppId
  /** False for a repeat of a message that was stored before. */
  readonly isNew: boolean
  /** Milliseconds since the epoch, with fractions. */
  readonly takenAt: number
  readonly storedAt: number
  readonly toldAt: number
}

export interface MessageTracing {
  /** Called by the server that stored the message, once the devices and agents were told. */
  taken(message: TakenMessage): void
  /** Called by any server that gives the message to a device or an agent's window. */
  given(message: Message, to: Extract<MessageAuthor['kind'], 'visitor' | 'agent'>): void
  /** Sends what is not sent yet, as far as it is taken within two seconds. */
  close(): Promise<void>
}

/** Milliseconds since the epoch, with fractions. */
export const preciseNow = (): number => performance.timeOrigin + performance.now()
