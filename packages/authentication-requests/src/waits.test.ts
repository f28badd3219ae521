import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Observer } from './authentication-client-api.ts'
import { ALEX, connect, lastCid, startServer } from './clients.testing.ts'
import { fullJitter } from './full-jitter.ts'

describe('a long wait', () => {
  it('is made of slices of one request, and whoever waits notices nothing', async () => {
    const server = await startServer()
    const { authentication } = connect(server, {}, { sliceSeconds: 2 })
    const response = authentication.request(ALEX)
    await expect.poll(() => server.calls.length).toBeGreaterThan(3)
    await server.decide(await lastCid(server), 'approved')
    expect((await response).accepted).toBe(true)
    const [first, ...slices] = server.calls.filter(({ method }) => method === 'POST').map(({ body }) => body)
    expect(first?.wait_for_response).toBe(0)
    // By the id alone, which makes no request if there is none.
    const { authentication_request_id } = first!
    for (const slice of slices) expect(slice).toEqual({ authentication_request_id, wait_for_response: 2 })
  })

  it('is of slices that end before proxies do, by itself', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    void authentication.request(ALEX).catch(() => {})
    await expect.poll(() => server.calls.length).toBeGreaterThanOrEqual(2)
    expect(server.calls[1]?.body?.wait_for_response).toBe(25)
  })

  it('is one wait on the server, however many wait for it', async () => {
    // Long enough that its slice does not end before all have joined.
    const server = await startServer({ secondMs: 1_000 })
    const { authentication } = connect(server)
    const { cid } = await authentication.request(ALEX, { async: true })
    const waiting = Array.from({ length: 50 }, () => authentication.waitFor(cid))
    await expect.poll(() => server.calls.length).toBeGreaterThanOrEqual(2)
    await server.decide(cid, 'approved')
    for (const response of await Promise.all(waiting)) expect(response.accepted).toBe(true)
    expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })

  it('of many requests at once warns of no leak', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    const server = await startServer()
    const { authentication } = connect(server)
    const signal = new AbortController().signal
    const waiting = Array.from({ length: 40 }, () => authentication.request(ALEX, { signal }))
    await expect.poll(() => server.cids()).toHaveLength(40)
    for (const cid of server.cids()) await server.decide(cid, 'approved')
    expect(await Promise.all(waiting)).toHaveLength(40)
    process.off('warning', warned)
    expect(warned).not.toHaveBeenCalled()
  })

  it('that was held for longer than the least pause sets no timer to the past, of which Node 24 warns', async () => {
    const server = await startServer()
    const timers = vi.spyOn(globalThis, 'setTimeout')
    onTestFinished(() => timers.mockRestore())
    const { authentication } = connect(server, {}, { sliceSeconds: 1 })
    const response = authentication.request(ALEX)
    await expect.poll(() => server.calls.length).toBeGreaterThan(3)
    await server.decide(await lastCid(server), 'approved')
    await response
    expect(timers.mock.calls.filter(([, ms = 0]) => ms < 0)).toEqual([])
  })

  it('asks a server that does not hold it open with a pause in between', async () => {
    const server = await startServer({ secondMs: 0 })
    const { authentication } = connect(server, {}, { leastMs: 50 })
    const startedAt = performance.now()
    const response = authentication.request(ALEX)
    await expect.poll(() => server.calls.length, { interval: 5 }).toBeGreaterThan(6)
    // Making the request and the first look happen at once; a timer may be a little early.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual((server.calls.length - 2) * 45)
    await server.decide(await lastCid(server), 'approved')
    expect((await response).accepted).toBe(true)
  })
})

describe('[AR9] an outage', () => {
  it('of the server in between is survived, and decides nothing', async () => {
    const server = await startServer()
    const { authentication } = connect(server, {}, { failuresWhileWaiting: 1000 })
    const response = authentication.request(ALEX)
    const cid = await lastCid(server)
    await server.restart()
    await expect.poll(() => server.calls.length).toBeGreaterThan(2)
    await server.stop()
    await server.decide(cid, 'approved')
    await server.start()
    expect(await response).toMatchObject({ cid, accepted: true })
  })

  it.each([
    ['answers that break off', { kind: 'hang-up', at: 'middle' }],
    ['connections that break off', { kind: 'hang-up', at: 'once' }],
    ['pages of a proxy', { kind: 'body', text: '<h1>It works</h1>' }],
    ['answers of something else', { kind: 'body', text: '{"authentication_request_status":"approved"}' }],
    [
      'answers about another request',
      {
        kind: 'body',
        text: JSON.stringify({
          authentication_request_id: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a009',
          authentication_request_status: 'expired',
          authentication_request_response: null,
        }),
      },
    ],
    ['failures', { kind: 'status', status: 502 }],
  ] as const)('with %s is waited out', async (_what, failure) => {
    const server = await startServer()
    const { authentication } = connect(server)
    server.failNext(failure, failure)
    const response = authentication.request(ALEX)
    await expect.poll(() => server.calls.length).toBeGreaterThanOrEqual(4)
    server.failNext(failure)
    await server.decide(await lastCid(server), 'approved')
    expect((await response).accepted).toBe(true)
  })

  it('that lasts is thrown with its code and cause', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    await server.stop()
    const error = await authentication.request(ALEX).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'ChatError', code: 'server-unreachable' })
    expect((error as Error).cause).toBeInstanceOf(Error)
    await server.start()
  })

  it('that lasts is thrown while waiting, but never to observers', async () => {
    const server = await startServer()
    const { authentication } = connect(server, {}, { failuresWhileWaiting: 3 })
    const observer = vi.fn<Observer>()
    const { cid } = await authentication.request(ALEX, {}, observer)
    await server.stop()
    await expect(authentication.waitFor(cid)).rejects.toMatchObject({ code: 'server-unreachable' })
    expect(observer).not.toHaveBeenCalled()
    await server.decide(cid, 'approved')
    await server.start()
    await expect.poll(() => observer.mock.calls[0]?.[0].accepted).toBe(true)
  })
})

