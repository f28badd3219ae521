/** The contract of identity traces. */
import { expect, it } from 'vitest'
import { type Fixture, newConversationId, START } from './contract-fixture.testing.ts'
import type { IdentityTraceRecord } from './storage.ts'

const told = (number: number, changes: Partial<IdentityTraceRecord> = {}): IdentityTraceRecord => ({
  key: `00c0ffee:${number}`,
  source: 'device',
  tab: '00c0ffee',
  ordinal: number,
  at: START + number,
  deviceAt: START - 3_600_000 + number,
  from: 'identified',
  to: 'refreshing',
  cause: 'ahead-of-expiry',
  code: null,
  ...changes,
})
const seen = (number: number): IdentityTraceRecord =>
  told(number, { key: `ended:${number}`, source: 'server', tab: 'server', deviceAt: null })
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

export function traceContract(fixture: Fixture): void {
  it('[ID17] keeps transitions, in order, before and after the conversation’s first message', async () => {
    const id = newConversationId()
    const failed = told(2, {
      to: 'reauthentication-required',
      cause: 'failed',
      code: 'provider-timeout',
      at: START + 1,
    })
    expect(await fixture.storage.identityTraces.add(id, [failed, seen(3), told(1)])).toBe(true)
    await fixture.reopen()
    expect(await fixture.storage.identityTraces.list(id)).toEqual([told(1), failed, seen(3)])
    expect(await fixture.storage.identityTraces.list(newConversationId())).toEqual([])
    expect(await fixture.storage.identityTraces.add(id, [])).toBe(false)
  })

  it('[ID17] keeps an entry once that is told twice, also at the same moment', async () => {
    const { identityTraces } = fixture.storage
    const [id, other] = [newConversationId(), newConversationId()]
    const batch = [told(1), told(2)]
    const added = await Promise.all(Array.from({ length: 8 }, () => identityTraces.add(id, batch)))
    expect(added.filter((isNew) => isNew)).toHaveLength(1)
    expect(await identityTraces.add(id, [...batch, told(3)])).toBe(true)
    expect(await identityTraces.add(other, batch)).toBe(true)
    expect(await identityTraces.list(id)).toEqual([told(1), told(2), told(3)])
    expect(await identityTraces.list(other)).toEqual(batch)
  })

  it('[ID17] keeps the newest 200 of a conversation, and of no other', async () => {
    const { identityTraces } = fixture.storage
    const [id, other] = [newConversationId(), newConversationId()]
    await identityTraces.add(other, [told(0)])
    for (const start of range(0, 12)) {
      await identityTraces.add(
        id,
        range(start * 20, start * 20 + 20).map((number) => told(number)),
      )
    }
    expect((await identityTraces.list(id)).map(({ ordinal }) => ordinal)).toEqual(range(40, 240))
    expect(await identityTraces.list(other)).toHaveLength(1)
    // An entry that is not listed was deleted: its key is new again.
    expect(await identityTraces.add(id, [told(39)])).toBe(true)
    expect(await identityTraces.add(id, [told(40)])).toBe(false)
  })

  it('[ID17] keeps what the server saw, however much a device tells after it', async () => {
    const { identityTraces } = fixture.storage
    const id = newConversationId()
    await identityTraces.add(id, [seen(0), seen(1)])
    for (const start of range(1, 13)) {
      await identityTraces.add(
        id,
        range(start * 20, start * 20 + 20).map((number) => told(number)),
      )
    }
    const kept = await identityTraces.list(id)
    expect(kept).toHaveLength(200)
    expect(kept.slice(0, 3)).toEqual([seen(0), seen(1), told(62)])
  })
}
