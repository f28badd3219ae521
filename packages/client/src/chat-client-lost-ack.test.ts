/** Messages that the server has stored without the page knowing. */
import { expect, it } from 'vitest'
import { createClient, outboxOf, server, texts, until, useVisitorServer } from './chat-client.testing.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

useVisitorServer()

it.each([1, 40, 60, 130])(
  '[DL1] [DL4] a message whose ack was lost is once in its place, though %i came after it and the page was closed',
  async (count) => {
    const storage = createMemoryStorage()
    const first = createClient({ storage })
    await first.connect()
    await first.send('before')
    const { id } = first.getState().conversation!
    server.onSend = () => 'lost'
    first.send('mine').catch(() => {})
    await until(() => expect(server.messages.get(id)).toHaveLength(2))
    await first.close()
    server.onSend = () => undefined
    for (let index = 1; index <= count; index += 1) await server.post(id, `later ${index}`, true)

    const next = createClient({ storage })
    await next.connect()
    await until(async () => expect(await outboxOf(storage)).toEqual([]))
    await until(() => expect(texts(next).at(-1)).toBe(`later ${count}`))
    const items = () => next.getState().timeline.items
    expect(items().every(({ kind }) => kind === 'stored')).toBe(true)
    while (await next.loadOlder());
    expect(texts(next).slice(0, 3)).toEqual(['before', 'mine', 'later 1'])
    expect(items()).toHaveLength(count + 2)
  },
)

it('[DL2] a text that the server cannot keep is replaced before it is sent, and is the same when it is sent again', async () => {
  const client = createClient()
  await client.connect()
  let lost = true
  server.onSend = () => {
    if (!lost) return undefined
    lost = false
    return 'cut'
  }
  const message = await client.send('half \ud83d a pair, \0 and a whole one: 🙂')
  expect(message.text).toBe('half \ufffd a pair, \ufffd and a whole one: 🙂')
  expect(server.sends.map((send) => 'text' in send && send.text)).toEqual([message.text, message.text])
  await until(() => expect(texts(client)).toEqual([message.text]))
})

it('[DL4] a message that waits is not shown twice when the page of it is loaded before its ack', async () => {
  const storage = createMemoryStorage()
  const first = createClient({ storage })
  await first.connect()
  const { id } = first.getState().conversation!
  server.onSend = () => 'lost'
  first.send('mine').catch(() => {})
  await until(() => expect(server.messages.get(id)).toHaveLength(1))
  await first.close()
  for (let index = 1; index <= 60; index += 1) await server.post(id, `later ${index}`, true)

  const next = createClient({ storage })
  await next.connect()
  await until(() => expect(texts(next).at(-1)).toBe('mine'))
  while (await next.loadOlder());
  expect(texts(next).filter((text) => text === 'mine')).toHaveLength(1)
})
