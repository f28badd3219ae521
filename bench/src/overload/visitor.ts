/**
 * A well-behaved visitor: sends messages at an interval, answered or not. One that waited for its answers would send
 * least while the server is slowest, and so hide the worst times.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectRaw, type RawVisitor } from './raw-visitor.ts'

/** Below every limit, for any duration. */
export const EVERY_MS = 250

export interface Visitor {
  /** Its session, for a second device. */
  readonly session: string
  /** Times from sending to acknowledgement, over a period. Milliseconds. */
  measure(forMs: number): Promise<readonly number[]>
  close(): void
}

interface Connected {
  readonly visitor: RawVisitor
  readonly conversationId: string
  readonly session: string
}

export async function connectVisitor(url: string, address: string): Promise<Visitor> {
  const waiting = new Map<number, (result: unknown) => void>()
  let lost = false
  let next = 0
  const { visitor, conversationId, session } = await new Promise<Connected>(
    (resolve, reject) =>
      void connectRaw({
        url,
        address,
        onReady: (id, connected, token = '') =>
          resolve({ visitor: connected, conversationId: id, session: token }),
        onAnswer(id, result) {
          waiting.get(id)?.(result)
          waiting.delete(id)
        },
        onClose() {
          lost = true
          reject(new Error('a well-behaved visitor was cut'))
          for (const answer of waiting.values()) answer(null)
        },
      }),
  )

  async function send(): Promise<number> {
    const id = ++next
    const answered = new Promise((resolve) => waiting.set(id, resolve))
    const sentAt = performance.now()
    visitor.emit('message:send', { conversationId, clientId: randomUUID(), text: 'hello' }, id)
    const result = (await answered) as { readonly ok: boolean } | null
    if (result?.ok !== true) throw new Error(`a well-behaved visitor was refused: ${JSON.stringify(result)}`)
    return performance.now() - sentAt
  }

  return {
    session,
    async measure(forMs) {
      // Spreads the visitors' first messages.
      await sleep(Math.random() * EVERY_MS)
      const sent: Promise<number>[] = []
      for (const until = performance.now() + forMs; performance.now() < until; ) {
        if (lost) throw new Error('a well-behaved visitor was cut')
        const time = send()
        // It may fail long before it is awaited.
        time.catch(() => undefined)
        sent.push(time)
        await sleep(EVERY_MS)
      }
      return Promise.all(sent)
    },
    close: () => visitor.socket.terminate(),
  }
}
