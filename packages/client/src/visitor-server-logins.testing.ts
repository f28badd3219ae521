/** The part of the scripted server that asks people: the test is the person. */
import { randomBytes } from 'node:crypto'
import type {
  AskedPerson,
  AskedPersonOutcome,
  AuthenticationRequestId,
  BuiltInMethod,
  ServerToVisitorEvents,
  VisitorToServerEvents,
  WireError,
} from '@chat-widget/protocol'
import type { Socket } from 'socket.io'

interface Asked extends AskedPerson {
  readonly method: BuiltInMethod
  readonly address: string
  outcome: AskedPersonOutcome
  /** The session that claimed it. */
  claimedBy: string | null
  /** Follows it. */
  socket: Socket<VisitorToServerEvents, ServerToVisitorEvents>
}

interface Claim {
  readonly subject: string
  readonly expiresAt: number
  readonly method: BuiltInMethod
  readonly session: string
}

export interface ScriptedLogins {
  readonly asked: Asked[]
  /** Refuses the next wishes with these, in order. */
  readonly refusals: WireError[]
  /** Default 900 000 and 30 000. */
  expiresInMs: number
  resendInMs: number
  /** The newest request ends. `isTold: false`: its device was not connected. */
  end(status: AskedPersonOutcome['status'], options?: { isLocked?: boolean; isTold?: boolean }): void
  serve(socket: Socket<VisitorToServerEvents, ServerToVisitorEvents>): void
  /** What a context claims; `undefined`: it is the host's. */
  claimed(context: Record<string, unknown>): Claim | WireError | undefined
}

export function createScriptedLogins(nextId: () => string): ScriptedLogins {
  const logins: ScriptedLogins = {
    asked: [],
    refusals: [],
    expiresInMs: 900_000,
    resendInMs: 30_000,
    end(status, { isLocked = false, isTold = true } = {}) {
      const asked = logins.asked.at(-1)
      if (asked === undefined) throw new Error('nobody was asked')
      const subject = status === 'approved' ? asked.address.toLowerCase() : null
      asked.outcome = { requestId: asked.requestId, status, isLocked, subject }
      if (isTold) asked.socket.emit('authentication-request', asked.outcome)
    },
    serve(socket) {
      const own = ({ requestId, secret }: { requestId: string; secret: string }) =>
        logins.asked.find((asked) => asked.requestId === requestId && asked.secret === secret)
      const unknown = { ok: false, error: { code: 'not-found', message: 'no such request' } } as const
      socket.on('authentication-request:create', ({ method, address }, answer) => {
        const refusal = logins.refusals.shift()
        if (refusal !== undefined) return answer({ ok: false, error: refusal })
        const requestId = nextId() as AuthenticationRequestId
        const value: AskedPerson = {
          requestId,
          secret: randomBytes(32).toString('base64url'),
          bindingCode: String(100_000 + logins.asked.length),
          expiresInMs: logins.expiresInMs,
          resendInMs: logins.resendInMs,
        }
        const outcome = { requestId, status: 'pending', isLocked: false, subject: null } as const
        logins.asked.push({ ...value, method, address, outcome, claimedBy: null, socket })
        answer({ ok: true, value })
      })
      socket.on('authentication-request:follow', (request, answer) => {
        const asked = own(request)
        if (asked === undefined) return answer(unknown)
        asked.socket = socket
        answer({ ok: true, value: asked.outcome })
      })
      socket.on('authentication-request:cancel', (request, answer) => {
        const asked = own(request)
        if (asked === undefined) return answer(unknown)
        if (asked.outcome.status === 'pending') asked.outcome = { ...asked.outcome, status: 'canceled' }
        answer({ ok: true, value: asked.outcome })
      })
    },
    claimed({ authenticationRequest }) {
      if (authenticationRequest === undefined) return undefined
      const { id, secret, session } = authenticationRequest as Record<'id' | 'secret' | 'session', string>
      const asked = logins.asked.find((one) => one.requestId === id && one.secret === secret)
      const isFree = asked?.claimedBy === null || asked?.claimedBy === session
      if (asked === undefined || asked.outcome.subject === null || !isFree)
        return { code: 'context-invalid', message: 'nothing to claim' }
      asked.claimedBy = session
      return {
        subject: asked.outcome.subject,
        expiresAt: Date.now() + 30 * 86_400_000,
        method: asked.method,
        session,
      }
    },
  }
  return logins
}
