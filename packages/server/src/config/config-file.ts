/** Reads the configuration file: JSON with comments, and `{ "env": "NAME" }` in place of any string. */
import { readFileSync } from 'node:fs'
import { type ParseError, parse, printParseErrorCode, visit } from 'jsonc-parser'
import { ConfigurationError, type ConfigurationProblem, formatPath } from './configuration-error.ts'
import type { Environment, Setting } from './flags.ts'

export interface ReadConfigFile {
  /** The file's JSON, an empty string in place of each variable that is not set. */
  readonly value: unknown
  /** Keys that stand twice in an object, and those whose variable is not set. */
  readonly problems: readonly ConfigurationProblem[]
}

/** Throws `ConfigurationError` that names the flag if the file is unreadable or not JSON. */
export function readConfigFile(setting: Setting, env: Environment): ReadConfigFile {
  try {
    return readJson(setting, env)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ConfigurationError(setting.key, `${setting.value} is nested too deeply`, { cause })
  }
}

function readJson(setting: Setting, env: Environment): ReadConfigFile {
  const text = read(setting)
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: false })
  const [error] = errors
  if (error !== undefined)
    throw new ConfigurationError(
      setting.key,
      `${setting.value}:${position(text, error.offset)}: ${words(printParseErrorCode(error.error))}`,
    )
  const missing: ConfigurationProblem[] = []
  const resolved = resolveEnv(value, { env, missing }, [])
  return { value: resolved, problems: [...overlookedKeys(text), ...missing] }
}

/** Keys that the parser drops without a word: all but the last of those that stand twice in an object. */
function overlookedKeys(text: string): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = []
  const objects: Set<string>[] = []
  visit(
    text,
    {
      onObjectBegin: () => void objects.push(new Set()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty(name, _offset, _length, line, _column, pathOf) {
        const keys = objects.at(-1)
        const key = formatPath([...pathOf(), name])
        if (keys?.has(name)) problems.push({ key, problem: `stands twice, again in line ${line + 1}` })
        // Read as the object's prototype, it would be overlooked.
        if (name === '__proto__') problems.push({ key, problem: 'unknown key' })
        keys?.add(name)
      },
    },
    { allowTrailingComma: true },
  )
  return problems
}

function read({ key, value }: Setting): string {
  try {
    return readFileSync(value, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new ConfigurationError(key, `cannot read ${value}: ${reason(cause)}`, { cause })
  }
}

function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES') return 'not permitted'
  if (code === 'EISDIR') return 'it is a folder'
  return typeof code === 'string' ? code : 'unreadable'
}

function position(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

/** `CommaExpected` → `comma expected`. */
const words = (code: string): string => code.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()

interface Resolving {
  readonly env: Environment
  /** Collects the variables that are not set. */
  readonly missing: ConfigurationProblem[]
}

/** Replaces `{ "env": "NAME" }` by the variable's value, wherever a string may stand. */
function resolveEnv(value: unknown, resolving: Resolving, path: readonly PropertyKey[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => resolveEnv(item, resolving, [...path, index]))
  if (typeof value !== 'object' || value === null) return value
  const entries: [string, unknown][] = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first?.[0] === 'env' && typeof first[1] === 'string') {
    const found = resolving.env[first[1]] ?? ''
    if (found === '') {
      const problem = `the environment variable ${first[1]} is not set`
      resolving.missing.push({ key: formatPath(path), problem })
    }
    return found
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveEnv(item, resolving, [...path, key])]))
}
