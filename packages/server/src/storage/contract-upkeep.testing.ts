/** The contract of purges. */
import { expect, it } from 'vitest'
import {
  type Fixture,
  loginCard,
  newSecretHash,
  SHOP,
  START,
  visitorText,
} from './contract-fixture.testing.ts'
import type { IdentityTraceRecord } from './storage.ts'
import type { Purgeable, PurgePosition, UpkeepStorage } from './upkeep-storage.ts'

const DAY = 24 * 3_600_000

export function upkeepContract(fixture: Fixture): void {
  const isThere = async (secretHash: string) =>
    (await fixture.storage.sessions.findBySecretHash(SHOP, secretHash)) !== null
  /** Resolves with the number of deleted rows; `limit`: rows of a step. */
  const purge = async (what: Purgeable, before: number, limit = 100): Promise<number> => {
    let total = 0
    let after: PurgePosition | null = null
    do {
      const step: Awaited<ReturnType<UpkeepStorage['purge']>> = await fixture.storage.upkeep.purge(
        what,
        before,
        { limit, after },
      )
      expect(step.deleted).toBeLessThanOrEqual(limit)
      total += step.deleted
      after = step.next
    } while (after !== null)
    return total
  }
  const anonymous = async (at = START) => {
    const secretHash = newSecretHash()
    const session = await fixture.storage.sessions.createAnonymous({ app: SHOP, secretHash, at })
    return { session, secretHash }
  }

  it('[DL9] ends sessions that were never used, and no other', async () => {
    const { sessions } = fixture.storage
    const unused = await anonymous()
    const seen = await anonymous()
    await sessions.touch(seen.session.id, START + 20 * DAY)
    const wrote = await anonymous()
    await fixture.append(visitorText(wrote.session, 'hello'))
    const newer = await anonymous(START + 20 * DAY)
    expect(await purge('sessions that were never used', START + DAY)).toBe(1)
    const left = [unused, seen, wrote, newer].map(({ secretHash }) => isThere(secretHash))
    expect(await Promise.all(left)).toEqual([false, true, true, true])
    expect(await purge('sessions nobody came back to', START + DAY)).toBe(1)
    expect(await isThere(wrote.secretHash)).toBe(false)
    expect(await fixture.storage.conversations.find(wrote.session.conversationId)).not.toBeNull()
  })

  it('[DL9] ends sessions that are over and users nothing is left of, so many at a time', async () => {
    const { sessions } = fixture.storage
    const all = await Promise.all(Array.from({ length: 5 }, () => anonymous()))
    for (const { session } of all) await sessions.revoke(session.id, START + DAY)
    expect(await purge('sessions that ended', START, 3)).toBe(0)
    expect(await purge('sessions that ended', START + 2 * DAY, 3)).toBe(5)

    const { session } = await fixture.identify(null, 'ada')
    const customer = await fixture.identify(null, 'grace')
    await fixture.append(visitorText(customer.session, 'hello'))
    expect(await purge('users', START + DAY)).toBe(0)
    for (const { id } of [session, customer.session]) await sessions.revoke(id, START)
    await purge('sessions that ended', START + DAY)
    expect(await purge('users', START + DAY)).toBe(1)
    const again = await fixture.identify(null, 'grace')
    expect(again.session.user?.id).toBe(customer.session.user?.id)
  })

  it('[DL9] ends audit, login cards, action runs and traces by age', async () => {
    const { identityTraces } = fixture.storage
    const { session } = await anonymous()
    await fixture.append(visitorText(session, 'hello'))
    await fixture.append(loginCard(session.conversationId, { kind: 'nothing' }))
    const transition: IdentityTraceRecord = {
      ...{ key: 'a', source: 'device', tab: 't', ordinal: 1, at: START, deviceAt: START },
      ...{ from: 'anonymous', to: 'authenticating', cause: 'user', code: null },
    }
    const silent = await fixture.anonymous()
    for (const { conversationId } of [session, silent]) await identityTraces.add(conversationId, [transition])
    await fixture.identify(session.id, 'ada')
    for (const [what, rows] of [
      ['audit', 1],
      ['login cards', 1],
      ['identity traces of no conversation', 1],
      ['identity traces', 1],
      ['action runs', 0],
      ['console sessions', 0],
    ] as const) {
      expect([what, await purge(what, START - DAY)]).toEqual([what, 0])
      expect([what, await purge(what, START + DAY)]).toEqual([what, rows])
    }
    expect(await fixture.all(session.conversationId)).not.toHaveLength(0)
  })
}
