/** The contract of the audit. */
import type { AppId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { AuditEntry } from './audit-storage.ts'
import { type Fixture, newAgentId, newUserId, SHOP, START } from './contract-fixture.testing.ts'

const TRAVEL = 'travel' as AppId

export function auditContract(fixture: Fixture): void {
  const audit = () => fixture.storage.audit
  const entry = (changes: Partial<AuditEntry>): AuditEntry => ({
    ...{ kind: 'user-erased', by: { kind: 'key' }, about: null, app: SHOP, at: START, details: {} },
    ...changes,
  })

  it('[AG1] tells who did what, to whom, when and where, also once an agent is removed', async () => {
    const { agents } = fixture.storage
    const kim = { name: 'Kim', passwordHash: 'x', role: 'agent', at: START } as const
    const one = await agents.add({ ...kim, email: 'kim@example.com' })
    const namesake = await agents.add({ ...kim, email: 'kim.lee@example.com' })
    const user = newUserId()
    const details = { conversations: 2, apps: ['shop'] }
    await audit().add(entry({ by: { kind: 'agent', id: one.id }, about: user, details }))
    await agents.remove(namesake.id, { by: { kind: 'command' }, at: START + 1 })
    await fixture.reopen()
    const { entries } = await audit().list({ limit: 10 })
    const [removed, erased, ...added] = entries
    expect(added.map(({ kind }) => kind)).toEqual(['agent-added', 'agent-added'])
    expect([removed, erased]).toEqual([
      {
        ...{ id: expect.any(String), kind: 'agent-removed', at: START + 1, app: null },
        details: { role: 'agent' },
        ...{ by: { kind: 'command' }, byAgent: null, about: namesake.id },
        aboutAgent: { id: namesake.id, name: 'Kim', email: null },
      },
      {
        ...{ id: expect.any(String), kind: 'user-erased', at: START, app: SHOP, details, about: user },
        ...{ by: { kind: 'agent', id: one.id }, aboutAgent: null },
        byAgent: { id: one.id, name: 'Kim', email: 'kim@example.com' },
      },
    ])
  })

  it('[AG1] is read newest first, by pages that new entries do not move, without visitors’ sign-ins', async () => {
    for (const at of [0, 1, 1, 1, 2]) await audit().add(entry({ at: START + at, details: { at } }))
    await fixture.identify(null, 'ann')
    const pages: number[][] = []
    let cursor: string | null = null
    do {
      const page = await audit().list({ limit: 2, ...(cursor !== null && { cursor }) })
      pages.push(page.entries.map(({ details }) => Number(details.at)))
      cursor = page.cursor
      await audit().add(entry({ at: START + 9 }))
    } while (cursor !== null)
    expect(pages).toEqual([[2, 1], [1, 1], [0]])
    await expect(audit().list({ limit: 2, cursor: 'rubbish' })).rejects.toMatchObject({ code: 'bad-request' })
    const { entries } = await audit().list({ limit: 10, since: START + 2 })
    expect(entries.map(({ at }) => at - START)).toEqual([9, 9, 9, 2])
  })

  it('[AG1] is read for some apps, and for the agents of these', async () => {
    const [mine, other] = [newAgentId(), newAgentId()]
    await audit().add(entry({ app: TRAVEL }))
    await audit().add(entry({ app: SHOP, at: START + 1 }))
    await audit().add(entry({ kind: 'agent-added', app: null, about: mine, at: START + 2 }))
    await audit().add(entry({ kind: 'agent-added', app: null, about: other, at: START + 3 }))
    const seen = async (apps: readonly AppId[], agents = [mine]) =>
      (await audit().list({ only: { apps, agents }, limit: 10 })).entries.map(({ at }) => at - START)
    expect(await seen([SHOP])).toEqual([2, 1])
    expect(await seen([SHOP, TRAVEL], [])).toEqual([1, 0])
    expect(await seen([], [])).toEqual([])
  })
}
