/** `chat-widget-server agent …`: the accounts of those who answer, also beside a running server. */
import { type AgentRole, type AppId, LIMITS } from '@chat-widget/protocol'
import { addAgentRequest, agentAvatar, agentRole, agentSessionRequest } from '@chat-widget/protocol/schemas'
import { type Agent, type AgentAccounts, createAgentAccounts } from '../agents/agent-accounts.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { type FlagDefinition, type ParsedFlags, parseFlags } from '../config/flags.ts'
import { oneLine } from '../text/one-line.ts'
import { choosePassword } from './password-prompt.ts'
import { PLACE_FLAGS, withStorage } from './place.ts'
import { printLine, type Terminal } from './terminal.ts'

const EMAIL_FLAG = { name: 'email', value: 'E' }
const ROLE_FLAG = { name: 'role', value: 'ROLE' }
const APP_FLAG = { name: 'app', value: 'ID', repeats: true }
const AVATAR_FLAG = { name: 'avatar', value: 'URL' }
const STDIN_FLAG = { name: 'password-stdin', value: undefined }

interface Call {
  readonly positionals: readonly string[]
  readonly flags: ParsedFlags
  readonly terminal: Terminal
  /** Runs `work` on the accounts of the database that the flags name. */
  readonly withAccounts: <Value>(work: (accounts: AgentAccounts) => Promise<Value>) => Promise<Value>
}

interface Subcommand {
  readonly flags: readonly FlagDefinition[]
  /** True if it makes the database where there is none. */
  readonly begins?: boolean
  run(call: Call): Promise<void>
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  add: {
    flags: [EMAIL_FLAG, ROLE_FLAG, APP_FLAG, AVATAR_FLAG, STDIN_FLAG],
    begins: true,
    async run({ positionals, flags, terminal, withAccounts }) {
      const [name] = readPositionals(positionals, ['NAME'])
      const account = { name: readName(name), email: readEmail('--email', flags.get('email')) }
      const role = flags.has('role') && { role: readRole('--role', flags.get('role')) }
      const apps = flags.has('app') && { apps: readApps('--app', flags.get('app')) }
      const picture = flags.has('avatar') && { avatar: readAvatar('--avatar', flags.get('avatar')) }
      const { password, generated } = await choosePassword(terminal, {
        fromStdin: flags.has('password-stdin'),
      })
      const agent = await withAccounts((accounts) =>
        accounts.add({ ...account, ...picture, ...role, ...apps, password }),
      )
      printAgent(terminal, agent)
      if (!flags.has('role') && agent.role === 'owner') printLine(terminal.stdout, `role: ${agent.role}`)
      if (generated) printLine(terminal.stdout, `password: ${password}`)
    },
  },
  apps: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const [first, second] = readPositionals(positionals, ['EMAIL', 'APPS'])
      const email = readEmail('EMAIL', first)
      const apps = second === 'all' ? null : readApps('APPS', second)
      const agent = existing(await withAccounts((accounts) => accounts.setApps(email, apps)), email)
      printAgent(terminal, agent)
      printLine(terminal.stdout, `apps: ${appsOf(agent)}`)
    },
  },
  avatar: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const [first, second] = readPositionals(positionals, ['EMAIL', 'URL'])
      const email = readEmail('EMAIL', first)
      const avatar = second === 'none' ? null : readAvatar('URL', second)
      printAgent(
        terminal,
        existing(await withAccounts((accounts) => accounts.setAvatar(email, avatar)), email),
      )
      printLine(terminal.stdout, `picture: ${avatar ?? 'none'}`)
    },
  },
  list: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      readPositionals(positionals, [])
      for (const agent of await withAccounts((accounts) => accounts.list())) {
        const { email, role, name } = agent
        printLine(terminal.stdout, [email, role, shown(name), appsOf(agent)].join('\t'))
      }
    },
  },
  password: {
    flags: [STDIN_FLAG],
    async run({ positionals, flags, terminal, withAccounts }) {
      const email = readEmail('EMAIL', readPositionals(positionals, ['EMAIL'])[0])
      const { password, generated } = await choosePassword(terminal, {
        fromStdin: flags.has('password-stdin'),
      })
      const agent = await withAccounts((accounts) => accounts.setPassword(email, password))
      printAgent(terminal, existing(agent, email))
      if (generated) printLine(terminal.stdout, `password: ${password}`)
    },
  },
  remove: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const email = readEmail('EMAIL', readPositionals(positionals, ['EMAIL'])[0])
      const agent = existing(await withAccounts((accounts) => accounts.remove(email)), email)
      printAgent(terminal, agent, 'removed')
    },
  },
  role: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const [first, second] = readPositionals(positionals, ['EMAIL', 'ROLE'])
      const [email, role] = [readEmail('EMAIL', first), readRole('ROLE', second)]
      const agent = existing(await withAccounts((accounts) => accounts.setRole(email, role)), email)
      printAgent(terminal, agent)
      printLine(terminal.stdout, `role: ${role}`)
    },
  },
  sessions: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const email = readEmail('EMAIL', readPositionals(positionals, ['EMAIL'])[0])
      const sessions = existing(await withAccounts((accounts) => accounts.sessions(email)), email)
      for (const { id, createdAt, seenAt, method, device } of sessions)
        printLine(terminal.stdout, [id, timeOf(createdAt), timeOf(seenAt), method, device].join('\t'))
    },
  },
  'sign-out': {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const session = positionals[1]
      const [first] = readPositionals(positionals, session === undefined ? ['EMAIL'] : ['EMAIL', 'ID'])
      const email = readEmail('EMAIL', first)
      const which = session === undefined ? { exceptHash: null } : { only: session }
      const ended = existing(await withAccounts((accounts) => accounts.endSessions(email, which)), email)
      printLine(terminal.stdout, `sessions ended: ${ended}`)
    },
  },
  unlink: {
    flags: [],
    async run({ positionals, terminal, withAccounts }) {
      const email = readEmail('EMAIL', readPositionals(positionals, ['EMAIL'])[0])
      const { agent, isLinked } = existing(await withAccounts((accounts) => accounts.unlink(email)), email)
      if (!isLinked) throw new Error(`nobody has come in to the account of ${email} by single sign-on`)
      printAgent(terminal, agent, 'single sign-on removed')
    },
  },
}

