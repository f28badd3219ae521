import type { AppId, ConversationId } from '@chat-widget/protocol'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import type { AuthenticationRequestRecord } from '../storage/authentication-request-storage.ts'
import { runPurges } from '../upkeep/purges.ts'
import { byKey, never, type Requests, SHOP, startRequests, wish } from './requests.testing.ts'

const DAY = 24 * 3_600_000
const OTHER = 'other' as AppId
const keepDaysOf = (app: AppId) => (app === SHOP ? 2 : 30)
const email = (address: string) => ({ kind: 'email', email: address }) as const

async function ended({ service, clock }: Requests, changes: Parameters<typeof wish>[0] = {}) {
  const { record } = await service.create(wish({ creator: byKey, ...changes }))
  await service.cancel(record.id)
  clock.now += 1
  return record
}

const isKept = async ({ service }: Requests, { id, app }: AuthenticationRequestRecord) =>
  (await service.find(app, id)) !== null

describe('requests that ended', () => {
  it('are kept for keepDays of their app', async () => {
    const requests = await startRequests({ keepDaysOf })
    const { clock } = requests
    const old = await ended(requests)
    const elsewhere = await ended(requests, { app: OTHER })
    clock.now += DAY
    const newer = await ended(requests, { addressee: email('bob@example.com') })
    const { events } = await requests.service.events(SHOP, '', 0, never)
    expect(events).toHaveLength(2)
    // One millisecond before the first request's two days are over.
    clock.now = old.createdAt + 2 * DAY - 1
    await purge(requests)
    expect(await isKept(requests, old)).toBe(true)
    clock.now += 2
    await purge(requests)
    expect(await isKept(requests, old)).toBe(false)
    expect(await isKept(requests, newer)).toBe(true)
    expect(await isKept(requests, elsewhere)).toBe(true)

    // A cursor from before the gap continues after it.
    const page = await requests.service.events(SHOP, '0', 0, never)
    expect(page.events.map(({ record }) => record.id)).toEqual([newer.id])
    expect(page.cursor).toBe(events[1]?.cursor)
    const next = await ended(requests)
    const later = await requests.service.events(SHOP, page.cursor, 0, never)
    expect(later.events.map(({ record }) => record.id)).toEqual([next.id])
  })

  it('are counted from their end, also where the server was down and nobody could have heard of it', async () => {
    const requests = await startRequests({ keepDaysOf })
    const { record } = await requests.service.create(wish())
    requests.clock.now += 10 * DAY
    await requests.restart()
    await expect.poll(async () => (await requests.service.find(SHOP, record.id))?.status).toBe('expired')
    requests.clock.now += DAY
    await purge(requests)
    expect(await isKept(requests, record)).toBe(true)
  })

  it('are deleted in batches, with what is pending left alone', async () => {
    const requests = await startRequests({ keepDaysOf })
    const { service, storage, clock } = requests
    const many = Array.from({ length: 250 }, (_, index) => email(`${index}@example.com`))
    await Promise.all(
      many.map(async (addressee) => {
        const outcome = await storage.authenticationRequests.create({
          ...wish({ addressee, creator: byKey }),
          id: crypto.randomUUID() as never,
          creator: 'key',
          conversationId: null,
          createdAt: clock.now,
          expiresAt: clock.now + 900_000,
          creatorSecretHash: 'hash',
          linkHash: crypto.randomUUID(),
          mustWait: () => 0,
          countSince: clock.now,
        })
        if (outcome.kind === 'created') await service.cancel(outcome.request.id)
      }),
    )
    clock.now += 3 * DAY
    const { record } = await service.create(wish({ creator: byKey }))
    const purgeEnded = vi.spyOn(storage.authenticationUpkeep, 'purgeEnded')
    await purge(requests)
    expect((await service.events(SHOP, '', 0, never)).events).toEqual([])
    expect(purgeEnded.mock.calls.map(([app, , limit]) => [app, limit])).toEqual([
      [SHOP, 200],
      [SHOP, 200],
    ])
    expect((await service.find(SHOP, record.id))?.status).toBe('pending')
  })
})

it.each(['forgotten', 'replaced'] as const)(
  '[AR16] whoever follows a conversation is told that its login was %s',
  async (how) => {
    const { service } = await startRequests()
    const conversationId = crypto.randomUUID() as string as ConversationId
    const creator = { kind: 'visitor', ip: '192.0.2.1', visitor: 'one', conversationId } as const
    await service.create(wish({ creator }))
    const told: ConversationId[] = []
    service.onProgress((id) => told.push(id))
    if (how === 'forgotten') await service.operators.forget(SHOP, { kind: 'email', email: 'ann@example.com' })
    else await service.create(wish({ creator: { ...creator, conversationId: null } }))
    expect(told).toEqual([conversationId])
  },
)

async function purge({ service }: Requests): Promise<void> {
  await runPurges(await service.purges(), { signal: never, logger: pino({ level: 'silent' }) })
}
