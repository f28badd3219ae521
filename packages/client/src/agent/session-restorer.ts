/** Checks for a console session of the browser, with retries until the server answers yes or no. */
import type { ErrorCode } from '@chat-widget/protocol'
import type { ReconnectPolicy } from '../connection/reconnect-policy.ts'
import { codeOf } from './agent-errors.ts'
import type { Agent } from './agent-state.ts'

export interface SessionRestorerOptions {
  readonly current: () => Promise<Agent | null>
  readonly policy: ReconnectPolicy
  /** False where it was known already that nobody is signed in: then only an agent is told. */
  readonly isUnknown: () => boolean
  readonly found: (agent: Agent | null) => void | Promise<void>
  /** Called when the server gave no answer; the next try follows by itself. */
  readonly failed: (code: ErrorCode) => void
}

export interface SessionRestorer {
  start(): Promise<void>
  /** Drops the pending answer. Idempotent. */
  stop(): void
}

export function createSessionRestorer({
  current,
  policy,
  isUnknown,
  found,
  failed,
}: SessionRestorerOptions): SessionRestorer {
  let run = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const stop = () => {
    run += 1
    clearTimeout(timer)
  }

  async function attempt(mine: number, count: number): Promise<void> {
    try {
      const agent = await current()
      if (mine === run && (agent !== null || isUnknown())) await found(agent)
    } catch (error) {
      if (mine !== run) return
      // The cookie may be valid: an agent must not have to type the password because the server is restarting.
      if (isUnknown()) failed(codeOf(error))
      timer = setTimeout(() => void attempt(mine, count + 1), policy.nextDelayMs(count))
    }
  }

  return {
    start() {
      stop()
      return attempt(run, 1)
    },
    stop,
  }
}
