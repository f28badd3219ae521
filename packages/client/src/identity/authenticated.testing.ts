/** What a server answers to a sign-in. */
import type { Authenticated, ConversationId } from '@chat-widget/protocol'
import type { Reply } from '../connection/event-maps.ts'

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
      },
      ...(token === null ? {} : { session: { token } }),
    },
  }
}
