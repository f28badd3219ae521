import type { SessionId, UserId } from '@chat-widget/protocol'
import { afterEach, expect, it, vi } from 'vitest'
import { createContextVault } from './context-vault.ts'

const session = (id: string) => id as SessionId
const ada = 'ada' as UserId
const held = (userId: string, context: object = {}, expiresAt: number | null = null) => ({
  userId: userId as UserId,
  context: { ...context },
  expiresAt,
})
afterEach(() => vi.useRealTimers())

it("answers with the newest context of a user's sessions that is not over", () => {
  let time = 0
  const vault = createContextVault({ now: () => time })
  expect(vault.latest(ada)).toEqual({ state: 'lost' })
  vault.hold(session('phone'), held('ada', { from: 'phone' }, 100))
  vault.hold(session('laptop'), held('ada', { from: 'laptop' }, 50))
  vault.hold(session('grace'), held('grace', { from: 'grace' }))
  expect(vault.latest(ada)).toMatchObject({ state: 'live', context: { from: 'laptop' } })
  time = 60
  expect(vault.latest(ada)).toMatchObject({ state: 'live', context: { from: 'phone' } })
  time = 100
  expect(vault.latest(ada)).toEqual({ state: 'expired' })
  vault.forget([session('phone'), session('laptop')])
  expect(vault.latest(ada)).toEqual({ state: 'lost' })
})

it('[DL9] is bounded by bytes: the context held longest falls out first', () => {
  const context = { text: 'x'.repeat(1_000) }
  const vault = createContextVault({ now: () => 0, maxBytes: 2_500 })
  const hold = (id: string) => vault.hold(session(id), held(id, context))
  for (const id of ['one', 'two', 'one', 'three']) hold(id)
  expect(['one', 'two', 'three'].map((id) => vault.latest(id as UserId).state)).toEqual([
    'live',
    'lost',
    'live',
  ])
  expect(vault.heldBytes).toBeLessThanOrEqual(2_500)
})

it('[DL9] keeps a few contexts of a user, however often they authenticate, and none costs more than its text', () => {
  const vault = createContextVault({ now: () => 0 })
  const context = { many: Array.from({ length: 5_000 }, () => ({})) }
  for (let n = 0; n < 1_000; n += 1) vault.hold(session(`${n}`), held('ada', { ...context, n }))
  expect(vault.heldBytes).toBeLessThan(200_000)
  expect(vault.latest(ada)).toMatchObject({ state: 'live', context: { n: 999 } })
})

it('[DL9] drops a context at its end, also when nothing else happens', () => {
  vi.useFakeTimers()
  const vault = createContextVault({ now: Date.now })
  vault.hold(session('late'), held('ada', { secret: 'x' }, Date.now() + 60_000))
  vault.hold(session('soon'), held('ada', { secret: 'y' }, Date.now() + 10_000))
  const both = vault.heldBytes
  vi.advanceTimersByTime(10_000)
  expect(vault.heldBytes).toBe(both / 2)
  expect(vault.latest(ada)).toMatchObject({ state: 'live', context: { secret: 'x' } })
  vi.advanceTimersByTime(50_000)
  expect(vault.heldBytes).toBe(0)
  // For a while the vault remembers that there was one, so that the device is asked for a fresh one.
  expect(vault.latest(ada)).toEqual({ state: 'expired' })
  vi.advanceTimersByTime(60 * 60_000)
  expect(vault.latest(ada)).toEqual({ state: 'lost' })
})
