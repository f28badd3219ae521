import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Message } from '@chat-widget/protocol'
import { afterEach, expect, it } from 'vitest'
import { createActionRunner } from '../actions/action-runner.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'

let server: TestRealtime | null = null
afterEach(async () => {
  await server?.stop()
  server = null
})

it('[DL9] a bot that hangs holds up no other app’s', async () => {
  server = await startRealtime({ withBot: true })
  let letGo = () => {}
  const hanging = new Promise<object>((resolve) => {
    letGo = () => resolve({})
  })
  let hung = 0
  server.company.behaviour.bot = ({ request }) => {
    if (request.app === 'other') return { messages: [{ text: 'at once' }] }
    hung += 1
    return hanging
  }
  for (let n = 0; n < 25; n += 1) {
    const { device, ready } = await server.visitor()
    await device.send(ready.conversation!.id, 'hello')
  }
  await expect.poll(() => hung).toBe(20)
  const { device, ready } = await server.visitor({ app: 'other' })
  await device.send(ready.conversation!.id, 'hello')
  await device.message(({ text }: Message) => text === 'at once')
  expect(hung).toBe(20)
  letGo()
})

it('[DL9] a verifier that hangs holds up no other app’s, and what waits for it has a bound', async () => {
  let asked = 0
  server = await startRealtime({
    tuning: { verifyMs: 60_000, authenticateRate: { burst: 100, perSecond: 1 } },
    verifyContext: () => {
      asked += 1
      return new Promise(() => {})
    },
  })
  const devices = await Promise.all(Array.from({ length: 8 }, () => server!.visitor()))
  for (const { device } of devices) {
    for (let n = 0; n < 10; n += 1)
      device.socket.emit('identity:authenticate', {
        userIdentifier: 'ada',
        context: {},
        mergePolicy: 'merge',
      })
  }
  await expect.poll(() => asked).toBeGreaterThan(0)
  const other = await server.visitor({ app: 'other' })
  expect(
    (
      await other.device.refusal('identity:authenticate', {
        userIdentifier: 'ada',
        context: { Auth: { Token: 'nonsense' } },
        mergePolicy: 'merge',
      })
    ).code,
  ).toBe('context-invalid')
})

it('[DL9] an API that hangs holds up no other app’s actions', async () => {
  let hung = 0
  const api = createServer((request, response) => {
    if (request.url === '/other') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      return
    }
    hung += 1
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const { port } = api.address() as AddressInfo
  const appOf = (id: string) => {
    const url = `http://127.0.0.1:${port}/${id}`
    return [id, { id, actions: { orders: { url, method: 'GET', headers: {}, allowPrivateAddress: true } } }]
  }
  const runner = createActionRunner({
    apps: new Map(['shop', 'other'].map((id) => appOf(id) as never)),
    needs: { obtain: async () => ({}), renew: async () => null, pending: () => null },
  })
  const run = (app: string) =>
    runner.run({
      conversation: { app, owner: { kind: 'user', id: 'ada' }, method: 'host' },
      ...{ name: 'orders', params: {}, key: 'k', signal: new AbortController().signal },
    } as never)
  const hanging = Array.from({ length: 25 }, () => run('shop'))
  await expect.poll(() => hung).toBe(20)
  expect(await run('other')).toMatchObject({ kind: 'result', ok: true })
  expect(hung).toBe(20)
  // Releases those that waited, one after the other.
  const letGo = setInterval(() => api.closeAllConnections(), 20)
  await Promise.all(hanging)
  clearInterval(letGo)
  await new Promise((resolve) => api.close(resolve))
})
