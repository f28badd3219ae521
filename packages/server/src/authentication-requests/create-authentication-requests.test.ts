import { randomUUID } from 'node:crypto'
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { DeliveryRefused } from './authentication-requests.ts'
import {
  byKey,
  createOutbox,
  never,
  PUBLIC_URL,
  type Requests,
  SHOP,
  startRequests,
  wish,
} from './requests.testing.ts'

const newId = () => randomUUID() as string as AuthenticationRequestId
const fifty = <Value>(make: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: 50 }, (_, index) => make(index)))
const delivered = (requests: Requests, count = 1) =>
  expect.poll(() => requests.outbox.tokens.length).toBe(count)
const identifier = { kind: 'identifier', identifier: '1112223334' } as const

async function asked(requests: Requests, changes: Parameters<typeof wish>[0] = {}) {
  const before = requests.outbox.tokens.length
  const created = await requests.service.create(wish(changes))
  await delivered(requests, before + 1)
  return created
}

describe('a decision', () => {
  it('wakes who waits, and is signed by the published key', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests, { addressee: { kind: 'email', email: 'Ann@Example.com' } })
    const waiting = service.wait(record.id, 60_000, never)
    await expect.poll(() => service.waiting).toBe(1)
    const decision = await requests.fromLink()
    requests.clock.now += 5_000
    const outcome = await service.decideByLink(decision)
    const decided = await waiting
    expect(outcome).toEqual({ kind: 'decided', record: decided })
    expect(service.waiting).toBe(0)
    const { payload, protectedHeader } = await jwtVerify(
      decided.response ?? '',
      createLocalJWKSet(service.keySet),
      { issuer: PUBLIC_URL, audience: SHOP, algorithms: ['ES256'] },
    )
    expect(protectedHeader.kid).toBe(service.keySet.keys[0]?.kid)
    expect(payload).toEqual({
      iss: PUBLIC_URL,
      aud: SHOP,
      jti: record.id,
      iat: Math.floor(requests.clock.now / 1_000),
      decision: 'approved',
      decided_at: new Date(requests.clock.now).toISOString(),
      subject: 'ann@example.com',
    })
    expect(decided).toMatchObject({ status: 'approved', subject: 'ann@example.com', isConsumed: false })
    expect(JSON.stringify(service.keySet), 'the private half').not.toContain('"d"')
  })

  it('[AR4] is one: of 50 parallel ones, approvals and denials, exactly one wins, and of 50 claims', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests)
    const decision = await requests.fromLink()
    const outcomes = await fifty((index) =>
      service.decideByLink({ ...decision, decision: index % 2 === 0 ? 'approved' : 'denied' }),
    )
    const won = outcomes.filter(({ kind }) => kind === 'decided')
    expect(won).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'over')).toHaveLength(49)
    const decided = await service.find(SHOP, record.id)
    expect(won).toEqual([{ kind: 'decided', record: decided }])
    const claims = (await fifty(() => service.claim(record.id))).filter((claim) => claim !== null)
    expect(claims).toHaveLength(decided?.status === 'approved' ? 1 : 0)
  })

  it.each(['approved', 'denied'] as const)('[AR4] %s is replayed for nothing', async (decision) => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests)
    const first = await requests.fromLink({ decision })
    await service.decideByLink(first)
    const again = await service.decideByLink({ ...first, decision: 'approved' })
    expect(again).toEqual({ kind: 'over', status: decision, isLocked: false })
    expect(await service.viewLink(first.token)).toEqual(again)
    expect((await service.claim(record.id)) === null).toBe(decision === 'denied')
    expect(await service.claim(record.id)).toBeNull()
    await requests.restart()
    expect(await requests.service.claim(record.id)).toBeNull()
  })

  it('[AR1] needs the nonce of the page, and looking changes nothing', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests)
    const decision = await requests.fromLink()
    const other = await asked(requests, { addressee: { kind: 'email', email: 'bob@example.com' } })
    const { nonce: foreign } = await requests.fromLink()
    for (const nonce of ['', 'guessed', foreign])
      expect(await service.decideByLink({ ...decision, nonce })).toEqual({ kind: 'unknown' })
    expect(await service.decideByLink({ ...decision, token: 'guessed' })).toEqual({ kind: 'unknown' })
    await Promise.all(Array.from({ length: 1_000 }, () => service.viewLink(decision.token)))
    expect(await service.viewLink('guessed')).toEqual({ kind: 'unknown' })
    for (const { id } of [record, other.record])
      expect(await service.find(SHOP, id)).toMatchObject({ status: 'pending' })
    expect((await service.decideByLink(decision)).kind).toBe('decided')
  })
})

