/** Words for an action's outcome. */
import type { AgentActionRun } from '@chat-widget/client/agent'
import type { ActionFailure, AgentActionOutcome } from '@chat-widget/protocol'
import { words } from '../words/words.ts'
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
      return { tone: 'busy', label: words().run.running, about: null }
    case 'refused': {
      const about = state.code === 'not-found' ? words().run.gone : errorText(state.code)
      return { tone: 'bad', label: words().run.notRun, about }
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
      const about = status === 401 ? words().run.signInRefused : null
      return ok
        ? { tone: 'good', label: words().run.answered(String(status)), about }
        : { tone: 'bad', label: words().run.refused(String(status)), about }
    }
    case 'login-needed':
      return {
        tone: 'warn',
        label: words().run.loginNeeded,
        about: words().run.loginNeededHint,
      }
    case 'failed': {
      const label = outcome.status === 0 ? words().run.failed : words().run.failedWith(String(outcome.status))
      return { tone: 'bad', label, about: failureText(outcome.reason) }
    }
    case 'no-answer':
      return {
        tone: 'warn',
        label: words().run.noAnswer,
        about: words().run.noAnswerHint,
      }
    default:
      return outcome satisfies never
  }
}

/** A newer server may know further reasons. */
function failureText(reason: ActionFailure): string {
  const { failures } = words().run
  return failures[reason] ?? failures.other
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
