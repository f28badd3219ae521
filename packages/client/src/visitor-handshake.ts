/** What a visitor's device says first: which app, and which session it has or wants. */
import { PROTOCOL_VERSION, type VisitorHandshake } from '@chat-widget/protocol'
import type { AnonymousSession } from './identity/anonymous-session.ts'

export interface VisitorHandshakePorts {
  readonly app: string
  /** Whether the anonymous session is shown at sign-in, so that its conversation becomes the user's ([ID11]). */
  readonly merges: boolean
  readonly anonymous: AnonymousSession
  /** The secret of the identified session, where there is one. */
  readonly identified: () => string | undefined
  readonly isAnonymous: () => boolean
}

/** Answers a function to be asked before each attempt. */
export function createVisitorHandshake(ports: VisitorHandshakePorts): () => Promise<VisitorHandshake> {
  const { app, merges, anonymous, identified, isAnonymous } = ports
  const findSession = async (intent: VisitorHandshake['intent']) => {
    if (identified() !== undefined) return identified()
    if (intent === 'anonymous') return anonymous.acquire()
    return merges ? anonymous.peek() : undefined
  }
  return async () => {
    // [ID14] While there is a user, no anonymous session is asked for, whatever the provider does.
    const intent = isAnonymous() ? 'anonymous' : 'identify'
    const session = await findSession(intent)
    const handshake = { protocolVersion: PROTOCOL_VERSION, app, intent } as const
    return session === undefined ? handshake : { ...handshake, session }
  }
}
