/** Data in the server before a flood begins, so that reading lists and histories has a cost. */
import { randomUUID } from 'node:crypto'
import type { AppId, ConversationId } from '@chat-widget/protocol'
import type { ChatServer } from '@chat-widget/server'
import { inFlight } from '../in-flight.ts'
import { connectRaw } from './raw-visitor.ts'

export const APP = 'bench'
/** The customer that flooders sign in as to read or change data. */
export const CUSTOMER = {
  userIdentifier: 'somebody',
  context: { Auth: { Token: 'x'.repeat(500) } },
  mergePolicy: 'separate',
} as const
/** Fewer than a socket may send at once. */
const CONVERSATIONS = 50
const MESSAGES_EACH = 200
const FILLED_FROM = '192.0.2.1'

/** Gives the customer conversations with messages of a realistic length. The server must be listening. */
export async function fill({ conversations }: ChatServer, url: string): Promise<void> {
  const ids = await begin(url)
  const text = 'A message as people write them, of one sentence or two. '.repeat(3)
  await inFlight(ids, 25, async (id) => {
    for (let n = 1; n < MESSAGES_EACH; n += 1)
      await conversations.post({ app: APP as AppId, conversationId: id, body: { text } })
  })
}

/** Only visitors begin conversations. */
function begin(url: string): Promise<readonly ConversationId[]> {
  return new Promise((resolve, reject) => {
    const ids: ConversationId[] = []
    let next = 0
    connectRaw({
      url,
      address: FILLED_FROM,
      intent: 'identify',
      onReady: (_, visitor) => visitor.emit('identity:authenticate', CUSTOMER, ++next),
      onAnswer(_, answer, visitor) {
        const { ok, value } = answer as {
          readonly ok: boolean
          readonly value: { readonly id?: ConversationId; readonly createdAt?: string }
        }
        if (!ok) return reject(new Error(`the server could not be filled: ${JSON.stringify(answer)}`))
        // Signed in, or sent: begins the next one. Begun: sends its first message.
        if (value.id === undefined || value.createdAt !== undefined) {
          if (ids.length < CONVERSATIONS) return visitor.emit('conversation:start', {}, ++next)
          visitor.socket.close()
          return resolve(ids)
        }
        ids.push(value.id)
        const first = { conversationId: value.id, clientId: randomUUID(), text: 'hello' }
        visitor.emit('message:send', first, ++next)
      },
      onClose: () => reject(new Error('the server could not be filled: it cut the visitor')),
    })
  })
}
