import type { SessionId, UserId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { createContextVault } from './context-vault.ts'

const session = (id: string) => id as SessionId
const ada = 'ada' as UserId

it("answers with the newest context of a user's sessions that is not over", () => {
  let time = 0
  const vault = createContextVault({ now: () => time })
  expect(vault.latest(ada)).toEqual({ state: 'lost' })
  vault.hold(session('phone'), { userId: ada, context: { from: 'phone' }, expiresAt: 100 })
  vault.hold(session('laptop'), { userId: ada, context: { from: 'laptop' }, expiresAt: 50 })
  vault.hold(session('grace'), { userId: 'grace' as UserId, context: { from: 'grace' }, expiresAt: null })
  expect(vault.latest(ada)).toEqual({ state: 'live', context: { from: 'laptop' } })
  time = 60
  expect(vault.latest(ada)).toEqual({ state: 'live', context: { from: 'phone' } })
  time = 100
  expect(vault.latest(ada)).toEqual({ state: 'expired' })
  vault.forget([session('phone'), session('laptop')])
  expect(vault.latest(ada)).toEqual({ state: 'lost' })
})

it('is bounded: the context held longest falls out first', () => {
  const vault = createContextVault({ now: () => 0, maxEntries: 2 })
  const hold = (id: string) => vault.hold(session(id), { userId: id as UserId, context: {}, expiresAt: null })
  hold('one')
  hold('two')
  hold('one')
  hold('three')
  expect(['one', 'two', 'three'].map((id) => vault.latest(id as UserId).state)).toEqual([
    'live',
    'lost',
    'live',
  ])
})
