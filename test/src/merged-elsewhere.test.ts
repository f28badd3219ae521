/** A visitor's tab whose conversation another tab merges into a user's, over the real client and server. */
import { createMemoryStorage } from '@chat-widget/client'
import { expect, it, onTestFinished } from 'vitest'
import { openDevice, storedMessages } from './support/device.ts'
import { startEmbeddedServer } from './support/embedded-server.ts'
import { customer } from './support/shop.ts'
import { sqliteMessages } from './support/stored-messages.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { until } from './support/wait.ts'

it('[DL1] [DL4] [ID11] what it wrote without hearing of an ack is there once, and not shown as failed', async () => {
  const { address, dataDir } = await startEmbeddedServer()
  const network = await startTcpProxy(() => address)
  onTestFinished(() => network.close())
  const { scope: _, ...browser } = { ...createMemoryStorage(), kind: 'persistent' } as const
  const texts = () => sqliteMessages(dataDir).map(({ text }) => text)

  const left = await openDevice(network.url, null, browser)
  await left.client.send('before')
  const signingIn = await openDevice(address, null, browser)
  network.mute()
  const outcome = left.client.send('mine').catch((error: unknown) => error)
  await until('it is stored', () => texts().includes('mine'))
  await signingIn.client.setUser(customer('ada'))
  network.cut()

  expect(await outcome).toMatchObject({ code: 'send-pending' })
  await until('nothing waits', async () => ((await browser.get<unknown[]>('outbox')) ?? []).length === 0)
  expect(texts()).toEqual(['before', 'mine'])
  await until('who signed in has both', () => storedMessages(signingIn).length === 2)
  expect(left.client.getState().timeline.items).toEqual([])
  await left.client.send('next')
  expect(storedMessages(left).map(({ text }) => text)).toEqual(['next'])
})
