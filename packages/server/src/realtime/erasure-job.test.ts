/** [PD2] How often the database is cleaned after erasures. */
import { expect, it } from 'vitest'
import type { JobHandler } from '../jobs/job-queue.ts'
import type { JobKind, NewJob } from '../storage/job-storage.ts'
import { handleErasures } from './erasure-job.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const START = 1_800_000_003_000

/** The two jobs with a clock that stands still between steps. */
function startErasures() {
  let at = START
  const scrubs: number[] = []
  const handlers: Partial<Record<JobKind, JobHandler<never>>> = {}
  handleErasures(
    { handle: (kind, handler) => void Object.assign(handlers, { [kind]: handler }) },
    {
      storage: { persons: { scrub: async () => void scrubs.push(at) } as never },
      store: { remove: async () => undefined, removeUpload: async () => undefined },
      holders: [],
      broadcaster: {
        eraseSessions: () => undefined,
        conversationExpired: () => undefined,
        conversationsDeleted: () => undefined,
      },
      tellAgents: () => undefined,
      tellUnread: () => undefined,
      now: () => at,
    },
  )
  const run = async (kind: JobKind, payload: unknown) => {
    const job = { kind, payload, signal: new AbortController().signal }
    return (await handlers[kind]?.run(job as never)) as readonly NewJob[]
  }
  /** Stored as the job queue stores them: one of a key. */
  const waiting = new Map<string, NewJob>()
  return {
    scrubs: () => scrubs.length,
    waiting: () => [...waiting.values()].map(({ dueAt }) => dueAt - START),
    async erase(after: number) {
      at = START + after
      for (const job of await run('erasure', { sessions: [], files: [], isPerson: true }))
        if (!waiting.has(job.key)) waiting.set(job.key, job)
    },
    async scrub(after: number) {
      at = START + after
      for (const [key, { dueAt }] of waiting) {
        if (dueAt > at) continue
        await run('scrub', null)
        waiting.delete(key)
      }
    },
  }
}

it('[PD2] after the first erasure within 10 s, then once for all of the next hour', async () => {
  const { erase, scrub, scrubs, waiting } = startErasures()
  for (const after of [0, 1_000, 2_000]) await erase(after)
  expect(waiting()).toEqual([7_000])
  await scrub(7_000)
  expect(scrubs()).toBe(1)
  for (let minute = 1; minute < 60; minute += 1) {
    await erase(minute * MINUTE_MS)
    await scrub(minute * MINUTE_MS + 1)
  }
  expect(scrubs()).toBe(1)
  expect(waiting()).toEqual([7_000 + HOUR_MS])
  await scrub(7_000 + HOUR_MS)
  expect(scrubs()).toBe(2)
  // Long after that, at once again.
  await erase(5 * HOUR_MS)
  expect(waiting()).toEqual([5 * HOUR_MS + 7_000])
})

it('[PD2] an erasure within an hour waits no longer than that, also when the clock was set back', async () => {
  const { erase, scrub, waiting } = startErasures()
  await erase(0)
  await scrub(HOUR_MS)
  await erase(-HOUR_MS)
  expect(waiting()).toEqual([0])
})
