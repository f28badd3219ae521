/** The command's flags and the environment variables that replace them. */
import { parseArgs } from 'node:util'
import { ConfigurationError, type ConfigurationProblem, gatherProblems } from './configuration-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const DEV_VARIABLE = 'CHAT_WIDGET_DEV'

/** One entry per flag; the help text is made from it. A flag wins over its variable. */
export const FLAGS = [
  {
    name: 'config',
    value: 'FILE',
    variable: 'CHAT_WIDGET_CONFIG',
    help: 'JSON with comments: apps and mail',
  },
  { name: 'port', value: 'N', variable: 'CHAT_WIDGET_PORT', help: 'default 8080; 0 picks a free one' },
  { name: 'host', value: 'H', variable: 'CHAT_WIDGET_HOST', help: 'address to listen on, default 127.0.0.1' },
  {
    name: 'data',
    value: 'DIR',
    variable: 'CHAT_WIDGET_DATA',
    help: 'folder of the SQLite file, default ./data',
  },
  {
    name: 'database-url',
    value: 'URL',
    variable: 'CHAT_WIDGET_DATABASE_URL',
    help: 'postgres://…, instead of SQLite',
  },
  {
    name: 'redis-url',
    value: 'URL',
    variable: 'CHAT_WIDGET_REDIS_URL',
    help: 'redis://…, to carry events between servers on one PostgreSQL',
  },
  {
    name: 'trusted-proxies',
    value: 'LIST',
    variable: 'CHAT_WIDGET_TRUSTED_PROXIES',
    help: 'addresses and ranges of proxies in front, with commas between; default loopback',
  },
  {
    name: 'dev',
    value: undefined,
    variable: DEV_VARIABLE,
    help: 'for development: a ready agent, and a ready app where there is no --config',
  },
] as const

type FlagName = (typeof FLAGS)[number]['name']

/** The source of a value, so that an error names the place to change. */
export interface Setting {
  readonly key: string
  readonly value: string
}

export type Settings = Readonly<Partial<Record<Exclude<FlagName, 'dev'>, Setting>>> & {
  readonly dev: boolean
}

export interface ReadSettings {
  readonly settings: Settings
  /** Unknown flags and arguments, flags without their value, malformed variables. */
  readonly problems: readonly ConfigurationProblem[]
}

/** Reads flags and variables. */
export function readSettings(argv: readonly string[], env: Environment): ReadSettings {
  const { flags, positionals, problems: ofFlags } = scanFlags(argv, FLAGS)
  const surplus = positionals.map((argument) => ({ key: argument, problem: 'unknown argument' }))
  // After an unknown flag, an argument is its value.
  const { attempt, problems } = gatherProblems(ofFlags.length > 0 ? ofFlags : surplus)
  let dev = false
  attempt(() => {
    dev = devOf(flags, env)
  })
  return { settings: { ...valuesOf(flags, env), dev }, problems }
}

/** Adds the variables to flags that a command with its own flags has parsed. */
export const settingsOf = (given: ParsedFlags, env: Environment): Settings => ({
  ...valuesOf(given, env),
  dev: devOf(given, env),
})

function valuesOf(given: ParsedFlags, env: Environment): Omit<Settings, 'dev'> {
  const settings: Partial<Record<Exclude<FlagName, 'dev'>, Setting>> = {}
  for (const { name, variable } of FLAGS) {
    if (name === 'dev') continue
    const fromEnv = env[variable]
    const flag = given.get(name)
    if (typeof flag === 'string') settings[name] = { key: `--${name}`, value: flag }
    else if (fromEnv !== undefined && fromEnv !== '') settings[name] = { key: variable, value: fromEnv }
  }
  return settings
}

function devOf(given: ParsedFlags, env: Environment): boolean {
  const fromEnv = env[DEV_VARIABLE]
  return given.get('dev') === true || (fromEnv !== undefined && readBoolean(DEV_VARIABLE, fromEnv))
}

export interface FlagDefinition {
  readonly name: string
  /** Name of the value in the help; `undefined` for a flag without one. */
  readonly value: string | undefined
  /** True if it may be given again; its values then have commas between. */
  readonly repeats?: boolean
}

/** Keyed by name without dashes; `true` for a flag without a value. */
export type ParsedFlags = ReadonlyMap<string, string | true>

interface ParsedArguments {
  readonly flags: ParsedFlags
  readonly positionals: readonly string[]
}

/** Throws `ConfigurationError` for unknown flags, and those without their value. */
export function parseFlags(argv: readonly string[], definitions: readonly FlagDefinition[]): ParsedArguments {
  const { problems, ...parsed } = scanFlags(argv, definitions)
  ConfigurationError.throwAll(problems)
  return parsed
}

function scanFlags(
  argv: readonly string[],
  definitions: readonly FlagDefinition[],
): ParsedArguments & { readonly problems: readonly ConfigurationProblem[] } {
  const options = Object.fromEntries(
    definitions.map(({ name, value }) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  // Not strict: Node's own messages run over several sentences and do not begin with the flag.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true })
  const flags = new Map<string, string | true>()
  const positionals: string[] = []
  const { problems, attempt } = gatherProblems()
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    attempt(() => {
      const flag = definitions.find(({ name }) => token.rawName === `--${name}`)
      // `-ab` would be told of by each of its letters.
      const key = token.rawName.startsWith('--') ? token.rawName : (argv[token.index] ?? token.rawName)
      if (flag === undefined) throw new ConfigurationError(key, 'unknown flag')
      const before = flags.get(flag.name)
      if (before !== undefined && flag.repeats !== true)
        throw new ConfigurationError(token.rawName, 'given twice')
      const value = readValue(flag, token)
      flags.set(flag.name, before === undefined ? value : `${before},${value}`)
    })
  }
  return { flags, positionals, problems }
}

function readValue(
  flag: FlagDefinition,
  { rawName, value }: { readonly rawName: string; readonly value?: string | undefined },
): string | true {
  if (flag.value === undefined) {
    if (value !== undefined) throw new ConfigurationError(rawName, 'takes no value')
    return true
  }
  if (value === undefined || value === '' || (value.startsWith('--') && value.length > 2))
    throw new ConfigurationError(rawName, `needs a value: ${rawName} ${flag.value}`)
  return value
}

function readBoolean(variable: string, value: string): boolean {
  switch (value.toLowerCase()) {
    case '1':
    case 'true':
      return true
    case '':
    case '0':
    case 'false':
      return false
    default:
      throw new ConfigurationError(variable, 'must be 1 or 0')
  }
}
