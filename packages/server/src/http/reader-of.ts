/** Finds out who reads: a device by its session, an agent by the cookie of the server's own pages, or a key of the app. */
import { ChatError } from '@chat-widget/protocol'
import type { FastifyRequest } from 'fastify'
import { type AgentAccounts, CONSOLE_COOKIE } from '../agents/agent-accounts.ts'
import { belongsTo } from '../agents/permissions.ts'
import type { AppConfig } from '../config/config.ts'
import type { FileReader } from '../files/file-service.ts'
import type { SessionRecord } from '../storage/storage.ts'
import { authorizeApp } from './api-key.ts'

export interface ReaderOfOptions {
  readonly apps: readonly AppConfig[]
  readonly agents: Pick<AgentAccounts, 'authenticate'>
  /** Resolves with the session of a device's secret. Rejects if it is over, or its context is. */
  readonly sessionOf: (app: AppConfig, secret: string) => Promise<SessionRecord>
}

/** Rejects with `unauthenticated` for everybody else. */
export type ReaderOf = (request: FastifyRequest, app: AppConfig | undefined) => Promise<FileReader>

export function createReaderOf({ apps, agents, sessionOf }: ReaderOfOptions): ReaderOf {
  return async (request, app) => {
    const { authorization } = request.headers
    const secret = /^Bearer +([\w-]{16,256})$/i.exec(authorization ?? '')?.[1]
    if (secret !== undefined && app !== undefined)
      return { kind: 'session', session: await sessionOf(app, secret) }
    if (authorization !== undefined) {
      authorizeApp(apps, app?.id ?? '', authorization)
      return { kind: 'app' }
    }
    const cookie = request.cookies[CONSOLE_COOKIE]
    // The cookie is of the server's own pages; no other page may use it to find out what there is.
    const site = request.headers['sec-fetch-site']
    const isOwn = site === undefined || site === 'same-origin' || site === 'none'
    const agent = cookie !== undefined && isOwn ? await agents.authenticate(cookie) : null
    // Of another app than their own, an agent is told what anybody is.
    if (agent !== null && app !== undefined && belongsTo(agent, app.id)) return { kind: 'agent' }
    throw new ChatError('unauthenticated', 'give a key of this app, or the session of a device')
  }
}
