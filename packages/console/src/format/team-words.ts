/** Sentences about the team and the audit. */
import { type AuditEntry, type AuditedAgent, ChatError, plainName } from '@chat-widget/protocol'
import { words } from '../words/words.ts'
import { errorText } from './error-text.ts'

/** `doing`: the same code means something else. */
export function teamErrorText(error: unknown, doing: 'add' | 'change' | 'password'): string {
  const { team, account } = words()
  switch (error instanceof ChatError ? error.code : 'internal') {
    case 'conflict':
      return doing === 'add' ? team.taken : team.lastOwner
    case 'forbidden':
      return doing === 'password' ? account.wrong : team.forbidden
    case 'not-found':
      return team.gone
    case 'bad-request':
      return team.invalid
    default:
      return errorText(error instanceof ChatError ? error.code : 'internal')
  }
}

/** The email tells namesakes apart. */
const nameOf = (agent: AuditedAgent): string =>
  `${plainName(agent.name)} (${agent.email ?? words().securityLog.removed})`

/** The actor of an entry. */
export function auditWho({ by }: AuditEntry): string {
  const { actors } = words().securityLog
  if (by.agent !== null) return nameOf(by.agent)
  return by.kind === 'agent' || by.kind === 'visitor' ? actors.server : actors[by.kind]
}

/** The action of an entry, with its subject. */
export function auditText({ kind, about, details }: AuditEntry): string {
  const { kinds, other } = words().securityLog
  const { roles } = words().team
  const whom = about === null ? '' : nameOf(about)
  const roleOf = (name: unknown) =>
    typeof name === 'string' && Object.hasOwn(roles, name) ? roles[name as keyof typeof roles] : ''
  const appsOf = (apps: unknown) =>
    Array.isArray(apps) ? apps.join(', ') : apps === null ? words().list.allApps : ''
  switch (kind) {
    case 'agent-added':
      return kinds.added(whom, roleOf(details.role))
    case 'agent-removed':
      return kinds.removed(about === null ? '' : plainName(about.name))
    case 'agent-role':
      return kinds.role(whom, roleOf(details.to))
    case 'agent-apps':
      return kinds.apps(whom, appsOf(details.to))
    case 'agent-password':
      return kinds.password(whom)
    case 'agent-picture':
      return kinds.picture(whom)
    case 'agent-signed-in':
      return kinds.signedIn(whom)
    case 'agent-linked':
      return kinds.linked(whom)
    case 'agent-unlinked':
      return kinds.unlinked(whom)
    case 'agent-session-ended':
      return kinds.sessionEnded(whom)
    case 'action':
      return kinds.action(String(details.action ?? ''))
    case 'user-exported':
      return kinds.exported
    case 'user-erased':
      return kinds.erased
    case 'unmute':
      return kinds.unmuted
    case 'forget':
      return kinds.forgotten
    case 'deliveries-replayed':
      return kinds.replayed(Number(details.deliveries))
    default:
      return other(kind)
  }
}