describe('[AR2] a binding code', () => {
  it('is six digits that the initiator sees, and the approver has to type', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { bindingCode: code, record } = await asked(requests, { binding: 'code' })
    expect(code).toMatch(/^\d{6}$/)
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    const decision = await requests.fromLink()
    expect(await service.decideByLink({ ...decision, code: wrong })).toEqual({
      kind: 'wrong-code',
      codesLeft: 4,
    })
    // Input that cannot be a code costs no try.
    for (const none of [null, '', '12345', '1234567', 'abcdef'])
      expect(await service.decideByLink({ ...decision, code: none })).toEqual({
        kind: 'no-code',
        codesLeft: 4,
      })
    expect(await service.viewLink(decision.token)).toMatchObject({ kind: 'pending', codesLeft: 4 })
    await requests.restart()
    expect(requests.service.bindingCodeOf(record)).toBe(code)
    const typed = `${code?.slice(0, 3)} ${code?.slice(3)}`
    expect(await requests.service.decideByLink({ ...decision, code: typed })).toMatchObject({
      kind: 'decided',
    })
    expect((await requests.service.find(SHOP, record.id))?.status).toBe('approved')
  })

  it('locks after five wrong ones, however many are tried at once, and wakes who waits', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { bindingCode: code, record } = await asked(requests, { binding: 'code' })
    const decision = await requests.fromLink()
    const waiting = service.wait(record.id, 60_000, never)
    const outcomes = await fifty((index) =>
      service.decideByLink({
        ...decision,
        code: String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0'),
      }),
    )
    expect(outcomes.filter(({ kind }) => kind === 'wrong-code')).toHaveLength(4)
    const locked = { kind: 'over', status: 'canceled', isLocked: true }
    expect(outcomes.filter(({ kind }) => kind === 'over')).toEqual(Array.from({ length: 46 }, () => locked))
    expect((await waiting).status).toBe('canceled')
    expect(await service.decideByLink({ ...decision, code })).toEqual(locked)
    expect(await service.viewLink(decision.token)).toEqual(locked)
    expect(await service.claim(record.id)).toBeNull()
  })

  it('is not needed to deny', async () => {
    const requests = await startRequests()
    await asked(requests, { binding: 'code' })
    const denial = await requests.fromLink({ decision: 'denied' })
    expect(await requests.service.decideByLink(denial)).toMatchObject({ record: { status: 'denied' } })
  })
})

describe('the end of a request', () => {
  it('[AR9] comes by its time, for who waits, and then nothing approves it', async () => {
    const requests = await startRequests()
    const { service, clock } = requests
    const { record } = await asked(requests, { lifetimeSeconds: 1 })
    const decision = await requests.fromLink()
    const waiting = service.wait(record.id, 60_000, never)
    clock.now += 1_000
    expect(await service.decideByLink(decision)).toEqual({ kind: 'over', status: 'expired', isLocked: false })
    expect((await waiting).status).toBe('expired')
    expect(await service.claim(record.id)).toBeNull()
  })

  it.each([
    ['new', false],
    ['pending before a restart', true],
  ])('is told by the timer, of what is %s', async (_title, restarts) => {
    const requests = await startRequests()
    const { record } = await asked(requests, { lifetimeSeconds: 1 })
    if (restarts) await requests.restart()
    const { clock, service } = requests
    const waiting = service.wait(record.id, 60_000, never)
    await expect.poll(() => service.waiting).toBe(1)
    // Read without the service, whose own lookup would end the request as well.
    await service.find(SHOP, record.id)
    clock.now += 1_000
    expect((await waiting).status).toBe('expired')
  })

  it('is canceled by its maker, once and for all', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests)
    const decision = await requests.fromLink()
    const [first, ...others] = await fifty(() => service.cancel(record.id))
    expect(first?.status).toBe('canceled')
    expect(others.every(({ status }) => status === 'canceled')).toBe(true)
    expect(await service.decideByLink(decision)).toMatchObject({ kind: 'over', status: 'canceled' })
    await expect(service.cancel(newId())).rejects.toMatchObject({ code: 'not-found' })
  })

  it('[AR4] is one where a denial races an approval and a cancellation', async () => {
    const requests = await startRequests()
    const { service } = requests
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const addressee = { kind: 'email', email: `ann${index}@example.com` } as const
      const { record } = await asked(requests, { addressee })
      const decision = await requests.fromLink()
      const [approval, denial, canceled] = await Promise.all([
        service.decideByLink(decision),
        service.decideByLink({ ...decision, decision: 'denied' }),
        service.cancel(record.id),
      ])
      const status = (await service.find(SHOP, record.id))?.status
      expect(canceled.status).toBe(status)
      expect([approval.kind === 'decided', denial.kind === 'decided']).toEqual([
        status === 'approved',
        status === 'denied',
      ])
    }
  })
})

