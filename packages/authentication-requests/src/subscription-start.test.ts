/** A subscription by key reports decisions from the moment it is made, however late the server is reached. */
import { expect, it } from 'vitest'
import type { AuthenticationResponse } from './authentication-client-api.ts'
import { ALEX, connect, startServer } from './clients.testing.ts'

const asked = { async: true } as const

function listen() {
  const heard: AuthenticationResponse[] = []
  return {
    observer: (response: AuthenticationResponse) => void heard.push(response),
    cids: () => heard.map(({ cid }) => cid),
  }
}

/** Makes requests of other callers. */
async function some(server: Awaited<ReturnType<typeof startServer>>, count: number) {
  const { authentication } = connect(server)
  const responses = await Promise.all(
    Array.from({ length: count }, () => authentication.request(ALEX, asked)),
  )
  return responses.map(({ cid }) => cid)
}

/** Moves the requests' ends back by more than any answer takes: outcomes during a call may be reported. */
function longAgo({ requests }: Awaited<ReturnType<typeof startServer>>, cids: readonly string[]): void {
  for (const cid of cids) {
    const kept = requests.get(cid)
    if (kept?.endedAt) kept.endedAt -= 30_000
  }
}

it('hears what is decided while the network is away, and nothing of before', async () => {
  const server = await startServer()
  const [before, meanwhile, after] = await some(server, 3)
  await server.decide(before!, 'approved')
  longAgo(server, [before!])
  const url = server.url
  await server.stop()
  const { authentication, logger } = connect({ url, app: server.app }, { apiKey: server.apiKey })
  const { observer, cids } = listen()
  authentication.subscribe(observer)
  await expect.poll(() => logger.warn.mock.calls.length).toBe(1)
  await server.decide(meanwhile!, 'denied')
  await server.start()
  await expect.poll(cids).toEqual([meanwhile])
  await server.decide(after!, 'approved')
  await expect.poll(cids).toEqual([meanwhile, after])
})

it('hears what is decided before the first answer, of however many old outcomes', async () => {
  const server = await startServer({ pageSize: 3 })
  const old = await some(server, 20)
  for (const cid of old) server.end(cid, 'expired')
  longAgo(server, old)
  const [meanwhile] = await some(server, 1)
  const { authentication } = connect(server, { apiKey: server.apiKey })
  const { observer, cids } = listen()
  authentication.subscribe(observer)
  server.end(meanwhile!, 'expired')
  await expect.poll(cids).toEqual([meanwhile])
})

it('of a server that knows the outcomes of a minute before passes over all of them', async () => {
  const server = await startServer({ pageSize: 3 })
  const old = await some(server, 10)
  for (const cid of old) server.end(cid, 'expired')
  longAgo(server, old)
  const { authentication } = connect(server, { apiKey: server.apiKey })
  const { observer, cids } = listen()
  authentication.subscribe(observer)
  const mine = await authentication.request(ALEX, asked)
  server.end(mine.cid, 'expired')
  await expect.poll(cids).toEqual([mine.cid])
})
