/** The contract of authentication requests. */
import { randomUUID } from 'node:crypto'
import type { Addressee, AppId, AuthenticationRequestId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { MadeRequest, NewRequest, RequestEnd, StoredRequest } from './authentication-request-storage.ts'
import { type Fixture, newConversationId, newSecretHash, SHOP, START } from './contract-fixture.testing.ts'

const MINUTE = 60_000
const newRequestId = () => randomUUID() as string as AuthenticationRequestId
const email = (address: string): Addressee => ({ kind: 'email', email: address })
const someone = () => email(`${randomUUID()}@example.com`)

export const newRequest = (changes: Partial<NewRequest> = {}): NewRequest => ({
  id: newRequestId(),
  app: SHOP,
  addressee: someone(),
  claims: { applicationTitle: 'My App', userName: null, userIp: null, userOrigin: null },
  binding: 'none',
  createdAt: START,
  expiresAt: START + 15 * MINUTE,
  creator: 'anyone',
  creatorSecretHash: newSecretHash(),
  linkHash: newSecretHash(),
  conversationId: null,
  mustWait: () => 0,
  countSince: START - 60 * MINUTE,
  ...changes,
})

export const approvedBy = (subject: string) =>
  ({ status: 'approved', subject, response: 'a.b.c' }) as const satisfies RequestEnd
const deniedBy = (subject: string) =>
  ({ status: 'denied', subject, response: 'd.e.f' }) as const satisfies RequestEnd
const winners = <Value>(results: readonly (Value | null)[]) => results.filter((result) => result !== null)
const fifty = <Value>(make: (index: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: 50 }, (_, index) => make(index)))

