/** Run in a process of its own, to be killed: appends without end and prints each message once it is stored. */
import { randomUUID } from 'node:crypto'
import { SHOP, START, stored, visitorText } from './contract-fixture.testing.ts'
import { openStorage } from './open-storage.ts'

export async function appendEndlessly(dataDir: string, visitors: number): Promise<void> {
  const storage = await openStorage({ dataDir })
  const talk = async () => {
    const session = await storage.sessions.createAnonymous({
      app: SHOP,
      secretHash: randomUUID(),
      at: START,
    })
    for (let number = 1; ; number++) {
      const { message } = stored(await storage.messages.append(visitorText(session, `${number}`)))
      // A pipe is written synchronously, so what was stored is told even if the kill comes next.
      process.stdout.write(`${message.conversationId} ${message.id} ${message.seq}\n`)
    }
  }
  await Promise.all(Array.from({ length: visitors }, talk))
}
