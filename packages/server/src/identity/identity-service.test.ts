import type { BuiltInMethod, LoginMethod, SessionId, UserId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { AppConfig } from '../config/config.ts'
import type { IdentifyRequest } from '../storage/storage.ts'
import { createContextVault } from './context-vault.ts'
import { createIdentityService } from './identity-service.ts'

it('[AR15] keeps a host’s context for actions, and never an approval with its secrets', async () => {
  const vault = createContextVault({ now: Date.now })
  const verified = { expiresAt: null }
  const sessions = {
    findBySecretHash: async () => null,
    identify: async ({ app, userIdentifier, method }: IdentifyRequest) => {
      const user = { id: userIdentifier as UserId, app, userIdentifier, method, createdAt: 0 }
      const session = { id: userIdentifier as string as SessionId, app, user, contextExpiresAt: null }
      return {
        session,
        mergedConversations: [],
        claimsChanged: false,
        released: { events: [], actionRuns: [] },
      }
    },
  }
  const identity = createIdentityService({
    storage: { sessions } as never,
    vault,
    verifierOf: () => ({ verify: async ({ userIdentifier }) => ({ userIdentifier, ...verified }) }),
    approvals: {
      verify: async (_app, userIdentifier) =>
        userIdentifier === 'host'
          ? null
          : {
              userIdentifier,
              method: userIdentifier as BuiltInMethod,
              sessionSecret: 'made there',
              ...verified,
            },
    },
    hasActions: (app) => app === 'shop',
    now: Date.now,
  })
  const signIn = (userIdentifier: LoginMethod, app = 'shop') =>
    identity.authenticate({
      app: { id: app } as AppConfig,
      ...{ held: null, userIdentifier, mergePolicy: 'merge', caller: {} as never },
      context: { secret: 'a secret' },
      signal: new AbortController().signal,
    })
  for (const method of ['host', 'email', 'identifier'] as const) await signIn(method)
  expect(vault.latest('host' as UserId).state).toBe('live')
  expect(vault.latest('email' as UserId).state).toBe('lost')
  expect(vault.latest('identifier' as UserId).state).toBe('lost')
  // No call would ever ask for it.
  const before = vault.heldBytes
  await signIn('host', 'other')
  expect(vault.heldBytes).toBe(before)
})