export function authenticationRequestContract(fixture: Fixture): void {
  const requests = () => fixture.storage.authenticationRequests
  async function made(changes: Partial<NewRequest> = {}): Promise<StoredRequest> {
    const outcome = await requests().create(newRequest(changes))
    if (outcome.kind !== 'created') throw new Error(`not made: ${outcome.kind}`)
    return outcome.request
  }

  it('[AR9] keeps a request as it was made, across a restart', async () => {
    const request = newRequest({
      addressee: { kind: 'identifier', identifier: '1112223334' },
      claims: { applicationTitle: 'My App', userName: 'Ann', userIp: '::1', userOrigin: 'Berlin' },
      binding: 'code',
      creator: 'key',
    })
    const { linkHash, mustWait: _mustWait, countSince: _countSince, ...kept } = request
    const expected = {
      ...kept,
      status: 'pending',
      decidedAt: null,
      subject: null,
      response: null,
      isConsumed: false,
      isFromChat: false,
      isScan: false,
      delivery: 'owed',
      wrongCodes: 0,
      isLocked: false,
      isReplaced: false,
      endedAt: null,
      answer: null,
    }
    expect(await requests().create(request)).toEqual({ kind: 'created', request: expected, replaced: null })
    await fixture.reopen()
    expect(await requests().find(request.id)).toEqual(expected)
    expect(await requests().findByLink(linkHash)).toEqual(expected)
    expect(await requests().find(newRequestId())).toBeNull()
    expect(await requests().findByLink('unknown')).toBeNull()
  })

  it('tells of the request that has the id already, of 50 at once too', async () => {
    const request = newRequest()
    const outcomes = await fifty(() => requests().create({ ...request, linkHash: newSecretHash() }))
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1)
    expect(outcomes.filter(({ kind }) => kind === 'exists')).toHaveLength(49)
    const other = await requests().create(newRequest({ id: request.id, app: 'other' as AppId }))
    expect(other).toMatchObject({ kind: 'exists', request: { app: SHOP, addressee: request.addressee } })
  })

  it('[AR7] keeps one live request for an addressee, app and kind of caller: a new one cancels the one before', async () => {
    const addressee = someone()
    const first = await made({ addressee })
    const elsewhere = await made({ addressee, app: 'other' as AppId })
    const second = await requests().create(newRequest({ addressee }))
    expect(second).toMatchObject({
      kind: 'created',
      replaced: { id: first.id, status: 'canceled', isReplaced: true },
    })
    expect(await requests().find(first.id)).toMatchObject({ status: 'canceled', isReplaced: true })
    expect(await requests().find(elsewhere.id)).toMatchObject({ status: 'pending', isReplaced: false })

    const made50 = await fifty(() => requests().create(newRequest({ addressee })))
    const states = await Promise.all(
      made50.map(async (outcome) =>
        outcome.kind === 'created' ? (await requests().find(outcome.request.id))?.status : outcome.kind,
      ),
    )
    expect(states.filter((status) => status === 'pending')).toHaveLength(1)
    expect(states.filter((status) => status === 'canceled')).toHaveLength(49)
  })

  it('[AR7] counts an addressee’s requests for the app, also those that come at once, across a restart', async () => {
    const addressee = someone()
    const mustWait = (made: readonly MadeRequest[]) => (made.length >= 3 ? 1_234 : 0)
    const outcomes = await fifty((index) =>
      requests().create(newRequest({ addressee, mustWait, createdAt: START + index })),
    )
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(3)
    expect(outcomes.filter(({ kind }) => kind === 'limited')).toHaveLength(47)
    await fixture.reopen()
    expect(await requests().create(newRequest({ addressee, mustWait }))).toEqual({
      kind: 'limited',
      retryAfterMs: 1_234,
    })
    const later = START + 61 * MINUTE
    for (const changes of [
      { addressee, app: 'other' as AppId },
      { addressee: someone() },
      { addressee, createdAt: later, expiresAt: later + MINUTE, countSince: START + MINUTE },
    ])
      expect((await requests().create(newRequest({ mustWait, ...changes }))).kind).toBe('created')
  })

  it('tells who counts the newest first', async () => {
    const addressee = someone()
    for (const at of [START, START + 5, START + 9]) await made({ addressee, createdAt: at })
    let seen: readonly MadeRequest[] = []
    const mustWait = (made: readonly MadeRequest[]) => {
      seen = made
      return 0
    }
    await requests().create(newRequest({ addressee, mustWait, countSince: START }))
    expect(seen.map(({ at }) => at)).toEqual([START + 9, START + 5])
  })

  it('[AR4] ends once: of 50 decisions at the same time exactly one wins', async () => {
    const { id } = await made()
    const ends: readonly RequestEnd[] = [approvedBy('ann'), deniedBy('ann'), { status: 'canceled' }]
    const results = await fifty((index) =>
      requests().end(id, ends[index % ends.length] ?? ends[0]!, START + 1),
    )
    expect(winners(results)).toHaveLength(1)
    expect(await requests().find(id)).toEqual(winners(results)[0])
    expect(await requests().end(id, approvedBy('ann'), START + 2)).toBeNull()
    expect(await requests().find(id)).toEqual(winners(results)[0])
    expect(await requests().outcomes(SHOP, 0, 100)).toHaveLength(1)
  })

  it('[AR4] is claimed once, of 50 claims at the same time, and only if it was approved', async () => {
    const { id } = await made()
    expect(await requests().claim(id, START)).toBeNull()
    await requests().end(id, approvedBy('ann'), START + 1)
    const claims = await fifty(() => requests().claim(id, START + 2))
    expect(winners(claims)).toEqual([
      expect.objectContaining({ id, status: 'approved', subject: 'ann', isConsumed: true }),
    ])
    await fixture.reopen()
    expect(await requests().claim(id, START + 3)).toBeNull()
    const denied = await made()
    await requests().end(denied.id, deniedBy('ann'), START + 1)
    expect(await requests().claim(denied.id, START + 2)).toBeNull()
  })

  it('[AR15] is claimed by one claimant, who may claim it again, of 50 at the same time', async () => {
    const { id } = await made()
    await requests().end(id, approvedBy('ann'), START + 1)
    const claimants = Array.from({ length: 50 }, (_, index) => `claimant-${index}`)
    const claims = await Promise.all(claimants.map((one) => requests().claim(id, START + 2, one)))
    expect(winners(claims)).toHaveLength(1)
    const winner = claimants[claims.findIndex((claim) => claim !== null)]
    await fixture.reopen()
    const again = await Promise.all(claimants.map((one) => requests().claim(id, START + 3, one)))
    expect(claimants.filter((_, index) => again[index] !== null)).toEqual([winner])
    expect(await requests().claim(id, START + 3)).toBeNull()
  })

  it('[AR16] is found by its conversation, the newest of each', async () => {
    const [one, other] = [newConversationId(), newConversationId()]
    await made({ conversationId: one })
    const second = await made({ conversationId: one, createdAt: START + 1 })
    await made()
    expect([...(await requests().newestOf([one, other]))]).toEqual([
      [one, expect.objectContaining({ id: second.id, conversationId: one })],
    ])
    expect((await requests().newestOf([])).size).toBe(0)
  })

  it('[AR2] locks with the fifth wrong code, of 50 at the same time, and then nothing decides', async () => {
    const { id } = await made({ binding: 'code' })
    const counted = winners(await fifty(() => requests().countWrongCode(id, 5, START + 1)))
    expect(counted.map(({ wrongCodes }) => wrongCodes).sort()).toEqual([1, 2, 3, 4, 5])
    expect(counted.filter(({ isLocked }) => isLocked)).toHaveLength(1)
    expect(await requests().end(id, approvedBy('ann'), START + 2)).toBeNull()
    const locked = { status: 'canceled', isLocked: true, wrongCodes: 5, endedAt: START + 1 }
    expect(await requests().find(id)).toMatchObject(locked)
    expect(await requests().outcomes(SHOP, 0, 100)).toHaveLength(1)
  })

  it('[AR9] nothing decides past the end; it expires, and is errored where a key waits for a delivery', async () => {
    const end = START + MINUTE
    const owed = await made({ expiresAt: end, creator: 'key' })
    const delivered = await made({ expiresAt: end, creator: 'key' })
    await requests().setDelivery(delivered.id, 'delivered')
    const keyless = await made({ expiresAt: end })
    const later = await made({ expiresAt: end + 1 })
    for (const result of [
      await requests().end(owed.id, approvedBy('ann'), end),
      await requests().countWrongCode(owed.id, 5, end),
    ])
      expect(result).toBeNull()
    const due = [owed.id, delivered.id, keyless.id]
    expect(await requests().expire(owed.id, end - 1)).toBeNull()
    const ended = await Promise.all(due.map((id) => fifty(() => requests().expire(id, end))))
    expect(ended.map((results) => winners(results).length)).toEqual([1, 1, 1])
    expect((await requests().find(owed.id))?.status).toBe('errored')
    expect((await requests().find(delivered.id))?.status).toBe('expired')
    expect((await requests().find(keyless.id))?.status).toBe('expired')
    expect((await requests().find(later.id))?.status).toBe('pending')
  })

  it('[AR7] a denial mutes the addressee for the app, and for no other', async () => {
    const addressee = someone()
    const { id } = await made({ addressee })
    expect(await requests().isMuted(SHOP, addressee, 'anyone')).toBe(false)
    expect(await requests().denyAndMute(id, deniedBy('ann'), START + 1)).toMatchObject({ status: 'denied' })
    await made({ addressee, createdAt: START + 2 })
    await fixture.reopen()
    expect(await requests().isMuted(SHOP, addressee, 'anyone')).toBe(true)
    expect(await requests().isMuted('other' as AppId, addressee, 'anyone')).toBe(false)
    expect(await requests().isMuted(SHOP, someone(), 'anyone')).toBe(false)
    const identified = { kind: 'identifier', identifier: '1112223334' } as const
    expect(await requests().isMuted(SHOP, identified, 'anyone')).toBe(false)
  })

  it('[JB1] is stored with the jobs that deliver it, once, and end it at its time', async () => {
    const request = newRequest({ expiresAt: START + MINUTE })
    await fifty(() => requests().create({ ...request, linkHash: newSecretHash() }))
    await fixture.reopen()
    const leased = async (kind: 'request-delivery' | 'request-expiry', at: number) => {
      const lease = { owner: 'node', held: [], until: at + 1, limit: 9 }
      return (await fixture.storage.jobs.lease({ kind, at, ...lease })).map(
        ({ payload }) => payload.requestId,
      )
    }
    expect(await leased('request-delivery', START)).toEqual([request.id])
    expect(await leased('request-expiry', request.expiresAt - 1)).toEqual([])
    expect(await leased('request-expiry', request.expiresAt)).toEqual([request.id])
  })

  it('takes another link; the first stays good', async () => {
    const first = newRequest()
    await requests().create(first)
    await requests().addLink(first.id, 'another', START + 6)
    expect((await requests().findByLink('another'))?.id).toBe(first.id)
    expect((await requests().findByLink(first.linkHash))?.id).toBe(first.id)
  })

  it('gives outcomes a place when they are reached, and pages after one miss nothing', async () => {
    const waiting = await Promise.all(Array.from({ length: 120 }, () => made()))
    const replaced = waiting[0]!
    const seen: number[] = []
    const ids: string[] = []
    let after = 0
    let deciding = true
    // Reads while the outcomes are written: no outcome may appear behind the reader.
    const reading = (async () => {
      for (let last = false; !last; ) {
        last = !deciding
        const page = await requests().outcomes(SHOP, after, 7)
        for (const { place, request } of page) {
          seen.push(place)
          ids.push(request.id)
        }
        after = page.at(-1)?.place ?? after
        if (page.length > 0) last = false
      }
    })()
    await Promise.all(
      waiting.map(({ id, addressee }, index) => {
        if (id === replaced.id) return requests().create(newRequest({ addressee }))
        return requests().end(
          id,
          index % 2 === 0 ? approvedBy('ann') : { status: 'canceled' },
          START + 120 - index,
        )
      }),
    )
    deciding = false
    await reading
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
    expect([...ids].sort()).toEqual(waiting.map(({ id }) => id as string).sort())
    expect(await requests().outcomes('other' as AppId, 0, 100)).toEqual([])
  })

  it('gives a request that is for whoever scans its code to the first who does', async () => {
    const id = newRequestId()
    const scan = newRequest({ id, addressee: { kind: 'scan', requestId: id }, creator: 'key' })
    await requests().create(scan)
    const others = await made({ creator: 'key' })
    const first = { kind: 'identifier', identifier: '1112223334' } as const
    const [live, keyless] = [
      await made({ addressee: first, creator: 'key' }),
      await made({ addressee: first }),
    ]
    expect(await requests().give(others.id, '1112223334', START + 1)).toBeNull()
    const given = await fifty((index) =>
      requests().give(id, index === 0 ? '1112223334' : String(2_222_222_222 + index), START + 1),
    )
    const [won] = winners(given)
    expect(winners(given)).toHaveLength(1)
    expect(won?.request).toMatchObject({ id, status: 'pending', delivery: 'delivered', isScan: true })
    const { addressee } = won!.request
    expect(addressee.kind).toBe('identifier')
    const isFirst = addressee.kind === 'identifier' && addressee.identifier === '1112223334'
    expect(won?.replaced?.id).toBe(isFirst ? live.id : undefined)
    expect(await requests().find(keyless.id)).toMatchObject({ status: 'pending' })
    await fixture.reopen()
    expect(await requests().find(id)).toEqual(won?.request)
    const late = newRequestId()
    await made({ id: late, addressee: { kind: 'scan', requestId: late }, creator: 'key' })
    expect(await requests().give(late, '1112223334', START + 15 * MINUTE)).toBeNull()
  })

  it('keeps an email as it was written, and compares it without case', async () => {
    const written = email('A.Big@Example.com')
    const first = await made({ addressee: written })
    expect(first.addressee).toEqual(written)
    const second = await requests().create(newRequest({ addressee: email('a.big@example.com') }))
    expect(second).toMatchObject({ kind: 'created', replaced: { id: first.id, addressee: written } })
  })

  it('says beyond which place everything lies that ended at a time or later', async () => {
    const placeBefore = (at: number, app = SHOP) => requests().placeBefore(app, at)
    expect(await placeBefore(START)).toBe(0)
    // The second one by a server whose clock is behind.
    for (const after of [10, 5, 20]) {
      const { id } = await made()
      await requests().end(id, { status: 'canceled' }, START + after)
    }
    await made()
    expect(await Promise.all([5, 6, 11, 20, 21].map((after) => placeBefore(START + after)))).toEqual([
      0, 0, 2, 2, 3,
    ])
    expect(await placeBefore(START, 'other' as AppId)).toBe(0)
  })

  it('keeps the first of the keys that are offered for a name', async () => {
    const kept = await fifty((index) => fixture.storage.serverKeys.keep('signing', `key ${index}`, START))
    expect(new Set(kept).size).toBe(1)
    await fixture.reopen()
    expect(await fixture.storage.serverKeys.keep('signing', 'another', START)).toBe(kept[0])
    expect(await fixture.storage.serverKeys.keep('binding', 'another', START)).toBe('another')
  })
}
