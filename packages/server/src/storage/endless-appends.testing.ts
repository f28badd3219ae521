/** Appends without end and prints each stored message. Runs in a process of its own, which the test kills. */
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
      // Writing to a pipe is synchronous, so a stored message is printed even if the kill comes next.
      process.stdout.write(`${message.conversationId} ${message.id} ${message.seq}\n`)
    }
  }
  await Promise.all(Array.from({ length: visitors }, talk))
}
