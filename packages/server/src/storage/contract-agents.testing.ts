/** The contract of agents' accounts: roles, apps, sessions, single sign-on. */
import type { AgentId, AppId } from '@chat-widget/protocol'
import { ChatError } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { MOST_SESSIONS } from './agent-storage.ts'
import { type Fixture, newSecretHash, SHOP, START } from './contract-fixture.testing.ts'

const CONFLICT = { code: 'conflict' }
const AT = { at: START }

export function agentContract(fixture: Fixture): void {
  const agents = () => fixture.storage.agents
  const add = (name: string, more: Partial<Parameters<Fixture['storage']['agents']['add']>[0]> = {}) =>
    agents().add({ name, email: `${name}@example.com`, passwordHash: 'x', at: START, ...more })
  const open = async (agentId: AgentId, changes: { device?: string; at?: number } = {}) => {
    const secretHash = newSecretHash()
    const session = {
      agentId,
      passwordHash: 'x',
      secretHash,
      expiresAt: START + 1_000,
      at: START,
      ...changes,
    }
    return { secretHash, ended: await agents().createSession(session) }
  }
  const audited = async () => {
    const { entries } = await fixture.storage.audit.list({ limit: 50 })
    return entries.map(({ kind, about, details }) => [kind, about, details] as const)
  }

  it('[AG2] the first account is an owner; the last owner stays one, whoever comes first', async () => {
    const [first, second] = [await add('ann', { apps: [SHOP] }), await add('ben')]
    expect([first.role, first.apps, second.role]).toEqual(['owner', undefined, 'agent'])
    await expect(agents().remove(first.id, AT)).rejects.toMatchObject(CONFLICT)
    await expect(agents().setAccess(first.id, { role: 'admin' }, AT)).rejects.toMatchObject(CONFLICT)
    await agents().setAccess(second.id, { role: 'owner', apps: [SHOP] }, AT)
    expect((await agents().find(second.id))?.apps).toBeUndefined()
    const race = await Promise.allSettled([
      agents().remove(first.id, AT),
      agents().setAccess(second.id, { role: 'reader' }, AT),
    ])
    expect(race.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await agents().list()).filter(({ role }) => role === 'owner')).toHaveLength(1)
  })

  it('[AG2] asks in the transaction, with the roles of then, and stores nothing that is refused', async () => {
    const [owner, admin, other] = [await add('ann'), await add('ben', { role: 'admin' }), await add('cid')]
    const seen: string[] = []
    const change = {
      ...{ at: START, by: { kind: 'agent', id: admin.id } as const },
      authorize: (asker: { role: string }, account: { role: string }) => {
        seen.push(`${asker.role} ${account.role}`)
        if (account.role === 'owner') throw new ChatError('forbidden', 'no')
      },
    }
    await expect(agents().setAccess(other.id, { role: 'owner' }, change)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(agents().remove(owner.id, change)).rejects.toMatchObject({ code: 'forbidden' })
    expect(seen).toEqual(['admin agent', 'admin owner', 'admin owner'])
    expect((await agents().find(other.id))?.role).toBe('agent')
    await agents().remove(admin.id, AT)
    await expect(agents().setPasswordHash(other.id, 'y', change)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('[AG1] [AG3] keeps apps, and tells each change', async () => {
    await add('ann')
    const ben = await add('ben', { apps: [SHOP, 'travel' as AppId] })
    await agents().setAccess(ben.id, { apps: [SHOP] }, AT)
    await agents().setAccess(ben.id, { role: 'reader' }, { at: START + 1 })
    expect(await agents().find(ben.id)).toMatchObject({ role: 'reader', apps: [SHOP] })
    await agents().setAccess(ben.id, { apps: null }, { at: START + 2 })
    await agents().setAccess(ben.id, { apps: null }, { at: START + 2 })
    expect((await agents().find(ben.id))?.apps).toBeUndefined()
    await agents().setPasswordHash(ben.id, 'y', { at: START + 3, expiresAt: START + 9 })
    expect(await agents().find(ben.id)).toMatchObject({ passwordExpiresAt: START + 9 })
    await agents().remove(ben.id, { at: START + 4 })
    expect((await audited()).filter(([, about]) => about === ben.id).slice(0, 4)).toEqual([
      ['agent-removed', ben.id, { role: 'reader' }],
      ['agent-password', ben.id, { temporary: true }],
      ['agent-apps', ben.id, { from: [SHOP], to: null }],
      ['agent-role', ben.id, { from: 'agent', to: 'reader' }],
    ])
  })

  it('[AG4] lists sessions of an account, ends one or all others, and keeps a bounded number', async () => {
    const { id } = await add('ann')
    const namesake = await add('bea')
    const [one, two] = [await open(id, { device: 'Firefox, Linux' }), await open(id, { at: START + 1 })]
    const theirs = await open(namesake.id)
    await agents().touch([one.secretHash], START + 5)
    const sessions = await agents().sessionsOf(id, START + 9)
    expect(sessions).toMatchObject([
      { createdAt: START + 1, seenAt: START + 1, device: '', method: 'password' },
      { createdAt: START, seenAt: START + 5, device: 'Firefox, Linux' },
    ])
    expect(JSON.stringify(sessions.map(({ id: name }) => name))).not.toContain(one.secretHash)
    const only = (await agents().sessionsOf(namesake.id, START))[0]?.id ?? ''
    expect(await agents().endSessions(id, { only }, AT)).toEqual([])
    expect(await agents().endSessions(id, { only: sessions[0]?.id ?? '' }, AT)).toEqual([two.secretHash])
    const more = await open(id)
    expect(await agents().endSessions(id, { exceptHash: more.secretHash }, AT)).toEqual([one.secretHash])
    expect(await agents().findBySession(theirs.secretHash, START)).not.toBeNull()

    for (let n = 1; n < MOST_SESSIONS; n += 1) expect((await open(id, { at: START + n })).ended).toEqual([])
    expect((await open(id, { at: START + 99 })).ended).toEqual([more.secretHash])
  })

  it('[AG6] an account is bound to one person, and one who was removed is let go by another account alone', async () => {
    await add('ann')
    const ben = await add('ben')
    const person = { issuer: 'https://id.example.com', subject: '42' }
    expect(await agents().findLinked(person)).toBeNull()
    expect(await agents().link(ben.id, person, AT)).toBe(true)
    expect(await agents().link(ben.id, { ...person, subject: '43' }, AT)).toBe(false)
    expect((await agents().findLinked(person))?.agent.id).toBe(ben.id)
    await agents().remove(ben.id, AT)
    expect(await agents().findLinked(person)).toMatchObject({ isRemoved: true })
    const again = await add('ben')
    expect(await agents().link(again.id, person, AT)).toBe(true)
    expect(await agents().findLinked(person)).toMatchObject({ agent: { id: again.id }, isRemoved: false })
  })
}
