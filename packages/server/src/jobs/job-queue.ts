/** Runs stored jobs: leases those that are due, renews their leases, and stores how each ended ([JB1] to [JB7]). */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { fullJitterMs, type JitterBounds } from '../full-jitter.ts'
import type { JobKind, JobStorage, LeasedJob, NewJob } from '../storage/job-storage.ts'
import { createBackgroundTask } from './background-task.ts'
import { untilStored } from './until-stored.ts'

export interface RunningJob<Kind extends JobKind> extends LeasedJob<Kind> {
  /** Aborts when the server stops, or when another node has taken the job. */
  readonly signal: AbortSignal
}

export interface JobHandler<Kind extends JobKind> {
  /** Jobs of the kind that run on this node at a time; further ones wait in the database. */
  readonly atOnce: number
  /** Of those, jobs that call one receiver. Default: as many. */
  readonly ofReceiver?: number
  /** Tries before it is given up; `Infinity` for work that has to be done some day. */
  readonly tries: number
  /** Time after it was stored from which a failed try is the last one. Milliseconds. Default: none. */
  readonly patienceMs?: number
  /** Pauses between tries. */
  readonly backoff: JitterBounds
  /**
   * Resolves when the job is done, with the jobs that it leads to. A rejection is a failed try. Run again after a crash,
   * so its effects are recognised by the job's key.
   */
  run(job: RunningJob<Kind>): Promise<readonly NewJob[]>
}

/** Thrown by a handler to say why a try failed, in words without content: they are logged and kept. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure'
  readonly reason: string
  /** True if no further try can help. */
  readonly isFinal: boolean

  constructor(reason: string, isFinal = false) {
    super(reason)
    this.reason = reason
    this.isFinal = isFinal
  }
}

export interface JobQueueOptions {
  readonly jobs: JobStorage
  readonly logger: Logger
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number
  readonly tuning?: Partial<JobTuning> | undefined
}

export interface JobTuning {
  /** A lease is renewed three times before it would end. Milliseconds. */
  readonly leaseMs: number
  /** Longest time between two looks at the database. Milliseconds. */
  readonly pollMs: number
  /** Pause after the database failed. Milliseconds. */
  readonly restMs: number
}

export interface JobQueue {
  /** Says who runs the jobs of a kind. Before the start; jobs of other kinds are left to other nodes. */
  handle<Kind extends JobKind>(kind: Kind, handler: JobHandler<Kind>): void
  /** Called when due jobs are left to other nodes: at most once a second, and at the stop. */
  onLeft(tell: () => void): void
  start(): void
  /** Looks for jobs now, once it is started. Default: of every kind. */
  wake(kind?: JobKind): void
  /** Looks for jobs no later than at this time, at which one that was stored is due. */
  expect(dueAt: number): void
  /** Takes no more jobs, and resolves when those under way are done or given back. Idempotent. */
  close(): Promise<void>
}

type Handlers = { [Kind in JobKind]?: JobHandler<Kind> }

type Outcome =
  | { readonly kind: 'done'; readonly next: readonly NewJob[] }
  | { readonly kind: 'retry'; readonly dueAt: number; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'released' }

const TUNING: JobTuning = { leaseMs: 15_000, pollMs: 5_000, restMs: 2_000 }
const TELL_EVERY_MS = 1_000

