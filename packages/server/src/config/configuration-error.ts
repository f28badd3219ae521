/** Describes an invalid configuration in one line that names the key. */
import type { ZodError, z } from 'zod'

/** Thrown for bad configuration; the command prints the message and exits with 2. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** E.g. `apps[0].context.algorithms`, `--port` or `CHAT_WIDGET_PORT`. */
  readonly key: string

  constructor(key: string, problem: string, options?: { cause?: unknown }) {
    super(`configuration: ${key}: ${oneLine(problem)}`, options)
    this.key = key
  }
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ')

type Issue = z.core.$ZodIssue

/** Returns the first problem: its key as a path, e.g. `apps[0].id`, and a description. */
export function firstIssue(error: ZodError): { readonly key: string; readonly problem: string } {
  const [issue] = error.issues
  return issue === undefined ? { key: '', problem: 'invalid' } : describeIssue(issue, [])
}

function describeIssue(
  issue: Issue,
  parent: readonly PropertyKey[],
): { readonly key: string; readonly problem: string } {
  const path = [...parent, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return { key: formatPath([...path, ...issue.keys.slice(0, 1)]), problem: 'unknown key' }
    case 'invalid_type':
      return {
        key: formatPath(path),
        problem: issue.message.endsWith('received undefined') ? 'missing' : issue.message,
      }
    case 'invalid_union': {
      // The branch with the fewest problems is the one the author meant.
      const [nearest] = [...issue.errors].sort((a, b) => distance(a) - distance(b))
      const [inner] = nearest ?? []
      return inner === undefined
        ? { key: formatPath(path), problem: issue.message }
        : describeIssue(inner, path)
    }
    default:
      return { key: formatPath(path), problem: issue.message }
  }
}

/** A missing key counts more than a surplus one. */
const distance = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1.5), 0)

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
