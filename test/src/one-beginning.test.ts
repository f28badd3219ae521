/** Two devices of one customer that begin a conversation at the same moment, over the real client and server. */
import { ChatClient } from '@chat-widget/client'
import { expect, it, onTestFinished } from 'vitest'
import { startEmbeddedServer } from './support/embedded-server.ts'
import { customer } from './support/shop.ts'

it('[DL10] begins one conversation, and each device shows what both wrote, in the order of each', async () => {
  const { address } = await startEmbeddedServer()

  async function device() {
    const client = new ChatClient({ app: 'shop', server: address })
    onTestFinished(() => client.close())
    await client.setUser(customer('ada'))
    await client.connect()
    return client
  }
  const devices = [await device(), await device()]
  const sent = await Promise.all(
    devices.flatMap((client, index) =>
      ['one', 'two', 'three'].map((text) => client.send(`${index} ${text}`)),
    ),
  )
  expect(new Set(sent.map(({ conversationId }) => conversationId)).size).toBe(1)
  for (const [index, client] of devices.entries()) {
    const texts = () =>
      client.getState().timeline.items.flatMap((item) => (item.kind === 'stored' ? [item.message.text] : []))
    await expect.poll(() => texts().length).toBe(6)
    const own = texts().filter((text) => text.startsWith(`${index} `))
    expect(own).toEqual(['one', 'two', 'three'].map((text) => `${index} ${text}`))
  }
})