describe('the same id', () => {
  it('with the same body attaches, from anywhere; with another body it is a conflict', async () => {
    const requests = await startRequests()
    const { service } = requests
    const id = newId()
    const made = await service.create(wish({ id, binding: 'code' }))
    expect(made.creatorSecret).toMatch(/^[\w-]{43}$/)
    const addressee = { kind: 'email', email: 'ANN@example.com' } as const
    const attached = await fifty(() => service.create(wish({ id, binding: 'code', addressee })))
    for (const other of attached) expect(other).toEqual({ ...made, creatorSecret: null })
    for (const changes of [
      { addressee: { kind: 'email', email: 'bob@example.com' } } as const,
      { claims: { ...wish().claims, applicationTitle: 'Another' } },
      { claims: { ...wish().claims, userIp: '::1' } },
      { binding: 'none' } as const,
      { lifetimeSeconds: 60 },
      { app: 'other' as typeof SHOP },
    ])
      await expect(service.create(wish({ id, binding: 'code', ...changes }))).rejects.toMatchObject({
        code: 'conflict',
      })
    await delivered(requests)
  })

  it('[AR3] of a request that was made with a key is none for somebody without', async () => {
    const requests = await startRequests()
    const { service } = requests
    const id = newId()
    await service.create(wish({ id, creator: byKey }))
    await expect(service.create(wish({ id }))).rejects.toMatchObject({ code: 'conflict' })
    expect((await service.create(wish({ id, creator: byKey }))).record.id).toBe(id)
  })

  it('[AR3] is the creator’s by the secret alone', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record, creatorSecret } = await service.create(wish())
    expect(await service.isCreator(SHOP, record.id, creatorSecret ?? '')).toBe(true)
    expect(await service.isCreator('other' as typeof SHOP, record.id, creatorSecret ?? '')).toBe(false)
    expect(await service.isCreator(SHOP, record.id, '')).toBe(false)
    expect(await service.isCreator(SHOP, newId(), '')).toBe(false)
    expect(await service.isCreator(SHOP, newId(), creatorSecret ?? '')).toBe(false)
  })
})

describe('[AR7] a new request for the same addressee', () => {
  it('cancels the one before, whose link is good for nothing', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests)
    const old = await requests.fromLink()
    const waiting = service.wait(record.id, 60_000, never)
    await asked(requests)
    expect((await waiting).status).toBe('canceled')
    expect(await service.viewLink(old.token)).toEqual({ kind: 'unknown' })
    expect(await service.decideByLink(old)).toEqual({ kind: 'unknown' })
    expect((await service.decideByLink(await requests.fromLink())).kind).toBe('decided')
  })
})

describe('delivery', () => {
  it('is tried again until it works', async () => {
    const outbox = createOutbox((attempt) => {
      if (attempt < 4) throw new Error('the mail server is away')
    })
    const requests = await startRequests({ outbox })
    await asked(requests, { creator: byKey })
    expect(requests.log()).toContain('the mail server is away')
  })

  it('that is refused makes the request errored, for who asked with a key', async () => {
    const outbox = createOutbox(() => {
      throw new DeliveryRefused('no such mailbox')
    })
    const requests = await startRequests({ outbox })
    const { record } = await requests.service.create(wish({ creator: byKey }))
    expect((await requests.service.wait(record.id, 60_000, never)).status).toBe('errored')
    expect(requests.log()).toContain('no such mailbox')
  })

  it('is given up when the request is over', async () => {
    let isBegun = false
    let isStopped = false
    const requests = await startRequests({
      outbox: {
        ...createOutbox(),
        deliver: ({ signal }) =>
          new Promise((_resolve, reject) => {
            isBegun = true
            signal.addEventListener('abort', () => {
              isStopped = true
              reject(signal.reason)
            })
          }),
      },
    })
    const { record } = await requests.service.create(wish({ creator: byKey }))
    await expect.poll(() => isBegun).toBe(true)
    await requests.service.cancel(record.id)
    await expect.poll(() => isStopped).toBe(true)
  })

  it('[AR7] of a request that is over before it has begun is not begun', async () => {
    const { service, jobs, storage, outbox } = await startRequests()
    let goOn: (isMuted: boolean) => void = () => undefined
    const isMuted = vi
      .spyOn(storage.authenticationRequests, 'isMuted')
      .mockReturnValueOnce(new Promise((resolve) => (goOn = resolve)))
    const { record } = await service.create(wish())
    await expect.poll(() => isMuted).toHaveBeenCalled()
    await service.cancel(record.id)
    // Read without the delivery, whose own lookup would end the request as well.
    await service.find(SHOP, record.id)
    goOn(false)
    await jobs.close()
    expect(outbox.tokens).toEqual([])
  })

  it('[AR9] of what was pending goes on after a restart, by a new link, once', async () => {
    const broken = createOutbox(() => {
      throw new Error('the mail server is away')
    })
    const requests = await startRequests({ outbox: broken })
    const { record } = await requests.service.create(wish())
    await expect.poll(() => requests.log()).toContain('the mail server is away')
    await requests.restart()
    await delivered(requests)
    expect(requests.outbox.records).toMatchObject([{ id: record.id, status: 'pending' }])
    const decision = await requests.fromLink()
    await requests.restart()
    expect((await requests.service.decideByLink(decision)).kind).toBe('decided')
    expect(requests.outbox.tokens).toEqual([])
  })
})

