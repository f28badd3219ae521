import { generateKeyPair } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { DecisionChange } from './authentication-server.testing.ts'
import { ALEX, connect, lastCid, startServer } from './clients.testing.ts'

/** The outcome of an approved request whose decision is changed in one respect. */
async function outcomeOf(change: DecisionChange) {
  const server = await startServer()
  const { authentication } = connect(server)
  const response = authentication.request({ email: 'alex@example.com' })
  await server.decide(await lastCid(server), 'approved', change)
  return response
}

describe('[AR9] a decision that is not proven is not accepted', () => {
  it.each([
    ['for another person', { claims: { subject: 'robin@example.com' } }, /somebody else/],
    [
      'for a person whose address only looks the same',
      { claims: { subject: 'alex@example.co' } },
      /somebody/,
    ],
    ['for another app', { claims: { aud: 'other' } }, /another app/],
    ['for several apps', { claims: { aud: ['shop', 'other'] } }, /another app/],
    ['for no app', { claims: { aud: undefined as never } }, /aud/],
    ['of another request', { claims: { jti: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001' } }, /another request/],
    ['of another server', { claims: { iss: 'https://evil.example.org' } }, /iss/],
    ['without a server', { claims: { iss: undefined as never } }, /iss/],
    ['without a subject', { claims: { subject: undefined } }, /subject/],
    ['with a subject that is no text', { claims: { subject: ['alex@example.com'] } }, /does not say/],
    ['that says denied', { claims: { decision: 'denied' } }, /says otherwise/],
    ['that says nothing', { claims: { decision: undefined } }, /decision/],
  ])('%s', async (_what, change, reason) => {
    const response = await outcomeOf(change)
    expect(response).toMatchObject({ status: 'errored', accepted: undefined, selfID: undefined })
    expect(response.errorMessage).toMatch(reason)
    expect(response.isAccepted()).toBe(false)
  })

  it('signed by a key that is not the server’s, under its name and another', async () => {
    for (const kid of ['first', 'mine']) {
      const { privateKey } = await generateKeyPair('ES256')
      expect((await outcomeOf({ key: { kid, privateKey } })).status).toBe('errored')
    }
  })

  it('signed by another algorithm', async () => {
    const privateKey = new TextEncoder().encode('a shared secret that is long enough')
    const response = await outcomeOf({ key: { kid: 'first', privateKey }, alg: 'HS256' })
    expect(response).toMatchObject({ status: 'errored', accepted: undefined })
    expect(response.errorMessage).toMatch(/alg/i)
  })

  it('signed by an algorithm that was not agreed on, though by a key of the server', async () => {
    const server = await startServer()
    const key = await server.addKey('longer', 'ES384')
    const { authentication } = connect(server)
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'approved', { key, alg: 'ES384' })
    expect(await response).toMatchObject({ status: 'errored', accepted: undefined })
  })

  it('not signed at all, or by half', async () => {
    for (const token of [null, '', 'approved', 'eyJhbGciOiJub25lIn0.e30.']) {
      const server = await startServer()
      const { authentication } = connect(server)
      const response = authentication.request(ALEX)
      server.end(await lastCid(server), 'approved', token)
      expect(await response).toMatchObject({ status: 'errored', accepted: undefined })
    }
  })

  it('a status of a later version', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'approved', { status: 'on-hold' })
    expect(await response).toMatchObject({ status: 'errored', accepted: undefined })
  })

  it('an address that differs by a letter that only folds to the same', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = authentication.request({ email: 'ale\u212a@example.com' })
    await server.decide(await lastCid(server), 'approved', { claims: { subject: 'alek@example.com' } })
    expect((await response).accepted).toBeUndefined()
  })

  it('a denial that is not proven is no denial either', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'denied', { claims: { subject: '9998887776' } })
    expect(await response).toMatchObject({ status: 'errored', accepted: undefined, selfID: undefined })
  })
})

it('[AR9] whom it asked, a client knows for as long as somebody waits', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const server = await startServer()
  const { authentication } = connect(server, { apiKey: server.apiKey })
  const { cid } = await authentication.request(ALEX, { async: true })
  const outcome = authentication.waitFor(cid)
  vi.setSystemTime(Date.now() + 24 * 3_600_000)
  await authentication.request('9998887776', { async: true })
  await server.decide(cid, 'approved', { claims: { subject: '9998887776' } })
  expect(await outcome).toMatchObject({ status: 'errored', accepted: undefined })
})

describe('a decision that is proven', () => {
  it('names who decided as the server has them, whatever the case that was asked in', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const response = authentication.request({ email: 'Alex@Example.com' })
    await server.decide(await lastCid(server), 'approved')
    expect(await response).toMatchObject({ accepted: true, selfID: 'alex@example.com' })
  })

  it('counts from any app where the client names none', async () => {
    const server = await startServer()
    const { authentication } = connect({ url: server.url, app: undefined as never })
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'approved')
    expect((await response).accepted).toBe(true)
    expect(server.calls[0]?.url).toBe('/v1/authentication-request/')
  })

  it('is of the issuer that the client was given', async () => {
    const server = await startServer()
    const { authentication } = connect(server, { issuer: 'https://chat.example.com/' })
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'approved', { claims: { iss: 'https://chat.example.com' } })
    expect((await response).accepted).toBe(true)
  })
})

describe('the server’s keys', () => {
  it('are fetched once, and for an unknown one again, at most once in a second', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    const decide = async () => {
      const { cid } = await authentication.request(ALEX, { async: true })
      await server.decide(cid, 'approved')
      return (await authentication.waitFor(cid)).status
    }
    const fetches = () => server.calls.filter(({ url }) => url === '/.well-known/jwks.json').length

    expect([await decide(), await decide(), fetches()]).toEqual(['approved', 'approved', 1])
    await server.rotateKey('second')
    expect([await decide(), await decide(), fetches()]).toEqual(['approved', 'approved', 2])
    // The server's newest key, and still not this one.
    const key = { ...(await server.addKey('other')), kid: 'nobody’s' }
    const { cid } = await authentication.request(ALEX, { async: true })
    await server.decide(cid, 'approved', { key })
    expect((await authentication.waitFor(cid)).status).toBe('errored')
    expect(fetches()).toBe(3)
  })

  it('[AR9] that cannot be had are waited for, and decide nothing meanwhile', async () => {
    const server = await startServer()
    const { authentication } = connect(server)
    let outages = 3
    server.disturb(({ url }) => {
      if (url !== '/.well-known/jwks.json' || outages === 0) return null
      outages -= 1
      return outages % 2 === 0 ? { kind: 'status', status: 503 } : { kind: 'body', text: '{}' }
    })
    const response = authentication.request(ALEX)
    await server.decide(await lastCid(server), 'approved')
    expect((await response).accepted).toBe(true)
    expect(outages).toBe(0)
  })
})
