import type { AppId, UserId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { createContextVault } from '../identity/context-vault.ts'
import { createContextNeeds } from './context-needs.ts'

it('[DL9] lets a bounded number wait for a user’s context; others go without', async () => {
  const vault = createContextVault({ now: () => 0 })
  let asked = 0
  const needs = createContextNeeds({
    vault,
    ask: () => {
      asked += 1
    },
    waitMs: 60_000,
  })
  const ada = { id: 'ada' as UserId, app: 'shop' as AppId, userIdentifier: 'ada' }
  const { signal } = new AbortController()
  const waiting = Array.from({ length: 32 }, () => needs.obtain(ada, signal))
  expect(await needs.obtain(ada, signal)).toBeNull()
  expect(asked).toBe(32)
  vault.hold('s' as never, { userId: ada.id, context: { a: 1 }, expiresAt: null })
  expect(await Promise.all(waiting)).toEqual(Array(32).fill({ a: 1 }))
  expect(needs.pending(ada.id)).toBeNull()
})
