/** The team, as one of it sees and changes it: agents, roles, apps, passwords, sessions, audit. */
import { randomBytes } from 'node:crypto'
import {
  type AddAgentRequest,
  type AgentId,
  type AgentSessionInfo,
  type AppId,
  type AuditPage,
  type ChangePasswordRequest,
  ChatError,
  type TeamMember,
} from '@chat-widget/protocol'
import type { AppConfig } from '../config/config.ts'
import { createRateLimit } from '../limits/rate-limits.ts'
import type { Access, AgentRecord } from '../storage/agent-storage.ts'
import type { AuditDetails, AuditedAgent, AuditRecord } from '../storage/audit-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type { Agent, AgentAccounts, ChangeOptions } from './agent-accounts.ts'
import { manages, mayManage, sees } from './permissions.ts'

export interface TeamOptions {
  readonly storage: Pick<Storage, 'agents' | 'audit'>
  readonly accounts: AgentAccounts
  readonly apps: ReadonlyMap<AppId, AppConfig>
}

export type Team = ReturnType<typeof createTeam>

/** An agent, as of their connection; changes ask in their transaction for what they are by then. */
export type Asker = Agent & { readonly sessionKey: string }

/** Tries of one's own password; of somebody at an open console. */
const PASSWORD_TRIES = { burst: 10, perSecond: 10 / 60 }

export function createTeam({ storage, accounts, apps }: TeamOptions) {
  const tries = createRateLimit(PASSWORD_TRIES)

  const changeBy = ({ id }: Asker): ChangeOptions => ({
    by: { kind: 'agent', id },
    authorize(asker, account) {
      if (!manages(asker, account)) throw new ChatError('forbidden', 'This account may not do that.')
    },
  })

  /** An account that the asker sees; others are answered as if they were not there. */
  async function visible(asker: Asker, id: AgentId): Promise<AgentRecord> {
    const record = await storage.agents.find(id)
    if (record === null || !(id === asker.id || sees(asker, record))) throw noSuchAgent()
    return record
  }

  /** Rejects unless it is the asker's own account or one that they manage. */
  async function ownOrManaged(asker: Asker, id: AgentId): Promise<void> {
    const record = await visible(asker, id)
    if (id !== asker.id && !manages(asker, record)) throw forbidden()
  }

  function known(ids: readonly AppId[] | null): void {
    for (const id of ids ?? [])
      if (!apps.has(id)) throw new ChatError('unknown-app', `There is no app ${id}.`)
  }

  return {
    async list(asker: Asker): Promise<readonly TeamMember[]> {
      if (!mayManage(asker)) throw forbidden()
      const records = await storage.agents.list()
      return records.filter((record) => sees(asker, record)).map((record) => toMember(asker, record))
    },

    /** Resolves with a temporary password. */
    async add(asker: Asker, { apps: ids, ...account }: AddAgentRequest): Promise<string> {
      if (!mayManage(asker)) throw forbidden()
      const belonging = ids as readonly AppId[] | null
      known(belonging)
      const password = newPassword()
      try {
        await accounts.add(
          { ...account, password, isTemporary: true, ...(belonging !== null && { apps: belonging }) },
          changeBy(asker),
        )
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'agent-exists')
          throw new ChatError('conflict', 'There is an account with this email already.')
        throw error
      }
      return password
    },

    async change(
      asker: Asker,
      id: AgentId,
      { role, apps: ids }: { readonly role?: Access['role']; readonly apps?: readonly AppId[] | null },
    ): Promise<void> {
      await visible(asker, id)
      if (ids !== undefined) known(ids)
      const access = { ...(role !== undefined && { role }), ...(ids !== undefined && { apps: ids }) }
      existing(await accounts.setAccess({ id }, access, changeBy(asker)))
    },

    /** Resolves with a temporary password. */
    async resetPassword(asker: Asker, id: AgentId): Promise<string> {
      await visible(asker, id)
      const password = newPassword()
      existing(await accounts.setPassword({ id }, password, { ...changeBy(asker), isTemporary: true }))
      return password
    },

    async remove(asker: Asker, id: AgentId): Promise<void> {
      await visible(asker, id)
      existing(await accounts.remove({ id }, changeBy(asker)))
    },

    async sessions(asker: Asker, id: AgentId): Promise<readonly AgentSessionInfo[]> {
      await ownOrManaged(asker, id)
      const sessions = existing(await accounts.sessions({ id }))
      return sessions.map(({ sessionKey, createdAt, seenAt, ...session }) => ({
        ...session,
        createdAt: new Date(createdAt).toISOString(),
        seenAt: new Date(seenAt).toISOString(),
        isOwn: sessionKey === asker.sessionKey,
      }))
    },

    /** `sessionId: null`: all but the asker's. */
    async endSessions(asker: Asker, id: AgentId, sessionId: string | null): Promise<void> {
      await ownOrManaged(asker, id)
      const which = sessionId === null ? { exceptHash: asker.sessionKey } : { only: sessionId }
      await accounts.endSessions({ id }, which, { by: { kind: 'agent', id: asker.id } })
    },

    async changePassword(asker: Asker, { present, next }: ChangePasswordRequest): Promise<void> {
      const retryAfterMs = await tries.take(asker.id)
      if (retryAfterMs > 0)
        throw new ChatError('rate-limited', 'Too many tries; try again later.', { retryAfterMs })
      if (!(await accounts.changePassword(asker.id, { present, next }, asker.sessionKey)))
        throw new ChatError('forbidden', 'The present password is another one.')
      await tries.giveBack(asker.id)
    },

    async audit(
      asker: Asker,
      query: { readonly cursor?: string; readonly limit: number },
    ): Promise<AuditPage> {
      if (!mayManage(asker)) throw forbidden()
      const only = asker.apps === undefined ? undefined : { apps: asker.apps, agents: await seenBy(asker) }
      const { entries, cursor } = await storage.audit.list({ ...query, ...(only && { only }) })
      return { entries: entries.map((entry) => toEntry(asker, entry)), cursor }
    },
  }

  /** Of those who were removed, too. */
  async function seenBy(asker: Asker): Promise<readonly AgentId[]> {
    const records = await storage.agents.list({ withRemoved: true })
    return records.filter((record) => sees(asker, record)).map(({ id }) => id)
  }
}

