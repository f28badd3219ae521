/** Authentication requests of visitors at the real server: the test is the person asked. */
import type {
  AppId,
  AskedPerson,
  AskedPersonOutcome,
  AuthenticationRequestId,
  Result,
  WireError,
} from '@chat-widget/protocol'
import { vi } from 'vitest'
import type { RelayedSocket } from './server-relay.testing.ts'
import type { SharedServer } from './shared-server.testing.ts'

interface Asked extends AskedPerson {
  /** The socket that follows it. */
  socket: RelayedSocket
}

export interface TestLogins {
  readonly asked: Asked[]
  /** Refuses the next requests with these, in order. */
  readonly refusals: WireError[]
  /** Lifetime of a request, as devices receive it. Default: the server's. Milliseconds. */
  expiresInMs: number | null
  /** Ends the newest request: by the person, by its time as devices see it, or `locked` after wrong codes. */
  end(how: 'approved' | 'denied' | 'canceled' | 'expired' | 'locked'): Promise<void>
  statusOf(asked: Asked | undefined): Promise<AskedPersonOutcome['status'] | undefined>
  request(socket: RelayedSocket, event: string, payload: unknown): Result<unknown> | undefined
  answered(socket: RelayedSocket, event: string, payload: unknown, result: Result<unknown>): Result<unknown>
}

export function createTestLogins({ chat, links }: SharedServer, app: AppId): TestLogins {
  const requests = chat.authenticationRequests

  /** Decides on the approval page. */
  async function decide(id: AuthenticationRequestId, decision: 'approved' | 'denied', code: string) {
    const link = await vi.waitUntil(() => links.get(id), { interval: 5 })
    const token = link.slice(link.lastIndexOf('/') + 1)
    const view = await requests.viewLink(token)
    const nonce = view.kind === 'pending' ? view.nonce : ''
    return requests.decideByLink({ token, nonce, decision, code, mutes: false })
  }

  const logins: TestLogins = {
    asked: [],
    refusals: [],
    expiresInMs: null,
    async end(how) {
      const asked = logins.asked.at(-1)
      if (asked === undefined) throw new Error('nobody was asked')
      const { requestId, bindingCode, socket } = asked
      switch (how) {
        case 'approved':
        case 'denied':
          await decide(requestId, how, bindingCode)
          return
        case 'canceled':
          await requests.cancel(requestId)
          return
        case 'locked': {
          const wrong = bindingCode === '000000' ? '000001' : '000000'
          while ((await decide(requestId, 'approved', wrong)).kind === 'wrong-code');
          return
        }
        case 'expired':
          socket.emit('authentication-request', {
            requestId,
            status: 'expired',
            isLocked: false,
            subject: null,
          } satisfies AskedPersonOutcome)
          return
        default:
          return how satisfies never
      }
    },
    statusOf: async (asked) => asked && (await requests.find(app, asked.requestId))?.status,
    request(socket, event, payload) {
      if (event === 'authentication-request:follow') {
        const { requestId } = payload as { requestId: string }
        const asked = logins.asked.find((one) => one.requestId === requestId)
        if (asked !== undefined) asked.socket = socket
      }
      const refusal = event === 'authentication-request:create' ? logins.refusals.shift() : undefined
      return refusal && { ok: false, error: refusal }
    },
    answered(socket, event, _payload, result) {
      if (event !== 'authentication-request:create' || !result.ok) return result
      const { expiresInMs } = logins
      const value: AskedPerson = {
        ...(result.value as AskedPerson),
        ...(expiresInMs === null ? {} : { expiresInMs }),
      }
      logins.asked.push({ ...value, socket })
      return { ok: true, value }
    },
  }
  return logins
}
