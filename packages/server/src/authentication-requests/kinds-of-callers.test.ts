/** [AR7] Callers with a key, in the chat and without a key: the limits of one kind do not affect the others. */
import { ChatError, type ConversationId } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import type { AuthenticationRequestRecord, Creator } from '../storage/authentication-request-storage.ts'
import type { CreateRequest } from './authentication-requests.ts'
import { never, type Requests, SHOP, startRequests, wish } from './requests.testing.ts'

const KINDS = ['with a key', 'in the chat', 'without a key'] as const
type Caller = (typeof KINDS)[number]

const email = (address: string) => ({ kind: 'email', email: address }) as const

function creatorOf(caller: Caller, ip: string): Creator {
  switch (caller) {
    case 'with a key':
      return { kind: 'key', ip }
    case 'in the chat':
      return { kind: 'visitor', ip, visitor: ip, conversationId: 'c' as ConversationId }
    case 'without a key':
      return { kind: 'anyone', ip }
    default:
      return caller satisfies never
  }
}
const by = (caller: Caller, changes: Partial<CreateRequest> = {}, ip = '192.0.2.1') =>
  wish({ creator: creatorOf(caller, ip), ...changes })

/** Creates requests until one is refused. */
async function exhaust({ service }: Requests, ask: (count: number) => CreateRequest): Promise<void> {
  for (let count = 0; count < 100; count += 1) {
    try {
      await service.create(ask(count))
    } catch (error) {
      if (error instanceof ChatError && error.code === 'rate-limited') return
      throw error
    }
  }
  throw new Error('never refused')
}

async function mailed({ outbox }: Requests, { id }: AuthenticationRequestRecord): Promise<string> {
  const place = () => outbox.records.findIndex((record) => record.id === id)
  await expect.poll(place).not.toBe(-1)
  return outbox.tokens[place()] ?? ''
}

/** An action of a caller about a person; `ask` is its request, from an address of its own. */
type Action = (
  requests: Requests,
  ask: (changes?: Partial<CreateRequest>, ip?: string) => CreateRequest,
) => unknown
const ACTIONS: Record<string, Action> = {
  'asks the same person': ({ service }, ask) => service.create(ask()),
  'asks the same person until it is refused': (requests, ask) => exhaust(requests, () => ask()),
  'asks many people until it is refused': (requests, ask) =>
    exhaust(requests, (count) => ask({ addressee: email(`${count}@example.com`) })),
  'asks, and the person did not ask for this': async (requests, ask) => {
    const { record } = await requests.service.create(ask())
    const token = await mailed(requests, record)
    const outcome = await requests.service.decideByLink(await requests.fromLink({ mutes: true }, token))
    expect(outcome).toMatchObject({ kind: 'decided' })
  },
  'asks and takes it back': async ({ service }, ask) => {
    const { record } = await service.create(ask())
    await service.cancel(record.id)
  },
  'asks from everywhere until the app is refused': (requests, ask) =>
    exhaust(requests, (count) => ask({ addressee: email(`to-${count}@example.com`) }, `198.51.100.${count}`)),
}

