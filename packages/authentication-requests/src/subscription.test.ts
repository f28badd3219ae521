import { describe, expect, it, vi } from 'vitest'
import type { AuthenticationResponse, Observer } from './authentication-client-api.ts'
import { ALEX, connect, startServer } from './clients.testing.ts'
import { deferred } from './full-jitter.ts'

const asked = { async: true } as const

/** An observer that records its calls. */
function listen() {
  const heard: AuthenticationResponse[] = []
  const observer: Observer = (response) => void heard.push(response)
  return { heard, observer, statuses: () => heard.map(({ cid, status }) => `${cid} ${status}`) }
}

describe('a subscription with an API key', () => {
  it('tells each outcome of the app once and in order, whoever asked', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey })
    const { heard, observer, statuses } = listen()
    authentication.subscribe(observer, { after: '' })
    const mine = await authentication.request(ALEX, asked)
    const others = await connect(server).authentication.request({ email: 'robin@example.com' }, asked)
    await server.decide(others.cid, 'denied')
    server.end(mine.cid, 'expired')
    await expect.poll(statuses).toEqual([`${others.cid} denied`, `${mine.cid} expired`])
    expect(heard.map(({ cursor, selfID }) => [cursor, selfID])).toEqual([
      ['1', 'robin@example.com'],
      ['2', undefined],
    ])
  })

  it('goes on after the cursor that was kept, in another process', async () => {
    const server = await startServer()
    const first = connect(server, { apiKey: server.apiKey })
    const before = listen()
    first.authentication.subscribe(before.observer, { after: '' })
    const a = await first.authentication.request(ALEX, asked)
    await server.decide(a.cid, 'approved')
    await expect.poll(before.statuses).toHaveLength(1)
    first.client.close()
    const b = await connect(server).authentication.request(ALEX, asked)
    await server.decide(b.cid, 'approved')

    const second = connect(server, { apiKey: server.apiKey })
    const after = listen()
    second.authentication.subscribe(after.observer, { after: before.heard[0]?.cursor ?? '' })
    await expect.poll(after.statuses).toEqual([`${b.cid} approved`])
    expect(before.heard).toHaveLength(1)
  })

  it('without a cursor tells what comes, and what this client had asked for before', async () => {
    const server = await startServer({ pageSize: 100 })
    const stranger = connect(server).authentication
    for (let count = 0; count < 230; count += 1) {
      const { cid } = await stranger.request(ALEX, asked)
      // An outcome of the same moment may be reported, so that none is lost.
      server.end(cid, 'expired', null, 10_000)
    }
    const { authentication } = connect(server, { apiKey: server.apiKey })
    const ours = await authentication.request(ALEX, asked)
    await server.decide(ours.cid, 'approved')
    const { observer, statuses } = listen()
    authentication.subscribe(observer)
    await expect.poll(statuses).toEqual([`${ours.cid} approved`])
    const theirs = await stranger.request(ALEX, asked)
    await server.decide(theirs.cid, 'denied')
    await expect.poll(statuses).toEqual([`${ours.cid} approved`, `${theirs.cid} denied`])
  })

  it('[AR9] holds what this client asked for against who was asked, also where the answer to it was lost', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey }, { tries: 1 })
    const { heard, observer } = listen()
    server.failNext({ kind: 'lost' })
    await expect(authentication.request(ALEX, asked)).rejects.toMatchObject({ code: 'server-unreachable' })
    await server.decide(server.cids()[0]!, 'approved', { claims: { subject: '9998887776' } })
    authentication.subscribe(observer, { after: '' })
    await expect.poll(() => heard.length).toBe(1)
    expect(heard[0]).toMatchObject({ status: 'errored', accepted: undefined, selfID: undefined })
  })

  it('waits for an observer before it tells it more, and for no other', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey })
    const slow = deferred<void>()
    const heard: string[] = []
    const fast = listen()
    authentication.subscribe(
      ({ cid }) => {
        heard.push(cid)
        return slow.promise
      },
      { after: '' },
    )
    authentication.subscribe(fast.observer, { after: '' })
    for (let count = 0; count < 2; count += 1) {
      const { cid } = await authentication.request(ALEX, asked)
      server.end(cid, 'expired')
    }
    await expect.poll(fast.statuses).toHaveLength(2)
    // On a connection of its own, on which the event may come later.
    await expect.poll(() => heard.length).toBeGreaterThan(0)
    expect(heard).toHaveLength(1)
    slow.resolve()
    await expect.poll(() => heard).toEqual(server.cids())
  })

  it('ends when it is unsubscribed, also between two outcomes of a page', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { apiKey: server.apiKey })
    for (let count = 0; count < 3; count += 1)
      server.end((await authentication.request(ALEX, asked)).cid, 'expired')
    const observer = vi.fn(() => unsubscribe())
    const unsubscribe = authentication.subscribe(observer, { after: '' })
    const { observer: last, statuses } = listen()
    authentication.subscribe(last, { after: '' })
    await expect.poll(statuses).toHaveLength(3)
    // On a connection of its own, on which the page may come later.
    await expect.poll(() => observer.mock.calls.length).toBeGreaterThan(0)
    expect(observer).toHaveBeenCalledOnce()
  })

  it('tells once and for all where the key is refused', async () => {
    const server = await startServer()
    const { authentication, logger } = connect(server, { apiKey: 'revoked' })
    const onError = vi.fn()
    authentication.subscribe(() => {}, { after: '', onError })
    const throws = () => {
      throw new Error('mine')
    }
    authentication.subscribe(() => {}, { onError: throws })
    authentication.subscribe(() => {})
    await expect.poll(() => onError.mock.calls.length).toBe(1)
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'unauthenticated' }))
    await expect.poll(() => logger.error.mock.calls.length).toBe(2)
    expect(server.calls).toHaveLength(3)
  })
})

