/** A well-behaved visitor: sends a message, waits for its answer and a little longer, sends the next. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectRaw, type RawVisitor } from './raw-visitor.ts'

/** Below every limit for good. */
const PAUSE_MS = 110

export interface Visitor {
  /** Times from sending to acknowledgement for so long. Milliseconds. */
  measure(forMs: number): Promise<readonly number[]>
  close(): void
}

export async function connectVisitor(url: string, address: string): Promise<Visitor> {
  const waiting = new Map<number, (result: unknown) => void>()
  let lost = false
  let next = 0
  const { visitor, conversationId } = await new Promise<{ visitor: RawVisitor; conversationId: string }>(
    (resolve, reject) =>
      void connectRaw({
        url,
        address,
        onReady: (id, connected) => resolve({ visitor: connected, conversationId: id }),
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
    async measure(forMs) {
      const times: number[] = []
      for (const until = performance.now() + forMs; performance.now() < until; ) {
        if (lost) throw new Error('a well-behaved visitor was cut')
        times.push(await send())
        await sleep(PAUSE_MS)
      }
      return times
    },
    close: () => visitor.socket.terminate(),
  }
}
