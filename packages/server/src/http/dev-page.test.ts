import { pino } from 'pino'
import { expect, it } from 'vitest'
import { registerDevPage } from './dev-page.ts'
import { createHttpServer } from './http-server.ts'

it('the page to try the chat on is shown under any host, and refuses what is none', async () => {
  const http = createHttpServer(pino({ level: 'silent' }))
  registerDevPage(http, { apps: [], publicUrl: undefined } as never)
  const statusOf = async (host: string) => (await http.inject({ url: '/', headers: { host } })).statusCode
  expect([await statusOf('127.0.0.1:4000'), await statusOf('[::1]:4000')]).toEqual([200, 200])
  for (const host of ['a b', '[::1', 'x:99999']) expect(await statusOf(host), host).toBe(400)
  await http.close()
})