const timeOf = (at: number): string => new Date(at).toISOString()
const appsOf = ({ apps }: Agent): string => apps?.join(',') ?? 'all'

export async function agentCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...rest] = argv
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
  if (subcommand === undefined)
    throw new ConfigurationError('agent', `write agent and one of: ${Object.keys(SUBCOMMANDS).join(', ')}`)
  const { flags, positionals } = parseFlags(rest, [...subcommand.flags, ...PLACE_FLAGS])
  const withAccounts: Call['withAccounts'] = (work) =>
    withStorage(
      flags,
      terminal,
      (storage) => work(createAgentAccounts({ storage, by: { kind: 'command' } })),
      {
        begins: subcommand.begins === true,
      },
    )
  await subcommand.run({ positionals, flags, terminal, withAccounts })
  return 0
}

function printAgent({ stdout }: Terminal, { name, email }: Agent, what = 'agent'): void {
  printLine(stdout, `${what}: ${shown(name)} <${email}>`)
}

function existing<Value>(found: Value | null, email: string): Value {
  if (found === null) throw new Error(`there is no agent with the email ${email}`)
  return found
}

/** Checks that there is an argument for each name, and no further one. */
function readPositionals(positionals: readonly string[], names: readonly string[]): readonly string[] {
  for (const [index, name] of names.entries())
    if ((positionals[index] ?? '').trim() === '') throw new ConfigurationError(name, 'missing')
  const surplus = positionals[names.length]
  if (surplus !== undefined)
    throw new ConfigurationError(
      surplus,
      names[0] === 'NAME' ? 'unknown argument; a name of several words goes in quotes' : 'unknown argument',
    )
  return positionals
}

/** Checked as the console's page of the team does; visitors read it. */
function readName(name = ''): string {
  if (name.length > LIMITS.nameLength)
    throw new ConfigurationError('NAME', `must have at most ${LIMITS.nameLength} characters`)
  if (!addAgentRequest.shape.name.safeParse(name).success)
    throw new ConfigurationError('NAME', 'must be one line')
  if (shown(name) === '') throw new ConfigurationError('NAME', 'must have a character that can be seen')
  return name.trim()
}

/** As a terminal may be given it: nothing that ends the line or turns the direction of what follows. */
const shown = (name: string): string => oneLine(name, LIMITS.nameLength)

function readEmail(key: string, value: string | true | undefined): string {
  if (value === undefined) throw new ConfigurationError(key, 'missing')
  const result = agentSessionRequest.shape.email.safeParse(value)
  if (!result.success) throw new ConfigurationError(key, 'is not an email address')
  return result.data
}

function readAvatar(key: string, value: string | true | undefined): string {
  const result = agentAvatar.safeParse(value)
  if (!result.success) throw new ConfigurationError(key, 'must be the https address of a picture')
  return result.data
}

/** The command's name of an app is not looked up: an agent of an app that the server does not have sees nothing. */
function readApps(key: string, value: string | true | undefined): readonly AppId[] {
  const ids = (value === true || value === undefined ? '' : value).split(',')
  if (!ids.every((id) => APP_ID.test(id))) throw new ConfigurationError(key, 'must be ids of apps')
  return [...new Set(ids)] as AppId[]
}

const APP_ID = /^[\w.-]{1,120}$/

/** `viewer`: the name of earlier releases for a reader. */
function readRole(key: string, value: string | true | undefined): AgentRole {
  const result = agentRole.safeParse(value === 'viewer' ? 'reader' : value)
  if (!result.success) throw new ConfigurationError(key, `must be one of ${agentRole.options.join(', ')}`)
  return result.data
}
