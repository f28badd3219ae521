/** The queue as operators and causes of jobs see it; its contract on both databases is `storage/contract-jobs.testing.ts`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NewJob } from '../storage/job-storage.ts'
import { addJobs } from '../storage/jobs.ts'
import type { Storage } from '../storage/storage.ts'
import { openTestStorage, releaseTestStorage, testDatabase } from '../storage/test-storage.testing.ts'
import { createUpkeep } from '../upkeep/upkeep.ts'
import { createJobQueue, type JobHandler, type JobQueue } from './job-queue.ts'

const START = Date.UTC(2026, 0, 1)
const DAY_MS = 24 * 3_600_000
const never = new AbortController().signal

let folder: string
let storage: Storage
let queue: JobQueue | undefined
let at: number
let lines: Record<string, unknown>[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chat-jobs-'))
  storage = await openTestStorage(folder)
  at = START
  lines = []
})
afterEach(async () => {
  await queue?.close()
  queue = undefined
  releaseTestStorage(folder)
  await rm(folder, { recursive: true, force: true })
})

const job = (key: string, lane = key): NewJob<'upkeep'> => ({
  ...{ kind: 'upkeep', payload: null, key, lane, dueAt: START, createdAt: START },
})
const logger = () => pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })

function begin(handler: Partial<JobHandler<'upkeep'>>): JobQueue {
  queue = createJobQueue({ jobs: storage.jobs, logger: logger(), now: () => at, tuning: { pollMs: 600_000 } })
  const defaults = { atOnce: 10, tries: 3, backoff: { baseMs: 1_000, capMs: 4_000 } }
  queue.handle('upkeep', { ...defaults, run: async () => [], ...handler })
  queue.start()
  return queue
}

it('[JB1] a job whose cause is rolled back is not there', async () => {
  const cause = testDatabase(folder).write(async (db) => {
    await addJobs(db, [job('never')])
    throw new Error('the cause failed')
  })
  await expect(cause).rejects.toThrow()
  expect(await storage.jobs.count()).toEqual([])
})

it('[JB7] a receiver that has some jobs gets no more than it may have at once, and others theirs', async () => {
  const of = (receiver: string, key: string) => ({ ...job(`${receiver} ${key}`), receiver })
  await storage.jobs.add([of('slow', '1'), of('slow', '2')])
  const ran: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const { wake } = begin({
    ofReceiver: 3,
    async run({ key }) {
      ran.push(key)
      await held
      return []
    },
  })
  await expect.poll(() => ran).toHaveLength(2)
  await storage.jobs.add([...'3456'].map((key) => of('slow', key)))
  await storage.jobs.add([of('quick', '1'), of('quick', '2')])
  wake()
  await expect.poll(() => ran.filter((key) => key.startsWith('quick'))).toHaveLength(2)
  expect(ran.filter((key) => key.startsWith('slow'))).toHaveLength(3)
  release()
  await expect.poll(() => ran).toHaveLength(8)
})

it('[JB3] a job that waits for its next try holds up its lane alone', async () => {
  await storage.jobs.add([job('bad', 'lane'), job('behind', 'lane'), job('beside')])
  const ran: string[] = []
  const isFixed = () => at > START
  const { wake } = begin({
    async run({ key }) {
      ran.push(key)
      if (key === 'bad' && !isFixed()) throw new Error('no')
      return []
    },
  })
  await expect.poll(() => storage.jobs.nextDue(['upkeep'], START)).toBeLessThanOrEqual(START + 1_000)
  await expect.poll(() => ran.toSorted()).toEqual(['bad', 'beside'])
  at += 1_000
  wake()
  await expect.poll(() => ran.slice(2)).toEqual(['bad', 'behind'])
})

it('[JB4] pauses are random below a bound that doubles up to its cap', async () => {
  // The longest pause that chance allows.
  vi.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON)
  await storage.jobs.add([job('bad')])
  const { wake } = begin({ tries: 5, run: () => Promise.reject(new Error('no')) })
  const pauses: number[] = []
  const pause = async () => Number(await storage.jobs.nextDue(['upkeep'], at)) - at
  for (let failures = 1; failures < 5; failures += 1) {
    await expect.poll(() => lines).toHaveLength(failures)
    // While its end is not stored, the job is due when its lease ends: later.
    await expect.poll(pause).toBeLessThan(5_000)
    pauses.push(await pause())
    at += pauses.at(-1) ?? 0
    wake()
  }
  expect(pauses).toEqual([999, 1_999, 3_999, 3_999])
})

it('[JB4] a job that is given up is logged as an error, without the words of its failure, and counted', async () => {
  await storage.jobs.add([job('bad')])
  begin({ tries: 1, run: () => Promise.reject(new TypeError('said by somebody')) })
  await expect.poll(() => storage.jobs.count()).toEqual([{ kind: 'upkeep', pending: 0, failed: 1 }])
  expect(lines).toMatchObject([{ level: 50, kind: 'upkeep', attempt: 1, problem: 'TypeError' }])
  expect(JSON.stringify(lines)).not.toContain('said by somebody')
})

it('[JB4] what was given up is kept for 30 days', async () => {
  await storage.jobs.add([job('bad')])
  const [leased] = await storage.jobs.lease({ ...lease, limit: 1 })
  await storage.jobs.fail(leased!, START)
  const upkeepAt = (now: number) =>
    createUpkeep({ storage, logger: logger(), now: () => now }).run({ ...leased!, signal: never })
  await upkeepAt(START + 30 * DAY_MS)
  expect(await storage.jobs.count()).toEqual([{ kind: 'upkeep', pending: 0, failed: 1 }])
  await upkeepAt(START + 30 * DAY_MS + 1)
  expect(await storage.jobs.count()).toEqual([])
})

it('[JB7] what is beyond the bound waits in the database, and runs when a place is free', async () => {
  await storage.jobs.add([job('first'), job('second')])
  const ends = new Map<string, () => void>()
  begin({
    atOnce: 1,
    run: ({ key }) => new Promise((resolve) => ends.set(key, () => resolve([]))),
  })
  await expect.poll(() => [...ends.keys()]).toEqual(['first'])
  // Nobody holds it, so another server could take it.
  expect(await storage.jobs.lease({ ...lease, limit: 1 })).toMatchObject([{ key: 'second', attempts: 1 }])
  ends.get('first')?.()
  await expect.poll(() => storage.jobs.count()).toEqual([{ kind: 'upkeep', pending: 1, failed: 0 }])
  at += 1
  queue?.wake()
  await expect.poll(() => [...ends.keys()]).toEqual(['first', 'second'])
  ends.get('second')?.()
})

/** Of another server, for a moment. */
const lease = { kind: 'upkeep', owner: 'other', held: [], at: START, until: START + 1 } as const
