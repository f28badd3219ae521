/** `chat-widget-server agent add NAME --email E`: makes an agent's account, also beside a running server. */
import { LIMITS } from '@chat-widget/protocol'
import { agentSessionRequest } from '@chat-widget/protocol/schemas'
import { createAgentAccounts } from '../agents/agent-accounts.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { FLAGS, parseFlags, settingsOf } from '../config/flags.ts'
import { storagePlace } from '../config/load-config.ts'
import { openStorage } from '../storage/open-storage.ts'
import { choosePassword } from './password-prompt.ts'
import { printLine, type Terminal } from './terminal.ts'

const OWN_FLAGS = [
  { name: 'email', value: 'E' },
  { name: 'password-stdin', value: undefined },
  ...FLAGS.filter(({ name }) => name === 'data' || name === 'database-url'),
]

export async function agentCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [subcommand, ...rest] = argv
  if (subcommand !== 'add')
    throw new ConfigurationError('agent', 'write: chat-widget-server agent add NAME --email E')
  const { flags, positionals } = parseFlags(rest, OWN_FLAGS)
  const name = readName(positionals)
  const email = readEmail(flags.get('email'))
  const place = storagePlace(settingsOf(flags, terminal.env))
  const { password, generated } = await choosePassword(terminal, { fromStdin: flags.has('password-stdin') })

  const storage = await openStorage({ ...place, exclusive: false })
  try {
    const agent = await createAgentAccounts({ storage }).add({ name, email, password })
    printLine(terminal.stdout, `agent: ${agent.name} <${agent.email}>`)
    if (generated) printLine(terminal.stdout, `password: ${password}`)
  } finally {
    await storage.close()
  }
  return 0
}

function readName(positionals: readonly string[]): string {
  const [name = '', surplus] = positionals
  if (name.trim() === '') throw new ConfigurationError('NAME', 'missing')
  if (surplus !== undefined)
    throw new ConfigurationError(surplus, 'unknown argument; a name of several words goes in quotes')
  if (name.length > LIMITS.nameLength)
    throw new ConfigurationError('NAME', `must have at most ${LIMITS.nameLength} characters`)
  return name.trim()
}

function readEmail(value: string | true | undefined): string {
  if (value === undefined) throw new ConfigurationError('--email', 'missing')
  const result = agentSessionRequest.shape.email.safeParse(value)
  if (!result.success) throw new ConfigurationError('--email', 'is not an email address')
  return result.data
}
