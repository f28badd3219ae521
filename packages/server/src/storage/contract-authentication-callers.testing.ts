/**
 * The contract of the kinds of callers: live requests, counts and mutes of one kind do not affect the others ([AR7]).
 */
import { randomUUID } from 'node:crypto'
import type { Addressee } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { MadeRequest, NewRequest, StoredRequest } from './authentication-request-storage.ts'
import { approvedBy, newRequest } from './contract-authentication-requests.testing.ts'
import { type Fixture, SHOP, START } from './contract-fixture.testing.ts'

const CALLERS = ['key', 'visitor', 'anyone'] as const
type Caller = (typeof CALLERS)[number]
const someone = (): Addressee => ({ kind: 'email', email: `${randomUUID()}@example.com` })
const denied = { status: 'denied', subject: 'ann', response: 'd.e.f' } as const

export function authenticationCallersContract(fixture: Fixture): void {
  const requests = () => fixture.storage.authenticationRequests
  const upkeep = () => fixture.storage.authenticationUpkeep

  async function made(changes: Partial<NewRequest>): Promise<StoredRequest> {
    const outcome = await requests().create(newRequest(changes))
    if (outcome.kind !== 'created') throw new Error(`not made: ${outcome.kind}`)
    return outcome.request
  }

  /** Actions of the first caller about the addressee, at `START + 1`. */
  const actions: Record<string, (addressee: Addressee, creator: Caller) => Promise<unknown>> = {
    asks: (addressee, creator) => made({ addressee, creator, createdAt: START + 1 }),
    'asks 20 times at once': (addressee, creator) =>
      Promise.all(Array.from({ length: 20 }, () => made({ addressee, creator, createdAt: START + 1 }))),
    'is muted': async (addressee, creator) => {
      const { id } = await made({ addressee, creator, createdAt: START + 1 })
      await requests().denyAndMute(id, denied, START + 1)
    },
    'takes it back': async (addressee, creator) => {
      const { id } = await made({ addressee, creator, createdAt: START + 1 })
      await requests().end(id, { status: 'canceled' }, START + 1)
    },
  }

  it.each(Object.keys(actions))(
    '[AR7] the one %s: only its own kind is replaced, counted and muted',
    async (action) => {
      for (const first of CALLERS)
        for (const second of CALLERS) {
          const isSame = first === second
          const addressee = someone()
          const before = await made({ addressee, creator: second })
          await actions[action]?.(addressee, first)

          const pair = `${first}, then ${second}`
          const status = isSame ? 'canceled' : 'pending'
          expect(await requests().find(before.id), pair).toMatchObject({ status, isReplaced: isSame })
          expect(await requests().isMuted(SHOP, addressee, first), pair).toBe(action === 'is muted')
          expect(await requests().isMuted(SHOP, addressee, second), pair).toBe(
            isSame && action === 'is muted',
          )

          let seen: readonly MadeRequest[] = []
          const mustWait = (list: readonly MadeRequest[]) => {
            seen = list
            return 0
          }
          const next = await made({ addressee, creator: second, createdAt: START + 2, mustWait })
          const times = action === 'asks 20 times at once' ? 20 : 1
          expect(seen, pair).toHaveLength(times + 1)
          const own = seen.filter(({ creator }) => creator === second)
          expect(own, pair).toHaveLength(isSame ? times + 1 : 1)
          const decided = await requests().end(next.id, approvedBy('ann'), START + 3)
          expect(decided, pair).toMatchObject({ id: next.id })
        }
    },
  )

  it('[AR7] tells operators whose requests are muted, and takes all of them back at once', async () => {
    const addressee = someone()
    for (const [index, creator] of CALLERS.entries()) {
      const { id } = await made({ addressee, creator })
      await requests().denyAndMute(id, denied, START + index)
    }
    const page = await upkeep().muted({ app: SHOP, before: null, limit: 100 })
    expect(page.muted).toEqual([
      { addressee, creator: 'anyone', mutedAt: START + 2 },
      { addressee, creator: 'visitor', mutedAt: START + 1 },
      { addressee, creator: 'key', mutedAt: START },
    ])
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => upkeep().unmute(SHOP, addressee, START + 9)),
    )
    expect(taken.filter(Boolean)).toHaveLength(1)
    for (const creator of CALLERS) expect(await requests().isMuted(SHOP, addressee, creator)).toBe(false)
    expect(await fixture.audits(SHOP)).toHaveLength(1)
  })

  it('forgets what is pending of every kind of caller', async () => {
    const addressee = someone()
    const pending = await Promise.all(CALLERS.map((creator) => made({ addressee, creator })))
    const { deleted, canceled } = await upkeep().forget(SHOP, addressee, START + 5)
    expect(deleted).toBe(3)
    expect(canceled.map(({ id }) => id).sort()).toEqual(pending.map(({ id }) => id).sort())
  })
}
