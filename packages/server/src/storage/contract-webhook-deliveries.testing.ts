/** The contract of deliveries to webhooks, as people see and replay them. */
import { type AppId, ChatError, type ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { type Fixture, SHOP, START } from './contract-fixture.testing.ts'
import type { NewJob } from './job-storage.ts'
import { receiverOf } from './webhook-target.ts'

const TRAVEL = 'travel' as AppId
/** An app whose id begins with another one's. */
const SHOP_2 = 'shop-2' as AppId
const KEYS = new Map([
  [SHOP, 'aaaaaaaaaaaaaaaa'],
  [TRAVEL, 'bbbbbbbbbbbbbbbb'],
  [SHOP_2, 'cccccccccccccccc'],
])

export function webhookDeliveryContract(fixture: Fixture): void {
  const deliveries = () => fixture.storage.webhookDeliveries
  const delivery = (id: string, app = SHOP): NewJob<'webhook'> => {
    const webhook = KEYS.get(app)!
    const conversationId = `conversation ${id}` as ConversationId
    return {
      ...{ kind: 'webhook', key: id, lane: `webhook ${webhook} ${id}`, dueAt: START, createdAt: START },
      receiver: receiverOf(app, 'https://crm.example.com/chat?key=secret'),
      payload: {
        ...{ app, webhook, at: START },
        event: { type: 'conversation.closed', conversationId, status: 'closed', handler: 'agents' },
      },
    }
  }
  /** Stores deliveries of which some fail once and some are given up, one after the other. */
  async function store(
    ids: readonly (readonly [id: string, app: AppId, state: 'new' | 'failing' | 'given up'])[],
  ) {
    const { jobs } = fixture.storage
    let at = START
    for (const [id, app, state] of ids) {
      await jobs.add([delivery(id, app)])
      if (state === 'new') continue
      const [leased] = await jobs.lease({
        ...{ kind: 'webhook', owner: 'node', held: [], at: START, until: START + 60_000, limit: 100 },
        busy: [],
      })
      at += 1
      if (state === 'failing') await jobs.retry(leased!, START + 3_600_000, 'status 503')
      else await jobs.fail(leased!, at, 'status 500')
    }
  }
  const page = async (state: 'waiting' | 'given-up', more: object = {}) => {
    const { deliveries: shown, cursor } = await deliveries().list({ state, limit: 10, ...more })
    return { ids: shown.map(({ key }) => key), cursor }
  }
  const byCommand = { by: { kind: 'command' }, at: START + 10, limit: 10 } as const

  it('[WB4] lists what waits, the oldest first, and what was given up, the latest first, by pages, of some apps', async () => {
    await store([
      ['1', SHOP, 'given up'],
      ['2', TRAVEL, 'given up'],
      ['3', SHOP_2, 'given up'],
      ['4', SHOP, 'failing'],
      ['5', SHOP, 'new'],
    ])
    expect((await page('waiting')).ids).toEqual(['4', '5'])
    expect((await page('given-up')).ids).toEqual(['3', '2', '1'])
    for (const state of ['waiting', 'given-up'] as const) {
      const first = await page(state, { limit: 1 })
      const rest = await page(state, { cursor: first.cursor })
      expect([...first.ids, ...rest.ids]).toEqual((await page(state)).ids)
      expect(rest.cursor).toBeNull()
      await expect(page(state, { cursor: 'rubbish' })).rejects.toMatchObject({ code: 'bad-request' })
    }
    expect((await page('given-up', { apps: [SHOP] })).ids).toEqual(['1'])
    expect((await page('given-up', { apps: [] })).ids).toEqual([])
    const [shown] = (await deliveries().list({ state: 'waiting', limit: 1 })).deliveries
    expect(shown).toMatchObject({
      ...{ attempts: 1, dueAt: START + 3_600_000, isLeased: false, failedAt: null, problem: 'status 503' },
      receiver: 'webhook shop https://crm.example.com/chat',
    })
    const keys = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'dddddddddddddddd']
    expect([...(await deliveries().counts(keys))]).toEqual([
      ['aaaaaaaaaaaaaaaa', { waiting: 2, failing: 1, givenUp: 1 }],
      ['bbbbbbbbbbbbbbbb', { waiting: 0, failing: 0, givenUp: 1 }],
      ['dddddddddddddddd', { waiting: 0, failing: 0, givenUp: 0 }],
    ])
  })

  it('[WB4] [AG1] has one, or those given up, tried again with all their tries, and writes to the audit who did', async () => {
    await store([
      ['1', SHOP, 'given up'],
      ['2', SHOP, 'given up'],
      ['3', TRAVEL, 'given up'],
      ['4', SHOP, 'failing'],
    ])
    expect(await deliveries().replay({ ...byCommand, id: '4' })).toBe(1)
    expect(await deliveries().replay({ ...byCommand, id: 'another' })).toBe(0)
    expect(await deliveries().replay({ ...byCommand, id: null, limit: 1 })).toBe(1)
    expect((await page('given-up')).ids).toEqual(['3', '2'])
    expect(await deliveries().replay({ ...byCommand, id: null })).toBe(2)
    const { deliveries: waiting } = await deliveries().list({ state: 'waiting', limit: 10 })
    expect(waiting.map(({ key, attempts, dueAt, problem }) => [key, attempts, dueAt, problem])).toEqual(
      ['1', '2', '3', '4'].map((key) => [key, 0, START + 10, null]),
    )
    const { entries } = await fixture.storage.audit.list({ limit: 10 })
    expect(entries.map(({ kind, by, app, details }) => [kind, by.kind, app, details.deliveries])).toEqual(
      expect.arrayContaining([
        ['deliveries-replayed', 'command', SHOP, 1],
        ['deliveries-replayed', 'command', SHOP, 1],
        ['deliveries-replayed', 'command', SHOP, 1],
        ['deliveries-replayed', 'command', TRAVEL, 1],
      ]),
    )
    expect(entries).toHaveLength(4)
  })

  it('[WB4] [AG2] an agent has those of their apps tried again, by what they are allowed then; one under way stays', async () => {
    await store([
      ['1', SHOP, 'given up'],
      ['2', TRAVEL, 'given up'],
    ])
    const adam = {
      name: 'Adam',
      email: 'adam@example.com',
      passwordHash: 'x',
      role: 'admin',
      at: START,
    } as const
    const { id } = await fixture.storage.agents.add({ ...adam, apps: [SHOP] })
    const seen: string[] = []
    const byAdam = {
      ...{ ...byCommand, by: { kind: 'agent', id } as const },
      authorize: ({ role }: { readonly role: string }) => void seen.push(role),
    }
    expect(await deliveries().replay({ ...byAdam, id: '2' })).toBe(0)
    expect(await deliveries().replay({ ...byAdam, id: null })).toBe(1)
    expect((await page('given-up')).ids).toEqual(['2'])
    const lease = { kind: 'webhook', owner: 'node', held: [], at: START + 20, until: START + 60_000 } as const
    await fixture.storage.jobs.lease({ ...lease, limit: 1 })
    expect(await deliveries().replay({ ...byAdam, id: '1' })).toBe(0)
    const refuse = () => {
      throw new ChatError('forbidden', 'no')
    }
    await expect(deliveries().replay({ ...byAdam, id: null, authorize: refuse })).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(seen).toEqual(['admin', 'admin', 'admin'])
    await fixture.storage.agents.remove(id, { at: START })
    await expect(deliveries().replay({ ...byAdam, id: null })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
}
