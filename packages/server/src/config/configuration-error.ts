/** Describes an invalid configuration: a line for each key that is wrong. */
import type { ZodError, z } from 'zod'

export interface ConfigurationProblem {
  /** E.g. `apps[0].context.algorithms`, `--port` or `CHAT_WIDGET_PORT`. */
  readonly key: string
  readonly problem: string
}

/** Thrown for bad configuration; the command prints the message, a line for each problem, and exits with 2. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** Of the first problem. */
  readonly key: string
  readonly problems: readonly ConfigurationProblem[]

  constructor(
    key: string,
    problem: string,
    options?: { cause?: unknown; more?: readonly ConfigurationProblem[] },
  ) {
    // A key may break several rules; its first problem is enough.
    const problems = [{ key, problem }, ...(options?.more ?? [])]
    const lines = new Map<string, string>()
    for (const one of problems)
      if (!lines.has(one.key)) lines.set(one.key, `configuration: ${one.key}: ${oneLine(one.problem)}`)
    super([...lines.values()].join('\n'), options)
    this.key = key
    this.problems = problems
  }

  /** Throws them all, if there are any. */
  static throwAll([first, ...more]: readonly ConfigurationProblem[]): void {
    if (first !== undefined) throw new ConfigurationError(first.key, first.problem, { more })
  }
}

/** Gathers the problems of several checks, to be told together. */
export function gatherProblems(known: readonly ConfigurationProblem[] = []) {
  const problems = [...known]
  return {
    /** Calls `read` at once. Returns a function that returns its result, or throws as it did. */
    attempt<Value>(read: () => Value): () => Value {
      try {
        const value = read()
        return () => value
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error
        problems.push(...error.problems)
        return () => {
          throw error
        }
      }
    },
    problems: problems as readonly ConfigurationProblem[],
  }
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ')

type Issue = z.core.$ZodIssue

/** Returns every problem: its key as a path, e.g. `apps[0].id`, and a description. */
export const allIssues = (error: ZodError): readonly ConfigurationProblem[] =>
  error.issues.flatMap((issue) => describeIssue(issue, []))

/** Returns the first problem. */
export const firstIssue = (error: ZodError): ConfigurationProblem =>
  allIssues(error)[0] ?? { key: '', problem: 'invalid' }

function describeIssue(issue: Issue, parent: readonly PropertyKey[]): readonly ConfigurationProblem[] {
  const path = [...parent, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ key: formatPath([...path, key]), problem: 'unknown key' }))
    case 'invalid_type': {
      const isMissing = issue.message.endsWith('received undefined')
      return [{ key: formatPath(path), problem: isMissing ? 'missing' : issue.message }]
    }
    case 'invalid_union': {
      // The branch with the fewest problems is the one the author meant.
      const [nearest = []] = [...issue.errors].sort((a, b) => distance(a) - distance(b))
      return nearest.length === 0
        ? [{ key: formatPath(path), problem: issue.message }]
        : nearest.flatMap((inner) => describeIssue(inner, path))
    }
    default:
      return [{ key: formatPath(path), problem: issue.message }]
  }
}

/** A missing key counts more than a surplus one, and a value of another type more than both. */
const distance = (issues: readonly Issue[]): number => issues.reduce((sum, issue) => sum + weight(issue), 0)

function weight(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length
  return issue.code === 'invalid_type' && issue.path.length === 0 ? 3 : 1.5
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