describe('[AR7] a caller of one kind', () => {
  // Low limits: the test is about whose limit is reached.
  const few = { addresseeBurst: 3, addresseeCooldownSeconds: 30, addresseePerHour: 6, ipWaits: 3 }
  const limits = { ...few, ipBurst: 8, ipPerHour: 60, appBurst: 30, appPerHour: 60 }
  const inChat = { sessionBurst: 8, sessionPerHour: 12 }
  const limitsOf = () => ({ withKey: limits, withoutKey: limits, inChat })

  const pairs = KINDS.flatMap((first) =>
    KINDS.filter((second) => second !== first).map((second) => ({ first, second })),
  )
  it.each(pairs)(
    '$first, does nothing to one $second: its request goes on, and it asks again',
    async ({ first, second }) => {
      const requests = await startRequests({ limitsOf })
      const { service } = requests
      for (const [index, [name, action]] of Object.entries(ACTIONS).entries()) {
        const addressee = email(`person-${index}@example.com`)
        const ip = `192.0.2.${index}`
        const { record } = await service.create(by(second, { addressee }, ip))
        const token = await mailed(requests, record)

        await action(requests, (changes = {}, from = ip) => by(first, { addressee, ...changes }, from))

        requests.clock.now = record.expiresAt - 1
        expect(await service.find(SHOP, record.id), `${name}: valid to its end`).toMatchObject({
          status: 'pending',
        })
        const outcome = await service.decideByLink(await requests.fromLink({}, token))
        expect(outcome, name).toMatchObject({ kind: 'decided', record: { id: record.id } })
        const next = await service.create(by(second, { addressee }, ip))
        await mailed(requests, next.record)
      }
    },
  )

  it.each(KINDS)(
    '%s: a second request replaces the first, and the limits and the mute are its own',
    async (caller) => {
      const requests = await startRequests({ limitsOf })
      const { service, outbox } = requests
      const { record } = await service.create(by(caller))
      await expect.poll(() => outbox.tokens.length).toBe(1)
      const second = await service.create(by(caller))
      expect(await service.find(SHOP, record.id)).toMatchObject({ status: 'canceled' })
      await expect.poll(() => outbox.tokens.length).toBe(2)
      await service.decideByLink(await requests.fromLink({ mutes: true }))
      expect(await service.find(SHOP, second.record.id)).toMatchObject({ status: 'denied' })
      const third = await service.create(by(caller))
      const isTold = caller === 'with a key'
      expect((await service.wait(third.record.id, isTold ? 60_000 : 50, never)).status).toBe(
        isTold ? 'unauthorized' : 'pending',
      )
      expect(outbox.tokens).toHaveLength(2)
      await expect(service.create(by(caller))).rejects.toMatchObject({ code: 'rate-limited' })
    },
  )

  it.each(KINDS)('%s does not use up the waits of the others', async (caller) => {
    const { service } = await startRequests({ limitsOf })
    const holds = [1, 2, 3].map(() => service.holdWait(SHOP, creatorOf(caller, '192.0.2.1')))
    expect(() => service.holdWait(SHOP, creatorOf(caller, '192.0.2.1'))).toThrow('too many')
    for (const other of KINDS.filter((kind) => kind !== caller))
      service.holdWait(SHOP, creatorOf(other, '192.0.2.1'))()
    for (const release of holds) release()
  })
})

describe('[AR7] what one addressee gets in an hour, over all kinds of callers', () => {
  const each = { addresseeBurst: 9, addresseeCooldownSeconds: 0, ipWaits: 9, ipBurst: 99, ipPerHour: 999 }
  const own = { ...each, appBurst: 99, appPerHour: 999 }
  const limitsOf = () => ({
    withKey: { ...own, addresseePerHour: 8 },
    withoutKey: { ...own, addresseePerHour: 3 },
    inChat: { sessionBurst: 99, sessionPerHour: 999 },
    addresseePerHour: 6,
  })
  const ask = ({ service }: Requests, caller: Caller, times: number) =>
    Array.from({ length: times }).reduce<Promise<unknown>>(
      (before) => before.then(() => service.create(by(caller))),
      Promise.resolve(),
    )
  const refused = { code: 'rate-limited' }

  it('is bounded: those without a key are refused first, then those in the chat', async () => {
    const requests = await startRequests({ limitsOf })
    await ask(requests, 'with a key', 4)
    await ask(requests, 'in the chat', 1)
    await ask(requests, 'without a key', 1)
    await expect(ask(requests, 'without a key', 1)).rejects.toMatchObject(refused)
    await ask(requests, 'in the chat', 1)
    await expect(ask(requests, 'in the chat', 1)).rejects.toMatchObject(refused)
    await ask(requests, 'with a key', 4)
    await expect(ask(requests, 'with a key', 1)).rejects.toMatchObject(refused)
    requests.clock.now += 3_600_000
    for (const caller of KINDS) await ask(requests, caller, 1)
  })

  it('counts nothing of those without a key against the others', async () => {
    const requests = await startRequests({ limitsOf })
    await ask(requests, 'without a key', 3)
    await ask(requests, 'in the chat', 3)
    await ask(requests, 'with a key', 8)
  })

  it('counts each addressee and each app by itself', async () => {
    const { service } = await startRequests({ limitsOf })
    for (let count = 0; count < 6; count += 1) await service.create(by('with a key'))
    await expect(service.create(by('without a key'))).rejects.toMatchObject(refused)
    await service.create(by('without a key', { addressee: email('bob@example.com') }))
    await service.create(by('without a key', { app: 'other' as typeof SHOP }))
  })
})
