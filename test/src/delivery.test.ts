/** Many senders over a network that breaks; in the end the same list on each device and in the database. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { DATABASES } from './support/databases.ts'
import { openDevice, storedLines } from './support/device.ts'
import { connectAgent, signInAgent, unwrap } from './support/raw-device.ts'
import { rest } from './support/rest.ts'
import { customer } from './support/shop.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { until } from './support/wait.ts'

const EACH = 25
const line = ({ seq, clientId, text }: { seq: number; clientId: string; text: string }) =>
  `${seq} ${clientId} ${text}`
const numbered = (sender: string) => Array.from({ length: EACH }, (_, index) => `${sender} ${index}`)

describe.each(Object.keys(DATABASES) as (keyof typeof DATABASES)[])('over %s', (database) => {
  it('[DL4] shows every acknowledged message once and in the same order on every device', async () => {
    const { server, stored } = await DATABASES[database]()
    const network = await startTcpProxy(() => server.url)
    onTestFinished(() => network.close())

    const first = await openDevice(network.url, customer('ada'))
    await first.client.send('hello')
    const conversationId = first.client.getState().conversation!.id
    const devices = [
      first,
      await openDevice(network.url, customer('ada')),
      await openDevice(network.url, customer('ada')),
    ]
    let breaks = 0
    for (const { client } of devices)
      client.on('connection-change', ({ status }) => {
        if (status === 'reconnecting') breaks += 1
      })
    const { email, password } = await addAgent(server)
    const agent = await connectAgent(server.url, await signInAgent(server.url, email, password))
    onTestFinished(() => {
      agent.disconnect()
    })
    const seenByAgent: string[] = []
    agent.on('message', (message) => seenByAgent.push(line(message)))
    unwrap(await agent.emitWithAck('conversation:watch', { conversationId }))

    // Now and then a message of the integration breaks the devices' network.
    const integration = async () => {
      for (const [index, text] of numbered('shop').entries()) {
        const body = { text, client_id: crypto.randomUUID() }
        const status = async () =>
          (await rest(server.url, 'POST', `/${conversationId}/messages`, body)).status
        // Tried again where the server cannot store it now, and once more, as after an answer that was lost.
        await expect.poll(status).toBeLessThan(300)
        await expect.poll(status).toBeLessThan(300)
        if (index % 8 === 3) network.cut()
      }
    }
    const answering = async () => {
      for (const text of numbered('grace')) {
        const request = { conversationId, clientId: crypto.randomUUID(), body: { text } }
        await expect.poll(async () => (await agent.emitWithAck('message:send', request)).ok).toBe(true)
      }
    }
    const acknowledged = await Promise.all([
      ...devices.flatMap(({ client }, device) =>
        numbered(`device ${device}`).map((text) => client.send(text)),
      ),
      integration(),
      answering(),
    ])

    expect(breaks, 'the network broke under the devices').toBeGreaterThan(0)
    const total = 1 + EACH * (devices.length + 2)
    const rows = await stored()
    const truth = rows.filter((row) => row.conversationId === conversationId).map(line)
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: rows.length }, (_, index) => index + 1))
    expect(new Set(rows.map(({ clientId }) => clientId)).size).toBe(rows.length)
    for (const sender of ['device 0', 'device 1', 'device 2', 'shop', 'grace'])
      expect(rows.map(({ text }) => text).filter((text) => text.startsWith(sender))).toEqual(numbered(sender))
    // The only others are the server's own events, e.g. that an agent joined.
    expect(rows.filter(({ author }) => author !== 'system')).toHaveLength(total)
    for (const message of acknowledged) if (message !== undefined) expect(truth).toContain(line(message))

    for (const [index, device] of devices.entries()) {
      await until(`device ${index} has all`, () => storedLines(device).length === rows.length)
      expect(storedLines(device)).toEqual(truth)
    }
    await until('the agent has all', () => seenByAgent.at(-1) === truth.at(-1))
    expect(seenByAgent).toEqual(truth.slice(1))
    const { body } = await rest(server.url, 'GET', `/${conversationId}/messages?after=0`)
    expect(body.messages.map(line)).toEqual(truth)
  })
})
