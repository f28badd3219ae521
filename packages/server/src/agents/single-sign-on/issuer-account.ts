/** Finds or makes the account of a person at the issuer ([AG8], [AG9]). */
import { type AgentId, foldEmail, LIMITS, readEmailAddress } from '@chat-widget/protocol'
import type { IssuerAccess, IssuerConfig } from '../../config/config.ts'
import { lookUp } from '../../identity/context.ts'
import type { AgentChange, AgentRecord, AgentStorage } from '../../storage/agent-storage.ts'
import { oneLine } from '../../text/one-line.ts'
import type { AgentAccounts } from '../agent-accounts.ts'
import type { Claims, IssuerAnswer } from './issuer-client.ts'
import { SingleSignOnError } from './single-sign-on-error.ts'

export interface IssuerAccountOptions {
  readonly agents: Pick<AgentStorage, 'findLinked' | 'findByEmail' | 'link' | 'add'>
  readonly accounts: Pick<AgentAccounts, 'setAccess'>
  readonly now: () => number
}

/** Resolves with the account's id; rejects with `refused`. */
export async function accountOf(
  answer: IssuerAnswer,
  config: IssuerConfig,
  options: IssuerAccountOptions,
): Promise<AgentId> {
  const { agents, accounts, now } = options
  const person = { issuer: answer.issuer, subject: answer.subject }
  const access = accessOf(answer.claims, config)
  const change = (): AgentChange => ({ by: { kind: 'issuer' }, at: now() })

  async function enter(agent: AgentRecord): Promise<AgentId> {
    if (config.access === undefined || agent.role === 'owner') return agent.id
    if (access === null) throw refused('no rule fits')
    if (!hasAccess(agent, access)) {
      const next = { role: access.role, apps: access.apps ?? null }
      await accounts.setAccess({ id: agent.id }, next, { by: { kind: 'issuer' } })
    }
    return agent.id
  }

  async function bind(agent: AgentRecord): Promise<AgentId> {
    if (agent.linked !== null) throw refused('the account is bound to another person')
    if (config.access !== undefined && agent.role !== 'owner' && access === null)
      throw refused('no rule fits')
    if (!(await agents.link(agent.id, person, change())))
      throw refused('the account is bound to another person')
    return enter(agent)
  }

  async function add(email: string): Promise<AgentId> {
    const domain = email.slice(email.lastIndexOf('@') + 1)
    if (config.newAgents?.domains.includes(domain) !== true) throw refused('no account')
    if (access === null) throw refused('no rule fits')
    const name = nameIn(answer.claims) ?? email.slice(0, email.lastIndexOf('@'))
    const account = { name, email, passwordHash: '', linked: person, role: access.role }
    const apps = access.apps === undefined ? {} : { apps: access.apps }
    return (await agents.add({ ...account, ...apps, ...change() })).id
  }

  const linked = await agents.findLinked(person)
  if (linked !== null && !linked.isRemoved) return enter(linked.agent)
  const email = verifiedEmailIn(answer.claims)
  const found = email === null ? null : await agents.findByEmail(email)
  // An administrator may make a new account for somebody who was removed.
  if (found !== null) return bind(found)
  if (linked !== null) throw refused('the account was removed')
  if (email === null) throw refused('no verified email')
  return add(email)
}

const refused = (reason: string) => new SingleSignOnError('refused', reason)

/** Names of the claims that decide. */
export const claimsNeeded = ({ access }: IssuerConfig): readonly string[] => [
  'email',
  'email_verified',
  ...(access === undefined ? [] : [access.claim]),
]

/** `null`: no rule fits, or there is nothing by which somebody new would get in. */
function accessOf(claims: readonly Claims[], { access, newAgents }: IssuerConfig): IssuerAccess | null {
  if (access === undefined) return newAgents ?? null
  const values = valuesIn(claims, access.claim)
  return access.rules.find(({ value }) => values.includes(value)) ?? null
}

/** The claim's text or texts. Its name may itself have dots, or be a path. */
function valuesIn(claims: readonly Claims[], name: string): readonly unknown[] {
  for (const set of claims) {
    const value = Object.hasOwn(set, name) ? set[name] : lookUp(set, name)
    if (value !== undefined) return Array.isArray(value) ? value : [value]
  }
  return []
}

/** The address and its verification stand in the same answer: two of them may be of two addresses. */
function verifiedEmailIn(claims: readonly Claims[]): string | null {
  const of = claims.find(
    ({ email, email_verified: isVerified }) => email !== undefined && isVerified !== undefined,
  )
  if (of?.email_verified !== true || typeof of.email !== 'string') return null
  // Beyond ASCII, two letters may become one in lower case: then it is another person's address.
  if (!/^[\x21-\x7e]+$/.test(of.email)) return null
  const address = readEmailAddress(of.email)
  return address === null ? null : foldEmail(address)
}

function nameIn(claims: readonly Claims[]): string | null {
  const name = claims.map((set) => set.name).find((value) => typeof value === 'string')
  const line = oneLine(name ?? '', LIMITS.nameLength)
  return line === '' ? null : line
}

function hasAccess(agent: AgentRecord, { role, apps }: IssuerAccess): boolean {
  const sorted = (ids: readonly string[] | undefined) => (ids === undefined ? null : [...new Set(ids)].sort())
  return agent.role === role && JSON.stringify(sorted(agent.apps)) === JSON.stringify(sorted(apps))
}
