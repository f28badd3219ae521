/** Cuts consoles whose session has ended or whose agent's role, apps or picture have changed, whichever process did it ([OP8]). */
import { isDeepStrictEqual } from 'node:util'
import type { WireError } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import type { AdmittedAgent } from './agent-handshake.ts'
import type { AgentSocket } from './socket-server.ts'

export const SIGNED_OUT: WireError = { code: 'session-invalid', message: 'The console session ended.' }

/** Interval at which the use of a session is stored. Milliseconds. */
const SEEN_MS = 10 * 60_000

export function createConsoleCheck({
  accounts,
  everyMs,
  logger,
}: {
  readonly accounts: Pick<AgentAccounts, 'bySession' | 'seen'>
  readonly everyMs: number
  readonly logger: Logger
}) {
  const consoles = new Map<AgentSocket, AdmittedAgent>()
  const seenAt = new WeakMap<AgentSocket, number>()
  let checking = false
  let isAskedAgain = false

  async function check(): Promise<void> {
    // Taken first: the session of a console that connects meanwhile may be missing in the answer.
    const connected = [...consoles]
    if (checking) isAskedAgain = true
    if (checking || connected.length === 0) return
    checking = true
    try {
      const agents = await accounts.bySession()
      const unseen = connected.filter(([socket]) => Date.now() - (seenAt.get(socket) ?? 0) > SEEN_MS)
      await accounts.seen(unseen.map(([, { sessionKey }]) => sessionKey))
      for (const [socket] of unseen) seenAt.set(socket, Date.now())
      for (const [socket, { sessionKey, agent }] of connected) {
        const now = agents.get(sessionKey)
        if (now === undefined) {
          socket.emit('session:ended', SIGNED_OUT)
          socket.disconnect(true)
        } else if (!isDeepStrictEqual(now, agent)) {
          // It connects again, with the new role, apps or picture.
          socket.conn.close()
        }
      }
    } catch {
      logger.warn('console sessions could not be checked')
    } finally {
      checking = false
    }
    if (!isAskedAgain) return
    isAskedAgain = false
    await check()
  }

  const timer = setInterval(() => void check(), everyMs)

  return {
    /** Checks this console from now on, until it disconnects. */
    add(socket: AgentSocket, admitted: AdmittedAgent): void {
      consoles.set(socket, admitted)
      socket.once('disconnect', () => consoles.delete(socket))
    },
    /** Checks at once: something has changed. */
    now: (): void => void check(),
    close: (): void => clearInterval(timer),
  }
}
