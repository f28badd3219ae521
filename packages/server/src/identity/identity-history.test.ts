import type { ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { IdentityTraceRecord } from '../storage/storage.ts'
import { createIdentityHistory } from './identity-history.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
const HOUR = 3_600_000
const iso = (time: number) => new Date(time).toISOString()

function setUp() {
  const records: IdentityTraceRecord[] = []
  const changed: ConversationId[] = []
  let time = NOON
  const history = createIdentityHistory({
    storage: {
      identityTraces: {
        add: async (_id, added) => {
          records.push(...added)
          return added.length > 0
        },
        list: async () => records.toSorted((one, other) => one.at - other.at),
      },
    },
    changed: (id) => changed.push(id),
    now: () => time,
  })
  const wait = (ms: number) => {
    time += ms
  }
  return { history, changed, wait }
}
const ID = 'c1' as ConversationId
const here = async () => ID
const entry = (tab: string, seq: number, at: number) =>
  ({ tab, seq, at: iso(at), from: 'identified', to: 'refreshing', cause: 'expired' }) as const

it('[ID17] orders devices whose clocks are wrong by the server’s clock, and keeps what theirs said', async () => {
  const { history } = setUp()
  const [slow, fast] = ['5105105a', 'fa57fa57']
  // One clock an hour behind, told 10 s after the event; one two hours ahead, told 5 s after.
  await history.tell(here, { sentAt: iso(NOON - HOUR), entries: [entry(slow, 1, NOON - HOUR - 10_000)] })
  await history.tell(here, {
    sentAt: iso(NOON + 2 * HOUR),
    entries: [entry(fast, 1, NOON + 2 * HOUR - 5_000)],
  })
  expect((await history.list(ID)).map(({ at, tab }) => [tab, at])).toEqual([
    [slow, iso(NOON - 10_000)],
    [fast, iso(NOON - 5_000)],
  ])
  expect(await history.list(ID)).toMatchObject([{ deviceAt: iso(NOON - HOUR - 10_000) }, {}])
})

it('[ID17] lets nothing happen in the future', async () => {
  const { history } = setUp()
  await history.tell(here, { sentAt: iso(NOON), entries: [entry('00000001', 1, NOON + HOUR)] })
  expect(await history.list(ID)).toMatchObject([{ at: iso(NOON), deviceAt: iso(NOON + HOUR) }])
})

it('[ID17] keeps the order of a tab whose first batch took longer than its second', async () => {
  const { history, wait } = setUp()
  const sentAt = iso(NOON - 3_000)
  await history.tell(here, { sentAt, entries: [entry('00000001', 1, NOON - 3_000)] })
  wait(10)
  const late = { sentAt: iso(NOON + 10), entries: [entry('00000001', 2, NOON - 2_000)] }
  await history.tell(here, late)
  expect(await history.list(ID)).toMatchObject([{ at: iso(NOON) }, { at: iso(NOON) }])
  expect((await history.list(ID)).map((one) => 'deviceAt' in one && one.deviceAt)).toEqual([
    iso(NOON - 3_000),
    iso(NOON - 2_000),
  ])
})

it('[ID17] keeps what a device told before what the server saw after it, however long the look-up took', async () => {
  const { history, wait } = setUp()
  let found = () => {}
  const leaving = { ...entry('00000001', 1, NOON), to: 'signing-out', cause: 'sign-out' } as const
  const slow = history.tell(() => new Promise((resolve) => (found = () => resolve(ID))), {
    sentAt: iso(NOON),
    entries: [leaving],
  })
  wait(5)
  await history.note(here, 'ended', { from: 'signing-out', to: 'anonymous', cause: 'signed-out' })
  wait(5)
  found()
  await slow
  expect((await history.list(ID)).map(({ cause }) => cause)).toEqual(['sign-out', 'signed-out'])
})

it('[ID17] keeps what a device told before what the server saw in the same millisecond', async () => {
  const { history } = setUp()
  const leaving = { ...entry('00000001', 7, NOON), to: 'signing-out', cause: 'sign-out' } as const
  await history.tell(here, { sentAt: iso(NOON), entries: [leaving] })
  await history.note(here, 'ended', { from: 'signing-out', to: 'anonymous', cause: 'signed-out' })
  expect((await history.list(ID)).map(({ cause }) => cause)).toEqual(['sign-out', 'signed-out'])
})

it('[ID17] keeps the order in which the server saw things, however long it took to find out where they belong', async () => {
  const { history } = setUp()
  const slow = history.note(() => new Promise((resolve) => setTimeout(() => resolve(ID), 20)), 'one', {
    from: 'signing-out',
    to: 'anonymous',
    cause: 'signed-out-everywhere',
  })
  const ended = { from: 'identified', to: 'reauthentication-required', cause: 'session-revoked' } as const
  await history.note(async () => ID, 'other', ended)
  await slow
  expect((await history.list(ID)).map(({ cause }) => cause)).toEqual([
    'signed-out-everywhere',
    'session-revoked',
  ])
})

it('[ID17] tells of each change once', async () => {
  const { history, changed } = setUp()
  const transition = { from: 'signing-out', to: 'anonymous', cause: 'signed-out' } as const
  await history.note(async () => ID, 'ended:1', transition)
  await history.note(async () => null, 'ended:2', transition)
  expect(changed).toEqual([ID])
  expect(await history.list(ID)).toEqual([{ ...transition, at: iso(NOON), source: 'server', tab: 'server' }])
})