const noSuchAgent = () => new ChatError('not-found', 'There is no such agent.')
const forbidden = () => new ChatError('forbidden', 'This account may not do that.')

function existing<Value>(found: Value | null): Value {
  if (found === null) throw noSuchAgent()
  return found
}

const newPassword = (): string => randomBytes(12).toString('base64url')

function toMember(asker: Asker, record: AgentRecord): TeamMember {
  const { id, name, email, role, apps, avatar, passwordExpiresAt, linked } = record
  const shown = ownOnly(asker, apps)
  return {
    ...{ id, name, email, role, isManaged: manages(asker, record), isLinked: linked !== null },
    ...(shown !== undefined && { apps: shown }),
    ...(avatar !== undefined && { avatar }),
    ...(passwordExpiresAt !== null && { hasTemporaryPassword: true }),
  }
}

/** Names of apps that are not the asker's are left out. */
function ownOnly<Name extends string>(
  { apps }: Asker,
  names: readonly Name[] | undefined,
): readonly Name[] | undefined {
  if (apps === undefined) return names
  return names?.filter((name) => apps.some((app) => app === (name as string)))
}

function toEntry(asker: Asker, record: AuditRecord): AuditPage['entries'][number] {
  const { id, at, kind, by, byAgent, aboutAgent, app, details } = record
  return {
    ...{ id, kind, app, at: new Date(at).toISOString(), details: shownOf(asker, details) },
    by: { kind: by.kind, agent: byAgent },
    about: aboutAgent satisfies AuditedAgent | null,
  }
}

const shownOf = (asker: Asker, details: AuditDetails): AuditDetails =>
  Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? (ownOnly(asker, value) ?? []) : value,
    ]),
  )
