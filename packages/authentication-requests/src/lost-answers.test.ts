/** Calls of a client after an answer of the server was lost. */
import { describe, expect, it, vi } from 'vitest'
import { ALEX, connect, lastCid, startServer } from './clients.testing.ts'

const asked = { async: true } as const
const unreachable = { code: 'server-unreachable' }

describe('without a key', () => {
  it('a request whose answer was lost is taken back: the client makes its secret', async () => {
    const server = await startServer()
    const { authentication } = connect(server, {}, { tries: 1 })
    server.failNext({ kind: 'lost' })
    await expect(authentication.request(ALEX, asked)).rejects.toMatchObject(unreachable)
    const cid = await lastCid(server)
    expect(server.calls[0]?.secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await authentication.get(cid)).toMatchObject({ status: 'pending' })
    expect(await authentication.cancel(cid)).toMatchObject({ status: 'canceled' })
  })

  it('no two requests have the same secret, and none is in a body or an address', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    for (let count = 0; count < 3; count += 1) await authentication.request(ALEX, asked)
    const secrets = server.calls.map(({ secret }) => secret)
    expect(new Set(secrets).size).toBe(3)
    for (const { url, body } of server.calls)
      for (const secret of secrets) expect(url + JSON.stringify(body)).not.toContain(secret)
  })

  it.each(['get', 'waitFor', 'cancel'] as const)(
    '%s of a request that the server never got asks nobody',
    async (method) => {
      const server = await startServer()
      const { authentication } = connect(server, {}, { tries: 1 })
      const cid = crypto.randomUUID()
      server.failNext({ kind: 'hang-up', at: 'once' })
      await expect(authentication.request(ALEX, { ...asked, cid })).rejects.toMatchObject(unreachable)
      await expect(authentication[method](cid)).rejects.toMatchObject({ code: 'not-found' })
      expect(server.cids()).toEqual([])
    },
  )

  it.each(['get', 'waitFor', 'cancel'] as const)(
    '%s of a request that is still being made waits for it',
    async (method) => {
      const server = await startServer()
      const { authentication } = connect(server, {}, { tries: Number.POSITIVE_INFINITY })
      const cid = crypto.randomUUID()
      let isAskedFor = false
      server.disturb(({ body }) => {
        const isMaking = body?.identifier !== undefined
        isAskedFor ||= !isMaking
        return isMaking && !isAskedFor ? { kind: 'status', status: 503 } : null
      })
      const made = authentication.request(ALEX, { ...asked, cid })
      const answer = authentication[method](cid)
      expect(await made).toMatchObject({ status: 'pending' })
      if (method === 'waitFor') await server.decide(cid, 'approved')
      const status = { get: 'pending', waitFor: 'approved', cancel: 'canceled' }[method]
      expect(await answer).toMatchObject({ cid, status })
    },
  )

  it('waits for a request whose answer was lost', async () => {
    const server = await startServer()
    const { authentication } = connect(server, {}, { tries: 1 })
    server.failNext({ kind: 'lost' })
    await expect(authentication.request(ALEX, asked)).rejects.toMatchObject(unreachable)
    const cid = await lastCid(server)
    const outcome = authentication.waitFor(cid)
    await server.decide(cid, 'approved')
    expect((await outcome).isAccepted()).toBe(true)
  })

  it('reads and waits for what another client of the same words made, and cannot take it back', async () => {
    const server = await startServer()
    const { cid } = await connect(server).authentication.request(ALEX, asked)
    const { authentication } = connect(server)
    await authentication.request(ALEX, { ...asked, cid })
    expect(await authentication.get(cid)).toMatchObject({ status: 'pending' })
    await expect(authentication.cancel(cid)).rejects.toMatchObject({ code: 'not-found' })
    const outcome = authentication.waitFor(cid)
    await server.decide(cid, 'denied')
    expect(await outcome).toMatchObject({ accepted: false })
    expect(server.cids()).toEqual([cid])
  })
})

it('waits with the key for what it did not make, by calls that the server holds', async () => {
  const server = await startServer()
  const { cid } = await connect(server).authentication.request(ALEX, asked)
  const { authentication } = connect(server, { apiKey: server.apiKey })
  const outcome = authentication.waitFor(cid)
  await expect.poll(server.held).toBe(1)
  await server.decide(cid, 'approved')
  expect((await outcome).isAccepted()).toBe(true)
})

describe('a server that says nothing', () => {
  it.each([
    ['blocking', undefined],
    ['with an observer', () => {}],
  ] as const)('is waited for as long as was asked: %s', async (_title, observer) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
    try {
      const server = await startServer()
      const { authentication } = connect(server)
      server.failNext({ kind: 'silence' })
      const startedAt = performance.now()
      const ended = authentication
        .request(ALEX, { waitForResponse: 1 }, observer)
        .catch((error: unknown) => ({ error, afterMs: performance.now() - startedAt }))
      await vi.advanceTimersByTimeAsync(20_000)
      expect(await ended).toEqual({ error: expect.objectContaining(unreachable), afterMs: 1_000 })
    } finally {
      vi.useRealTimers()
    }
  })
})

it('an observer that throws ends no subscription, also where the logger does', async () => {
  const server = await startServer()
  const logger = {
    info: () => {},
    warn: () => {},
    error: () => {
      throw new Error('the logger’s')
    },
  }
  for (const options of [{ apiKey: server.apiKey, logger }, { logger }]) {
    const { authentication } = connect(server, options)
    const heard: string[] = []
    authentication.subscribe(({ cid }) => {
      heard.push(cid)
      throw new Error('the observer’s')
    })
    const cids: string[] = []
    for (let count = 0; count < 2; count += 1) {
      const { cid } = await authentication.request(ALEX, asked)
      await server.decide(cid, 'approved')
      cids.push(cid)
      await expect.poll(() => heard).toEqual(cids)
    }
  }
})

it('[AR9] a key that the server has just changed to is fetched, however late the last one was', async () => {
  const server = await startServer()
  const { authentication } = connect(server)
  const one = await authentication.request(ALEX, asked)
  await server.decide(one.cid, 'approved')
  expect((await authentication.waitFor(one.cid)).isAccepted()).toBe(true)
  for (const kid of ['second', 'third']) {
    await server.rotateKey(kid)
    const { cid } = await authentication.request(ALEX, asked)
    await server.decide(cid, 'approved')
    expect(await authentication.waitFor(cid)).toMatchObject({ status: 'approved', selfID: ALEX })
  }
})
