/** Words for an action's outcome. */
import type { AgentActionRun } from '@chat-widget/client/agent'
import type { ActionFailure, AgentActionOutcome } from '@chat-widget/protocol'
import { errorText } from './error-text.ts'

export interface RunWords {
  readonly tone: 'busy' | 'good' | 'warn' | 'bad'
  /** A few words shown beside the name. */
  readonly label: string
  /** A further explanation, if there is one. */
  readonly about: string | null
}

export function runWords({ state }: AgentActionRun): RunWords {
  switch (state.status) {
    case 'running':
      return { tone: 'busy', label: 'Running…', about: null }
    case 'refused': {
      const about =
        state.code === 'not-found'
          ? 'There is no such action any more. Reload the page.'
          : errorText(state.code)
      return { tone: 'bad', label: 'Not run', about }
    }
    case 'concluded':
      return outcomeWords(state.outcome)
    default:
      return state satisfies never
  }
}

function outcomeWords(outcome: AgentActionOutcome): RunWords {
  switch (outcome.kind) {
    case 'result': {
      const { ok, status } = outcome
      const about = status === 401 ? 'The visitor’s sign-in was not accepted.' : null
      return ok
        ? { tone: 'good', label: `Answered (${status})`, about }
        : { tone: 'bad', label: `Refused (${status})`, about }
    }
    case 'login-needed':
      return {
        tone: 'warn',
        label: 'Login needed',
        about: 'A login card was sent. The answer comes here once the visitor has signed in.',
      }
    case 'failed': {
      const label = outcome.status === 0 ? 'Failed' : `Failed (${outcome.status})`
      return { tone: 'bad', label, about: failureText(outcome.reason) }
    }
    case 'no-answer':
      return {
        tone: 'warn',
        label: 'No answer',
        about: 'What came of it is not known. It may have run, so look before you run it again.',
      }
    default:
      return outcome satisfies never
  }
}

function failureText(reason: ActionFailure): string {
  switch (reason) {
    case 'unknown-action':
      return 'There is no such action any more.'
    case 'value-refused':
      return 'What the visitor’s page brought along cannot be sent.'
    case 'private-address':
      return 'The configured address is in a private network, which is not allowed.'
    case 'unreachable':
      return 'The company’s system cannot be reached.'
    case 'timeout':
      return 'The company’s system did not answer in time. It may have run.'
    case 'not-json':
      return 'The company’s system answered with something that is not JSON.'
    case 'too-large':
      return 'The answer is too large to show.'
    default:
      reason satisfies never
      return 'The action failed.'
  }
}

/** The answer as formatted JSON; `null` if there is none. */
export function answerJson({ state }: AgentActionRun): string | null {
  const outcome = state.status === 'concluded' ? state.outcome : null
  return outcome?.kind === 'result' && outcome.body !== null ? JSON.stringify(outcome.body, null, 2) : null
}

/** The answer without braces and quotes, for a reply. */
export function answerText({ state }: AgentActionRun): string {
  const outcome = state.status === 'concluded' ? state.outcome : null
  return outcome?.kind === 'result' ? linesOf(outcome.body).join('\n') : ''
}

function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => [...(index > 0 && isNested(item) ? [''] : []), ...linesOf(item)])
  if (typeof value !== 'object' || value === null) return [String(value ?? '')]
  return Object.entries(value).flatMap(([key, item]) =>
    isNested(item) ? [`${key}:`, ...linesOf(item)] : [`${key}: ${linesOf(item)[0]}`],
  )
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null