it('what is asked goes nowhere else: a redirect is not followed', async () => {
  const elsewhere = await startServer()
  const server = await startServer()
  const { authentication } = connect(server, { apiKey: server.apiKey })
  const redirect = { kind: 'redirect', to: `${elsewhere.url}/v1/apps/shop/authentication-request/` } as const
  server.failNext(redirect, redirect, redirect)
  await expect(authentication.request(ALEX, { async: true })).rejects.toMatchObject({
    code: 'server-unreachable',
  })
  expect(elsewhere.calls).toEqual([])
})

describe('[AR7] over a limit', () => {
  it('making a request is rate-limited and says when to try again', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const at = new Date(Date.now() + 60_000).toUTCString()
    server.failNext({ kind: 'status', status: 429, retryAfter: '40' })
    server.failNext({ kind: 'status', status: 429, retryAfter: at })
    await expect(authentication.request(ALEX)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 40_000,
    })
    const error = await authentication
      .request(ALEX)
      .catch((error: unknown) => error as { retryAfterMs: number })
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000)
    expect(server.calls).toHaveLength(2)
  })

  it('waiting goes on, and does not count as an outage', async () => {
    const server = await startServer()
    const { authentication } = connect(server, {}, { failuresWhileWaiting: 2 })
    const { cid } = await authentication.request(ALEX, { async: true })
    const limited = { kind: 'status', status: 429, retryAfter: '0' } as const
    server.failNext(limited, limited, limited)
    const outcome = authentication.waitFor(cid)
    await expect.poll(() => server.calls.length).toBeGreaterThanOrEqual(5)
    await server.decide(cid, 'approved')
    expect((await outcome).accepted).toBe(true)
  })

  it('waiting goes on no sooner than the server says', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { cid } = await authentication.request(ALEX, { async: true })
    server.failNext({ kind: 'status', status: 429, retryAfter: '1' })
    const startedAt = performance.now()
    const outcome = authentication.waitFor(cid)
    await server.decide(cid, 'approved')
    expect((await outcome).accepted).toBe(true)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990)
  })
})

describe('a wait ends', () => {
  it('with the reason of its signal, while the request lives on', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const controller = new AbortController()
    const response = authentication.request(ALEX, { signal: controller.signal })
    const cid = await lastCid(server)
    await expect.poll(() => server.calls.length).toBeGreaterThanOrEqual(2)
    controller.abort()
    await expect(response).rejects.toMatchObject({ name: 'AbortError' })
    expect((await authentication.get(cid)).status).toBe('pending')
    await expect(authentication.waitFor(cid, { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  it('when the server does not know the request any more', async () => {
    const server = await startServer()
    const owner = connect(server, { apiKey: server.apiKey }).authentication
    await expect(owner.waitFor('5f0c8a34-53a6-4b53-8f5f-0c2b4de2a009')).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('with closed when the client closes, and so does every later call', async () => {
    const server = await startServer({ secondMs: 1_000 })
    const { client, authentication } = connect(server)
    await authentication.request(ALEX, {}, () => {})
    const response = authentication.request(ALEX)
    await expect.poll(() => server.held()).toBe(2)
    const calls = server.calls.length
    client.close()
    client.close()
    await expect(response).rejects.toMatchObject({ code: 'closed' })
    await expect(authentication.request(ALEX)).rejects.toMatchObject({ code: 'closed' })
    expect(() => authentication.subscribe(() => {})).toThrow(expect.objectContaining({ code: 'closed' }))
    await expect.poll(() => server.held()).toBe(0)
    expect(server.calls).toHaveLength(calls)
  })
})

it('full jitter spreads tries below a bound that doubles up to 20 s', () => {
  for (const [failures, bound] of [
    [1, 500],
    [4, 4_000],
    [12, 20_000],
  ] as const) {
    const delays = Array.from({ length: 400 }, () => fullJitter(failures))
    expect(Math.max(...delays)).toBeLessThanOrEqual(bound)
    expect(Math.max(...delays)).toBeGreaterThan(bound * 0.9)
    expect(Math.min(...delays)).toBeLessThan(bound * 0.1)
  }
})
