/** The session of a visitor's device, anonymous or identified: what it says first, and what becomes of the secret. */
import { PROTOCOL_VERSION, RELEASE, type VisitorHandshake } from '@chat-widget/protocol'
import type { ChatUser } from './chat-state.ts'
import type { ReplyError } from './connection/event-maps.ts'
import { type AnonymousSession, createAnonymousSession } from './identity/anonymous-session.ts'
import type { ChatStorage } from './storage/chat-storage.ts'

export interface VisitorSessionOptions {
  readonly app: string
  readonly locale: string | undefined
  readonly server: string
  readonly storage: ChatStorage
  /** Whether the anonymous session is shown at sign-in, so that its conversation becomes the user's ([ID11]). */
  readonly merges: boolean
  readonly identity: {
    /** The user that the host wants. */
    readonly wanted: ChatUser | null
    /** The secret of the identified session, where there is one. */
    readonly session: string | undefined
    /** While what a visitor left is cleared away: resolves when that is done. */
    readonly clearing: Promise<void> | undefined
    sessionEnded(error: ReplyError): void
  }
}

export interface VisitorSession extends Omit<AnonymousSession, 'peek' | 'acquire'> {
  /**
   * As whom this device would connect now, as far as the secret has been read: by the secret's end, which is good for
   * nothing else.
   */
  shown(): string
  /** The same, with a secret that is to be read first. */
  peek(): Promise<string>
  /** To be asked before each attempt. */
  handshake(): Promise<VisitorHandshake>
  /** The server does not accept the secret any more. */
  ended(error: ReplyError): Promise<void>
}

const SHOWN_LENGTH = 8

export function createVisitorSession(options: VisitorSessionOptions): VisitorSession {
  const { app, locale, server, storage, merges, identity } = options
  const anonymous = createAnonymousSession(storage, `chat-widget-session:${app}@${server}`)
  // [ID14] While there is a user, no anonymous session is asked for, whatever the provider does.
  const intentNow = (): VisitorHandshake['intent'] => (identity.wanted === null ? 'anonymous' : 'identify')
  const findSecret = async (intent: VisitorHandshake['intent']) => {
    if (identity.session !== undefined) return identity.session
    if (intent === 'anonymous') return anonymous.acquire()
    return merges ? anonymous.peek() : undefined
  }
  const shown = () => {
    const intent = intentNow()
    const known = intent === 'anonymous' || merges ? anonymous.known() : ''
    return `${intent} ${(identity.session ?? known ?? '').slice(-SHOWN_LENGTH)}`
  }
  return {
    ...anonymous,
    shown,
    peek: () => anonymous.peek().then(shown),
    async handshake() {
      const { clearing } = identity
      if (clearing !== undefined) {
        await clearing
        // [ID13] Who comes next connects anew, and would otherwise be given a session twice.
        throw new Error('the visitor has left')
      }
      const intent = intentNow()
      const session = await findSecret(intent)
      const handshake = { protocolVersion: PROTOCOL_VERSION, release: RELEASE, app, locale, intent } as const
      return session === undefined ? handshake : { ...handshake, session }
    },
    async ended(error) {
      if (identity.session !== undefined) identity.sessionEnded(error)
      else await anonymous.drop()
    },
  }
}
