/** Admits agents: by a console session's cookie, sent from the server's own pages. */
import { ChatError } from '@chat-widget/protocol'
import { agentHandshake } from '@chat-widget/protocol/schemas'
import { fastifyCookie } from '@fastify/cookie'
import { type Agent, type AgentAccounts, CONSOLE_COOKIE } from '../agents/agent-accounts.ts'
import { isSameHost } from '../network/origins.ts'
import { readHandshake } from './handshake.ts'

export interface AdmittedAgent {
  readonly agent: Agent
  readonly sessionKey: string
  /** The client's release; undefined if it names none. */
  readonly release: string | undefined
}

export async function admitAgent(
  accounts: AgentAccounts,
  {
    auth,
    headers,
  }: {
    readonly auth: unknown
    readonly headers: {
      readonly origin?: string | undefined
      readonly host?: string | undefined
      readonly cookie?: string | undefined
    }
  },
): Promise<AdmittedAgent> {
  const { release } = readHandshake(agentHandshake, auth)
  if (headers.origin !== undefined && !isSameHost(headers.origin, headers.host)) {
    throw new ChatError('origin-refused', "The console connects from the server's own pages only.")
  }
  const token = fastifyCookie.parse(headers.cookie ?? '')[CONSOLE_COOKIE]
  const agent = token === undefined ? null : await accounts.authenticate(token)
  if (token === undefined || agent === null) {
    throw new ChatError('unauthenticated', 'Sign in to the console first.')
  }
  return { agent, sessionKey: accounts.sessionKey(token), release }
}