describe('[AR6] addressees that get nothing', () => {
  it('are told of with a key: unauthorized', async () => {
    const requests = await startRequests()
    const { service } = requests
    await asked(requests, { creator: byKey })
    await service.decideByLink(await requests.fromLink({ mutes: true }))
    for (const addressee of [identifier, wish().addressee]) {
      const { record } = await service.create(wish({ addressee, creator: byKey }))
      expect((await service.wait(record.id, 60_000, never)).status).toBe('unauthorized')
    }
  })

  it('stay pending without a key, and expire like any other', async () => {
    const refusing = createOutbox((attempt) => {
      if (attempt > 1) throw new DeliveryRefused('no such mailbox')
    })
    const requests = await startRequests({ outbox: refusing })
    const { service, clock } = requests
    await asked(requests)
    const outcome = await service.decideByLink(await requests.fromLink({ mutes: true }))
    expect(outcome).toMatchObject({ record: { status: 'denied' } })
    const refused = { kind: 'email', email: 'nobody@example.com' } as const
    for (const addressee of [identifier, wish().addressee, refused]) {
      const { record, creatorSecret } = await service.create(wish({ addressee, lifetimeSeconds: 60 }))
      expect([record.status, typeof creatorSecret]).toEqual(['pending', 'string'])
      const { id } = record
      await expect
        .poll(async () => (await requests.storage.authenticationRequests.find(id))?.delivery)
        .toBe('failed')
      expect((await service.wait(id, 1, never)).status).toBe('pending')
      clock.now += 60_000
      expect((await service.find(SHOP, id))?.status).toBe('expired')
    }
    expect(requests.outbox.tokens).toHaveLength(1)
  })
})

describe('outcomes', () => {
  it('are told in order, at once to who waits, and to nobody twice', async () => {
    const requests = await startRequests()
    const { service } = requests
    const waiting = service.events(SHOP, '', 60_000, never)
    const one = await asked(requests)
    await service.cancel(one.record.id)
    const first = await waiting
    expect(first.events).toMatchObject([{ record: { id: one.record.id, status: 'canceled' } }])
    expect(first.cursor).toBe(first.events[0]?.cursor)
    await asked(requests)
    await service.decideByLink(await requests.fromLink({ decision: 'denied' }))
    await requests.restart()
    const next = await requests.service.events(SHOP, first.cursor, 0, never)
    expect(next.events).toMatchObject([{ record: { status: 'denied', response: expect.any(String) } }])
    expect(await requests.service.events(SHOP, next.cursor, 0, never)).toMatchObject({
      events: [],
      cursor: next.cursor,
      at: expect.any(Number),
    })
    expect((await requests.service.events('other' as typeof SHOP, '', 0, never)).events).toEqual([])
    await expect(requests.service.events(SHOP, 'x', 0, never)).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('waiting', () => {
  it('ends by its time, by the signal, and when the service closes: pending', async () => {
    const requests = await startRequests()
    const { service } = requests
    const { record } = await asked(requests)
    expect((await service.wait(record.id, 1, never)).status).toBe('pending')
    const hangUp = new AbortController()
    const hungUp = service.wait(record.id, 60_000, hangUp.signal)
    const waiting = service.wait(record.id, 60_000, never)
    const forEvents = service.events(SHOP, '', 60_000, never)
    await expect.poll(() => service.waiting).toBe(3)
    hangUp.abort()
    expect((await hungUp).status).toBe('pending')
    expect(service.waiting).toBe(2)
    await service.close()
    expect((await waiting).status).toBe('pending')
    expect(await forEvents).toEqual({ events: [], cursor: '', at: expect.any(Number) })
    expect((await service.wait(record.id, 60_000, never)).status).toBe('pending')
    expect(service.waiting).toBe(0)
  })
})
