/** Work in lanes: jobs of one lane run strictly in order, lanes side by side. */
import type { Logger } from 'pino'

export interface Lanes<Job> {
  add(lane: string, job: Job): void
  /** Stops after the jobs under way; waiting ones are dropped. */
  close(): Promise<void>
}

export interface LanesOptions<Job> {
  /** Rejects if the job has to be done again later. */
  readonly run: (job: Job) => Promise<void>
  /** Pause of a lane after a rejection. Milliseconds. */
  readonly restMs: number
  readonly signal: AbortSignal
  readonly logger: Logger
}

export function createLanes<Job>({ run, restMs, signal, logger }: LanesOptions<Job>): Lanes<Job> {
  const waiting = new Map<string, Job[]>()
  const running = new Set<Promise<void>>()

  async function drain(jobs: Job[], lane: string): Promise<void> {
    for (let job = jobs.shift(); job !== undefined && !signal.aborted; job = jobs.shift()) {
      try {
        await run(job)
      } catch (error) {
        if (signal.aborted) break
        logger.error({ error: error instanceof Error ? error.name : typeof error }, 'work failed; it rests')
        jobs.unshift(job)
        await rest(restMs, signal)
      }
    }
    waiting.delete(lane)
  }

  return {
    add(lane, job) {
      if (signal.aborted) return
      const jobs = waiting.get(lane)
      if (jobs !== undefined) {
        jobs.push(job)
        return
      }
      const started: Job[] = [job]
      waiting.set(lane, started)
      const draining = drain(started, lane).finally(() => running.delete(draining))
      running.add(draining)
    },
    async close() {
      await Promise.all(running)
    },
  }
}

/**
 * Resolves early when the signal aborts. cockatiel's `retry` would wait to the end of its pause, and try once more then: a
 * server would stop late.
 */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
