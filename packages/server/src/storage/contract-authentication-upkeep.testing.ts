/** The contract of authentication requests' upkeep: mutes, erasure, retention. */
import { createHash, randomUUID } from 'node:crypto'
import type { Addressee, AppId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { NewRequest, StoredRequest } from './authentication-request-storage.ts'
import { approvedBy, newRequest } from './contract-authentication-requests.testing.ts'
import { type Fixture, newSecretHash, SHOP, START } from './contract-fixture.testing.ts'

const OTHER = 'other' as AppId
const HOUR = 3_600_000
const email = (address: string) => ({ kind: 'email', email: address }) as const
const identifier = { kind: 'identifier', identifier: '1112223334' } as const

export function authenticationUpkeepContract(fixture: Fixture): void {
  const requests = () => fixture.storage.authenticationRequests
  const upkeep = () => fixture.storage.authenticationUpkeep

  async function made(changes: Partial<NewRequest> = {}): Promise<StoredRequest> {
    const outcome = await requests().create(newRequest(changes))
    if (outcome.kind !== 'created') throw new Error(`not made: ${outcome.kind}`)
    return outcome.request
  }
  const denied = { status: 'denied', subject: 'ann', response: 'd.e.f' } as const
  async function mute(addressee: Addressee, at: number, app = SHOP): Promise<void> {
    const { id } = await made({ addressee, app })
    await requests().denyAndMute(id, denied, at)
  }
  const muted = async (before: number | null = null, limit = 100, app = SHOP) =>
    upkeep().muted({ app, before, limit })

  it('[AR7] lists who muted the app, the latest first, in pages that leave nobody out', async () => {
    const at = [5, 9, 9, 9, 7, 1].map((after) => START + after)
    const addressees = at.map((_, index) => (index === 0 ? identifier : email(`${index}@example.com`)))
    for (const [index, addressee] of addressees.entries()) await mute(addressee, at[index] ?? 0)
    await mute(email('elsewhere@example.com'), START + 20, OTHER)
    await made()
    await fixture.reopen()

    const whole = await muted()
    expect(whole.next).toBeNull()
    expect(whole.muted.map(({ mutedAt }) => mutedAt - START)).toEqual([9, 9, 9, 7, 5, 1])
    expect(whole.muted).toContainEqual({ addressee: identifier, creator: 'anyone', mutedAt: START + 5 })
    // Rows of the same millisecond stay together.
    const paged = []
    let before: number | null = null
    const sizes: number[] = []
    do {
      const page = await muted(before, 2)
      paged.push(...page.muted)
      sizes.push(page.muted.length)
      before = page.next
    } while (before !== null)
    expect(sizes).toEqual([3, 2, 1])
    const keys = (list: typeof whole.muted) => list.map((entry) => JSON.stringify(entry)).sort()
    expect(keys(paged)).toEqual(keys(whole.muted))
  })

  it('[AR7] takes a mute away once, for that app, with an audit row that does not hold the address', async () => {
    const ann = email('ann@example.com')
    await mute(ann, START + 1)
    await mute(ann, START + 2, OTHER)
    const results = await Promise.all(Array.from({ length: 20 }, () => upkeep().unmute(SHOP, ann, START + 3)))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await requests().isMuted(SHOP, ann, 'anyone')).toBe(false)
    expect(await requests().isMuted(OTHER, ann, 'anyone')).toBe(true)
    expect(await upkeep().unmute(SHOP, email('nobody@example.com'), START + 3)).toBe(false)
    const audits = await fixture.audits(SHOP)
    const hash = createHash('sha256').update('ann@example.com').digest('hex')
    expect(audits).toEqual([{ kind: 'unmute', at: START + 3, details: { addressee: hash } }])
  })

  it('forgets one addressee of one app, also what is pending; a mute stays', async () => {
    const ann = email('ann@example.com')
    await mute(ann, START + 1)
    const canceled = await made({ addressee: ann })
    const linkHash = newSecretHash()
    const pending = await made({ addressee: ann, linkHash })
    const others = [
      await made({ addressee: ann, app: OTHER }),
      await made({ addressee: email('bob@example.com') }),
      await made({ addressee: identifier }),
    ]
    expect(await upkeep().forget(SHOP, ann, START + 5)).toMatchObject({
      deleted: 3,
      canceled: [{ id: pending.id, status: 'canceled' }],
    })
    for (const { id } of [canceled, pending]) expect(await requests().find(id)).toBeNull()
    expect(await requests().findByLink(linkHash)).toBeNull()
    expect(await requests().isMuted(SHOP, ann, 'anyone')).toBe(true)
    for (const { id } of others) expect(await requests().find(id)).toMatchObject({ status: 'pending' })
    expect(await upkeep().forget(SHOP, ann, START + 6)).toEqual({ deleted: 0, canceled: [] })
    expect(await fixture.audits(SHOP)).toEqual([
      { kind: 'forget', at: START + 5, details: { deleted: 3, canceled: 1 } },
      { kind: 'forget', at: START + 6, details: { deleted: 0, canceled: 0 } },
    ])
  })

  it('[AR4] of a decision and a forgetting at the same time, nothing is left', async () => {
    for (let round = 0; round < 10; round += 1) {
      const addressee = email(`${randomUUID()}@example.com`)
      const { id } = await made({ addressee })
      await Promise.all([
        requests().end(id, approvedBy('ann'), START + 1),
        upkeep().forget(SHOP, addressee, START + 1),
        requests().countWrongCode(id, 5, START + 1),
      ])
      await upkeep().forget(SHOP, addressee, START + 2)
      expect(await requests().find(id)).toBeNull()
    }
  })

  it('purges what ended long ago, in batches, and never what is pending; cursors go on over the gap', async () => {
    const ended = await Promise.all(
      Array.from({ length: 6 }, (_, index) => made({ linkHash: `link ${index}` })),
    )
    for (const [index, { id }] of ended.entries())
      await requests().end(id, approvedBy('ann'), START + index + 1)
    const elsewhere = await made({ app: OTHER })
    await requests().end(elsewhere.id, approvedBy('ann'), START + 1)
    const pending = await made()
    // Ended late, as if the server was down: the time of the end counts.
    const late = await made({ expiresAt: START + 1 })
    await requests().expire(late.id, START + 90)
    const replaced = await made()
    await made({ addressee: replaced.addressee, createdAt: START + 95 })
    const locked = await made({ binding: 'code' })
    await requests().countWrongCode(locked.id, 1, START + 99)

    expect([...(await upkeep().apps())].sort()).toEqual([OTHER, SHOP])
    expect(await upkeep().purgeEnded(SHOP, START + 5, 3)).toBe(3)
    expect(await requests().find(ended[2]!.id)).toBeNull()
    expect(await requests().find(ended[3]!.id)).not.toBeNull()
    expect(await upkeep().purgeEnded(SHOP, START + 5, 3)).toBe(2)
    expect(await upkeep().purgeEnded(SHOP, START + 5, 3)).toBe(0)
    await fixture.reopen()
    expect(await requests().findByLink('link 4')).toBeNull()
    expect((await requests().findByLink('link 5'))?.id).toBe(ended[5]!.id)
    for (const { id } of [elsewhere, pending, late, replaced, locked])
      expect(await requests().find(id)).not.toBeNull()

    // Places 1 to 5 are gone.
    const after = async (cursor: number) =>
      (await requests().outcomes(SHOP, cursor, 2)).map(({ place }) => place)
    expect([await after(0), await after(2), await after(7)]).toEqual([
      [6, 7],
      [6, 7],
      [8, 9],
    ])
    expect(await upkeep().purgeEnded(SHOP, START + 10 * HOUR, 100)).toBe(4)
    const next = await made()
    await requests().end(next.id, approvedBy('ann'), START + 5)
    expect(await after(9), 'a place is never given twice').toEqual([10])
    expect(await requests().find(pending.id)).toMatchObject({ status: 'pending' })
  })

  it('[AR7] purges addressees that were not asked lately, and keeps the mutes', async () => {
    const [ann, bob, kim] = [email('ann@example.com'), email('bob@example.com'), email('kim@example.com')]
    await mute(ann, START)
    await made({ addressee: bob, createdAt: START })
    await made({ addressee: kim, createdAt: START + 2 })
    expect(await upkeep().purgeAddressees(START + 1, 100)).toBe(2)
    expect(await upkeep().purgeAddressees(START + 1, 100)).toBe(0)
    expect(await upkeep().purgeAddressees(START + 2, 100)).toBe(1)
    expect(await requests().isMuted(SHOP, ann, 'anyone')).toBe(true)
    // Asking them again makes their row again.
    await mute(bob, START + 3)
    expect(await requests().isMuted(SHOP, bob, 'anyone')).toBe(true)
    expect(await upkeep().purgeAddressees(START, 100)).toBe(1)
    for (let index = 0; index < 5; index += 1)
      await made({ addressee: email(`${index}@example.com`), createdAt: START })
    expect([
      await upkeep().purgeAddressees(START, 3),
      await upkeep().purgeAddressees(START, 3),
      await upkeep().purgeAddressees(START, 3),
    ]).toEqual([3, 2, 0])
  })

  it('counts what is pending, by app', async () => {
    expect(await upkeep().countPending()).toEqual(new Map())
    const { id } = await made()
    await made()
    await made({ app: OTHER })
    expect(await upkeep().countPending()).toEqual(
      new Map([
        [SHOP, 2],
        [OTHER, 1],
      ]),
    )
    await requests().end(id, { status: 'canceled' }, START + 1)
    expect((await upkeep().countPending()).get(SHOP)).toBe(1)
  })
}
