import type { AppId, LoginMethod, SessionId, UserId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { SessionRecord } from '../storage/storage.ts'
import { createContextVault } from './context-vault.ts'
import { createIdentityService } from './identity-service.ts'

const sessionOf = (method: LoginMethod): SessionRecord => {
  const app = 'shop' as AppId
  const user = { id: method as string as UserId, app, userIdentifier: 'ann', method, createdAt: 0 }
  return { id: method as string as SessionId, app, user, contextExpiresAt: null } as SessionRecord
}

it('[AR15] keeps a host’s context for actions, and never an approval with its secrets', () => {
  const vault = createContextVault({ now: Date.now })
  const nobody = () => Promise.reject(new Error('nobody is asked'))
  const identity = createIdentityService({
    storage: {} as never,
    vault,
    verifierOf: () => ({ verify: nobody }),
    approvals: { verify: nobody },
    hasActions: (app) => app === 'shop',
    now: Date.now,
  })
  for (const method of ['host', 'email', 'identifier'] as const)
    identity.keepContext(sessionOf(method), { secret: 'a secret' })
  expect(vault.latest('host' as UserId).state).toBe('live')
  expect(vault.latest('email' as UserId).state).toBe('lost')
  expect(vault.latest('identifier' as UserId).state).toBe('lost')
  // Nothing would ever ask for it.
  const other = { ...sessionOf('host'), id: 'other', app: 'other' } as SessionRecord
  const before = vault.heldBytes
  identity.keepContext(other, { secret: 'a secret' })
  expect(vault.heldBytes).toBe(before)
})
