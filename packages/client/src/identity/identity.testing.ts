/** An identity by itself, whose server is what a test says: nothing is stored, and nobody else is there. */
import type { Authenticated, ConversationId } from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'
import { createTabs } from '../tabs/tabs.ts'
import type { IdentityOptions } from './identity-options.ts'
import { Identity } from './run.ts'
import { createSignIn } from './sign-in.ts'

export function createIdentity(options: Partial<IdentityOptions>, restart = () => {}): Identity {
  return new Identity({
    authenticate: () => Promise.reject(new Error('the test expects no request')),
    signOut: async () => ({ ok: true, value: null }),
    mergePolicy: 'merge',
    providerTimeoutMs: 30_000,
    tabs: createTabs('alone'),
    connection: { state: { status: 'connected' }, on: () => () => {}, restart },
    start: () => {},
    lead: { isFollowing: false, isRepresented: false, takeOver: async () => {} },
    sharesAnonymous: true,
    anonymousSecret: () => undefined,
    adopted: () => {},
    purge: async () => {},
    revoked: async () => {},
    departed: () => {},
    load: async () => ({ createSignIn }),
    ...options,
  })
}

interface SignedIn {
  readonly userIdentifier: string
  /** Milliseconds since the epoch, by the server's clock. Default: no end. */
  readonly expiresAt?: number | null
  /** Default: that of the device. */
  readonly serverTime?: number
  /** The new session's secret; `null`: none is handed out. */
  readonly token?: string | null
}

export function authenticated({
  userIdentifier,
  expiresAt = null,
  serverTime = Date.now(),
  token = 'secret',
}: SignedIn): Extract<Reply<Authenticated>, { ok: true }> {
  return {
    ok: true,
    value: {
      serverTime,
      identity: { status: 'identified', userIdentifier, expiresAt },
      conversation: {
        id: 'c1' as ConversationId,
        status: 'open',
        headSeq: 0,
        visitorReadSeq: 0,
        agentReadSeq: 0,
        visitorDeliveredSeq: 0,
        agentDeliveredSeq: 0,
      },
      ...(token === null ? {} : { session: { token } }),
    },
  }
}