describe('a subscription without a key', () => {
  it('tells each outcome of what this client asked for once, before and after', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const before = await authentication.request(ALEX, asked)
    const [one, two] = [listen(), listen()]
    authentication.subscribe(one.observer)
    authentication.subscribe(two.observer)
    const after = await authentication.request({ email: 'alex@example.com' }, asked)
    await connect(server).authentication.request('9998887776', asked)
    await server.decide(before.cid, 'approved')
    server.end(after.cid, 'expired')
    for (const { statuses } of [one, two])
      await expect
        .poll(() => statuses().sort())
        .toEqual([`${before.cid} approved`, `${after.cid} expired`].sort())
    await authentication.request(ALEX, { cid: before.cid, async: true })
    expect(one.heard).toHaveLength(2)
  })

  it('asks nobody whom the caller was told could not be asked', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const down = { kind: 'status', status: 503 } as const
    server.failNext(down, down, down)
    await expect(authentication.request(ALEX, asked)).rejects.toMatchObject({ code: 'unavailable' })
    const { observer, statuses } = listen()
    authentication.subscribe(observer)
    const { cid } = await authentication.request({ email: 'alex@example.com' }, asked)
    await server.decide(cid, 'approved')
    await expect.poll(statuses).toEqual([`${cid} approved`])
    expect(server.cids()).toEqual([cid])
  })

  it('tells what a wait that was given up does not', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { observer, statuses } = listen()
    authentication.subscribe(observer)
    const { cid } = await authentication.request(ALEX, { waitForResponse: 1 })
    await server.restart()
    await server.decide(cid, 'approved')
    await expect.poll(statuses).toEqual([`${cid} approved`])
  })

  it('ends when it is unsubscribed, and leaves no wait behind', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const { observer, heard } = listen()
    const stays = listen()
    const unsubscribe = authentication.subscribe(observer)
    const { cid } = await authentication.request(ALEX, asked)
    unsubscribe()
    authentication.subscribe(stays.observer)
    await server.decide(cid, 'approved')
    await expect.poll(stays.statuses).toHaveLength(1)
    expect(heard).toEqual([])
  })

  it('an observer that throws breaks no other, and is reported', async () => {
    const server = await startServer()
    const { authentication, logger } = connect(server)
    const { observer, statuses } = listen()
    authentication.subscribe(() => {
      throw new Error('mine')
    })
    authentication.subscribe(observer)
    const { cid } = await authentication.request(ALEX, asked)
    await server.decide(cid, 'approved')
    await expect.poll(statuses).toHaveLength(1)
    expect(logger.error).toHaveBeenCalledOnce()
  })
})
