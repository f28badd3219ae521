import { describe, expect, it, vi } from 'vitest'
import type { Observer } from './authentication-client-api.ts'
import { ALEX, connect, lastCid, startServer } from './clients.testing.ts'

const CID = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001'

describe('a request that is waited for', () => {
  it.each([
    ['a ten-digit identifier', ALEX, { identifier: ALEX }],
    ['an identifier', { identifier: ALEX }, { identifier: ALEX }],
    ['an email address', { email: 'Alex@example.com' }, { email: 'Alex@example.com' }],
  ])('asks by %s', async (_what, whom, asked) => {
    const server = await startServer()
    const { authentication } = connect(server, { applicationTitle: 'My shop' })
    const response = authentication.request(whom, {
      cid: CID,
      expiresIn: 60,
      userName: 'Alex',
      userIp: '192.0.2.7',
      userOrigin: 'Bern',
    })
    await server.decide(await lastCid(server), 'approved')
    expect((await response).accepted).toBe(true)
    expect(server.requests.get(CID)?.body).toEqual({
      ...asked,
      application_title: 'My shop',
      authentication_request_id: CID,
      expires_in: 60,
      user_name: 'Alex',
      user_ip: '192.0.2.7',
      user_origin: 'Bern',
    })
  })

  it('is told a denial as a value', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = authentication.request({ email: 'alex@example.com' })
    await server.decide(await lastCid(server), 'denied')
    expect(await response).toMatchObject({
      status: 'denied',
      accepted: false,
      selfID: 'alex@example.com',
      errorMessage: undefined,
    })
    expect((await response).isAccepted()).toBe(false)
  })

  it('In Self’s SDK the third branch is unreachable: here all else than a decision is neither true nor false', async () => {
    for (const status of ['expired', 'canceled', 'unauthorized', 'errored'] as const) {
      const server = await startServer()
      const { authentication } = connect(server)
      const response = authentication.request(ALEX)
      server.end(await lastCid(server), status)
      expect(await response).toMatchObject({ status, accepted: undefined, selfID: undefined })
      expect((await response).errorMessage).toMatch(/./)
      expect((await response).isAccepted()).toBe(false)
    }
  })

  it('In Self’s SDK a time-out throws a TypeError: here a wait that ends is pending, and the request lives on', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = await authentication.request(ALEX, { waitForResponse: 1 })
    expect(response).toMatchObject({
      status: 'pending',
      accepted: undefined,
      errorMessage: 'nobody has answered yet',
    })
    await server.decide(response.cid, 'approved')
    expect((await authentication.get(response.cid)).accepted).toBe(true)
  })

  it('In Self’s SDK an asynchronous request returns no id: here it returns the request’s, which opens it', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { cid, status } = await authentication.request(ALEX, { async: true })
    expect(cid).toBe(await lastCid(server))
    expect(status).toBe('pending')
    const outcome = authentication.waitFor(cid)
    await server.decide(cid, 'approved')
    expect(await outcome).toMatchObject({ cid, accepted: true, selfID: ALEX })
    const calls = server.calls.length
    expect(await authentication.waitFor(cid)).toBe(await outcome)
    expect(server.calls).toHaveLength(calls)
  })

  it('In Self’s SDK the signer is not compared with the one asked: here another’s answer is never accepted', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'approved', { claims: { subject: '9998887776' } })
    expect(await response).toMatchObject({ status: 'errored', accepted: undefined, selfID: undefined })
    expect((await response).errorMessage).toMatch(/somebody else/)
  })

  it('with waitForResponse 0 answers at once', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    expect((await authentication.request(ALEX, { waitForResponse: 0 })).status).toBe('pending')
    expect(server.calls.map(({ body }) => body?.wait_for_response)).toEqual([0])
  })

  it('of the same id and input attaches, of another input is refused', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const first = authentication.request(ALEX, { cid: CID })
    await lastCid(server)
    const second = authentication.request(ALEX, { cid: CID.toUpperCase() })
    for (const asker of [authentication, connect(server).authentication])
      await expect(asker.request('9998887776', { cid: CID })).rejects.toMatchObject({
        name: 'ChatError',
        code: 'conflict',
      })
    expect((await authentication.get(CID)).status).toBe('pending')
    await server.decide(CID, 'approved')
    expect((await first).accepted).toBe(true)
    expect((await second).accepted).toBe(true)
    expect(server.cids()).toEqual([CID])
  })

  it('[AR9] of the same id for two people at once is held against the first', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey })
    const first = authentication.request(ALEX, { cid: CID })
    await expect(authentication.request('9998887776', { cid: CID })).rejects.toMatchObject({
      code: 'conflict',
    })
    await server.decide(await lastCid(server), 'approved', { claims: { subject: '9998887776' } })
    expect(await first).toMatchObject({ status: 'errored', accepted: undefined })
  })

  it('of the same id and input at once, one of which is refused, is told its outcome', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    server.failNext({ kind: 'status', status: 429 })
    const both = [authentication.request(ALEX, { cid: CID }), authentication.request(ALEX, { cid: CID })]
    const settled = Promise.allSettled(both)
    await server.decide(await lastCid(server), 'approved')
    const accepted = (await settled).map((result) => result.status === 'fulfilled' && result.value.accepted)
    expect(accepted.sort()).toEqual([false, true])
  })

  it('[AR2] with binding tells the code while it is pending, and not afterwards', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { cid, bindingCode } = await authentication.request(ALEX, { async: true, binding: 'code' })
    expect(bindingCode).toBe('123456')
    await server.decide(cid, 'approved')
    expect((await authentication.get(cid)).bindingCode).toBeUndefined()
  })
})