export function createJobQueue({ jobs, logger, now = Date.now, tuning }: JobQueueOptions): JobQueue {
  const { leaseMs, pollMs, restMs } = { ...TUNING, ...tuning }
  const owner = randomUUID()
  const stop = new AbortController()
  const handlers: Handlers = {}
  const running = new Map<string, Pick<LeasedJob, 'kind' | 'receiver'> & { readonly lost: AbortController }>()
  const ends = new Set<Promise<void>>()
  const wanted = new Set<JobKind>()
  const looking = createBackgroundTask({
    run: look,
    failure: 'jobs could not be leased',
    ...{ restMs, signal: stop.signal, logger },
  })
  let polling: NodeJS.Timeout | undefined
  let pollsAt = Number.POSITIVE_INFINITY
  let renewing: NodeJS.Timeout | undefined
  /** Time of the last renewal, or from which none was needed. */
  let renewedAt = now()
  let tellOthers: () => void = () => undefined
  let toldAt = Number.NEGATIVE_INFINITY
  let isStarted = false
  /** True if jobs were given back. */
  let isLeft = false

  const kinds = () => Object.keys(handlers) as JobKind[]

  async function look(): Promise<void> {
    const some = [...wanted]
    const began = now()
    for (const kind of some) {
      // Before the look, which a job that is stored meanwhile may have missed.
      wanted.delete(kind)
      try {
        await leaseOf(kind)
      } catch (error) {
        wanted.add(kind)
        throw error
      }
    }
    if (some.length < kinds().length) return
    // From before the leases: a job that became due after them is still to be leased.
    const next = await jobs.nextDue(kinds(), began)
    poll(next === null ? pollMs : next - now())
  }

  async function leaseOf(kind: JobKind): Promise<void> {
    const handler = handlers[kind]
    if (handler === undefined || stop.signal.aborted) return
    const { atOnce, ofReceiver = atOnce } = handler
    for (;;) {
      const free = atOnce - [...running.values()].filter((job) => job.kind === kind).length
      if (free <= 0 || stop.signal.aborted) return leave()
      const { busy, most } = receiversOf(kind, ofReceiver)
      // All may be of the one that has most.
      const limit = Math.min(free, ofReceiver - most)
      const at = now()
      const isLate = at - renewedAt > leaseMs / 2
      const held = isLate ? [...running.keys()] : []
      const leased = await jobs.lease({ kind, owner, held, at, until: at + leaseMs, limit, busy })
      for (const job of leased) start(job)
      if (leased.length < limit) return
    }
  }

  /** The receivers that may have no further job, and the number of jobs of the one that has most of the others. */
  function receiversOf(kind: JobKind, allowed: number) {
    const counts = new Map<string, number>()
    for (const job of running.values())
      if (job.kind === kind && job.receiver !== undefined)
        counts.set(job.receiver, (counts.get(job.receiver) ?? 0) + 1)
    const busy = [...counts].flatMap(([receiver, count]) => (count >= allowed ? [receiver] : []))
    return { busy, most: Math.max(0, ...[...counts.values()].filter((count) => count < allowed)) }
  }

  /** Looks at all kinds after so long, or before. */
  function poll(afterMs: number): void {
    const after = Math.min(pollMs, Math.max(0, afterMs))
    const at = performance.now() + after
    if (stop.signal.aborted || at >= pollsAt) return
    clearTimeout(polling)
    pollsAt = at
    polling = setTimeout(() => {
      pollsAt = Number.POSITIVE_INFINITY
      wake()
      // Even if this look fails.
      poll(pollMs)
    }, after)
  }

  function leave(): void {
    if (performance.now() - toldAt < TELL_EVERY_MS) return
    toldAt = performance.now()
    tellOthers()
  }

  function start<Kind extends JobKind>(job: LeasedJob<Kind>): void {
    const lost = new AbortController()
    const { kind, receiver } = job
    running.set(job.id, { kind, lost, ...(receiver !== undefined && { receiver }) })
    if (renewing === undefined) renewedAt = now()
    renewing ??= setInterval(() => void renew(), leaseMs / 3)
    const signal = AbortSignal.any([stop.signal, lost.signal])
    const end = run({ ...job, signal })
      .then((outcome) => store(job, outcome, lost.signal))
      .finally(() => {
        running.delete(job.id)
        ends.delete(end)
        if (running.size === 0) {
          clearInterval(renewing)
          renewing = undefined
        }
        wake(job.kind)
      })
    ends.add(end)
  }

  /** Never rejects. */
  async function run<Kind extends JobKind>(job: RunningJob<Kind>): Promise<Outcome> {
    const handler = handlers[job.kind]
    if (handler === undefined || job.signal.aborted) return { kind: 'released' }
    const { kind, id, attempts } = job
    const facts = { kind, job: id, attempt: attempts }
    // A job that ended its process each time counts as failed, too.
    if (attempts > handler.tries) {
      logger.error(facts, 'a job is given up')
      return { kind: 'failed', problem: 'ended its server' }
    }
    try {
      return { kind: 'done', next: await handler.run(job) }
    } catch (error) {
      if (job.signal.aborted) return { kind: 'released' }
      // Not the message, which may repeat what somebody wrote.
      const failure = error instanceof JobFailure ? error : null
      const problem = failure?.reason ?? (error instanceof Error ? error.name : typeof error)
      const isOver = now() - job.createdAt >= (handler.patienceMs ?? Number.POSITIVE_INFINITY)
      const isLast = attempts >= handler.tries || isOver || failure?.isFinal === true
      logger[isLast ? 'error' : 'warn'](
        { ...facts, problem },
        isLast ? 'a job is given up' : 'a job failed; it is tried again',
      )
      return isLast
        ? { kind: 'failed', problem }
        : { kind: 'retry', dueAt: now() + fullJitterMs(attempts, handler.backoff), problem }
    }
  }

  /** Until it is stored, as the effects of the job are there; the lease is renewed meanwhile. */
  async function store(job: LeasedJob, outcome: Outcome, lost: AbortSignal): Promise<void> {
    const { kind, id } = job
    const storing = untilStored(async () => (lost.aborted ? undefined : storeOnce(job, outcome)), {
      ...{ restMs, signal: AbortSignal.any([stop.signal, lost]) },
      onFailure: (err) => logger.error({ kind, job: id, err }, 'the end of a job could not be stored'),
    })
    // Logged. At a stop its lease ends, and another node runs the job.
    await storing.catch(() => undefined)
  }

  async function storeOnce(job: LeasedJob, outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'done':
        if (!(await jobs.done(job, outcome.next))) return
        for (const { kind, dueAt } of outcome.next) {
          if (dueAt <= now()) wake(kind)
          else poll(dueAt - now())
        }
        return
      case 'retry':
        await jobs.retry(job, outcome.dueAt, outcome.problem)
        return poll(outcome.dueAt - now())
      case 'failed':
        return jobs.fail(job, now(), outcome.problem)
      case 'released':
        await jobs.release(job)
        isLeft = true
        return
      default:
        return outcome satisfies never
    }
  }

  async function renew(): Promise<void> {
    const ids = [...running.keys()]
    try {
      const at = now()
      const held = new Set(await jobs.renew(owner, ids, at + leaseMs))
      renewedAt = at
      for (const id of ids) if (!held.has(id)) running.get(id)?.lost.abort()
    } catch (error) {
      logger.warn({ err: error }, 'the leases of jobs could not be renewed')
    }
  }

  function wake(kind?: JobKind): void {
    if (!isStarted || stop.signal.aborted) return
    for (const each of kind === undefined ? kinds() : [kind]) wanted.add(each)
    looking.ask()
  }

  return {
    handle(kind, handler) {
      Object.assign(handlers, { [kind]: handler })
    },
    onLeft(tell) {
      tellOthers = tell
    },
    start() {
      isStarted = true
      wake()
      poll(pollMs)
    },
    wake,
    expect(dueAt) {
      if (isStarted) poll(dueAt - now())
    },
    async close() {
      stop.abort()
      clearTimeout(polling)
      await looking.idle()
      await Promise.all(ends)
      if (isLeft) tellOthers()
      isLeft = false
      clearInterval(renewing)
    },
  }
}
