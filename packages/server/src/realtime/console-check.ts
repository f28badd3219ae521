/** Cuts consoles whose session has ended or whose agent's role or picture has changed, whichever process did it ([OP8]). */
import type { WireError } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { AgentAccounts } from '../agents/agent-accounts.ts'
import type { AdmittedAgent } from './agent-handshake.ts'
import type { AgentSocket } from './socket-server.ts'

export const SIGNED_OUT: WireError = { code: 'session-invalid', message: 'The console session ended.' }

export function createConsoleCheck({
  accounts,
  everyMs,
  logger,
}: {
  readonly accounts: Pick<AgentAccounts, 'bySession'>
  readonly everyMs: number
  readonly logger: Logger
}) {
  const consoles = new Map<AgentSocket, AdmittedAgent>()
  let checking = false

  async function check(): Promise<void> {
    // Taken first: the session of a console that connects meanwhile may be missing in the answer.
    const connected = [...consoles]
    if (checking || connected.length === 0) return
    checking = true
    try {
      const agents = await accounts.bySession()
      for (const [socket, { sessionKey, agent }] of connected) {
        const now = agents.get(sessionKey)
        if (now === undefined) {
          socket.emit('session:ended', SIGNED_OUT)
          socket.disconnect(true)
        } else if (now.role !== agent.role || now.avatar !== agent.avatar) {
          // It connects again, with the new role or picture.
          socket.conn.close()
        }
      }
    } catch {
      logger.warn('console sessions could not be checked')
    } finally {
      checking = false
    }
  }

  const timer = setInterval(() => void check(), everyMs)

  return {
    /** Checks this console from now on, until it disconnects. */
    add(socket: AgentSocket, admitted: AdmittedAgent): void {
      consoles.set(socket, admitted)
      socket.once('disconnect', () => consoles.delete(socket))
    },
    close: (): void => clearInterval(timer),
  }
}