describe('an observer', () => {
  it('hears the outcome once, while the promise resolves as soon as the request is made', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const observer = vi.fn<Observer>()
    const { cid, status, bindingCode } = await authentication.request(ALEX, { binding: 'code' }, observer)
    expect([status, bindingCode]).toEqual(['pending', '123456'])
    expect(observer).not.toHaveBeenCalled()
    await server.decide(cid, 'approved')
    await expect.poll(() => observer.mock.calls.length).toBe(1)
    expect(observer.mock.calls[0]?.[0]).toMatchObject({ cid, accepted: true, selfID: ALEX })
    await authentication.waitFor(cid)
    expect(observer).toHaveBeenCalledOnce()
  })

  it('hears of expiry', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const observer = vi.fn<Observer>()
    const { cid } = await authentication.request(ALEX, {}, observer)
    server.end(cid, 'expired')
    await expect.poll(() => observer.mock.calls[0]?.[0].status).toBe('expired')
  })

  it('hears at once where the request was decided before', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    await authentication.request(ALEX, { cid: CID, async: true })
    await server.decide(CID, 'denied')
    const observer = vi.fn<Observer>()
    await authentication.request(ALEX, { cid: CID }, observer)
    expect(observer.mock.calls[0]?.[0].accepted).toBe(false)
  })

  it('that throws or rejects breaks nobody else, and is reported', async () => {
    const server = await startServer()
    const { authentication, logger } = connect(server)
    const thrown = new Error('thrown')
    const rejected = new Error('rejected')
    const last = vi.fn<Observer>()
    const throws = () => {
      throw thrown
    }
    const { cid } = await authentication.request(ALEX, { cid: CID }, throws)
    await authentication.request(ALEX, { cid: CID }, () => Promise.reject(rejected))
    await authentication.request(ALEX, { cid: CID }, last)
    await server.decide(cid, 'approved')
    await expect.poll(() => last.mock.calls.length).toBe(1)
    expect(logger.error.mock.calls.map(([, error]) => error)).toEqual([thrown, rejected])
  })

  it('that nobody awaits is told of a failure, and nothing is left unhandled', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const observer = vi.fn<Observer>()
    server.failNext({ kind: 'status', status: 429, retryAfter: '30' })
    void authentication.request(ALEX, {}, observer)
    await expect.poll(() => observer.mock.calls.length).toBe(1)
    expect(observer.mock.calls[0]?.[0]).toMatchObject({ status: 'errored', accepted: undefined })
  })

  it('hears nothing once its signal has aborted', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const [left, stays] = [vi.fn<Observer>(), vi.fn<Observer>()]
    const controller = new AbortController()
    await authentication.request(ALEX, { cid: CID, signal: controller.signal }, left)
    await authentication.request(ALEX, { cid: CID }, stays)
    controller.abort()
    await server.decide(CID, 'approved')
    await expect.poll(() => stays.mock.calls.length).toBe(1)
    expect(left).not.toHaveBeenCalled()
  })
})

describe('get and cancel', () => {
  it('[AR3] work by the id, and by the creator’s secret to take it back, which is in no address', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { cid } = await authentication.request(ALEX, { async: true })
    expect((await authentication.get(cid)).status).toBe('pending')
    expect((await authentication.cancel(cid)).status).toBe('canceled')
    const secret = server.requests.get(cid)?.secret ?? ''
    expect(server.calls.slice(1).map(({ authorization }) => authorization)).toEqual([
      undefined,
      `Secret ${secret}`,
    ])
    for (const { url } of server.calls) expect(url).not.toContain(secret)
  })

  it('[AR3] work by the API key for what others made, and without it do not', async () => {
    const server = await startServer()
    const { cid } = await connect(server).authentication.request(ALEX, { async: true })
    const stranger = connect(server).authentication
    for (const call of [stranger.get(cid), stranger.cancel(cid), stranger.waitFor(cid)])
      await expect(call).rejects.toMatchObject({ code: 'unauthenticated' })
    const owner = connect(server, { apiKey: server.apiKey }).authentication
    expect((await owner.get(cid)).status).toBe('pending')
    const outcome = owner.waitFor(cid)
    expect((await owner.cancel(cid)).status).toBe('canceled')
    expect((await outcome).status).toBe('canceled')
    for (const { url } of server.calls) expect(url).not.toContain(server.apiKey)
  })

  it('work where the first answer was lost: it is asked once', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    server.failNext({ kind: 'lost' })
    const { cid } = await authentication.request(ALEX, { async: true })
    expect(server.cids()).toEqual([cid])
    expect((await authentication.get(cid)).status).toBe('pending')
    expect((await authentication.cancel(cid)).status).toBe('canceled')
  })

  it('a decision stays as it is when it is canceled', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { cid } = await authentication.request(ALEX, { async: true })
    await server.decide(cid, 'approved')
    expect((await authentication.cancel(cid)).accepted).toBe(true)
  })
})
