/** The contract of jobs, and of the queue that runs them. */
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { createJobQueue, JobFailure, type JobHandler, type JobQueue } from '../jobs/job-queue.ts'
import { type Fixture, START } from './contract-fixture.testing.ts'
import type { JobStorage, LeasedJob, NewJob } from './job-storage.ts'

/** Longer than a queue's own, so that its renewals are seen. */
const LEASE_MS = 30_000
const logger = pino({ level: 'silent' })

export function jobContract(fixture: Fixture): void {
  const jobs = () => fixture.storage.jobs
  /** The clock of all nodes. */
  let at = START
  let open: JobQueue[] = []
  afterEach(async () => {
    await Promise.all(open.map((queue) => queue.close()))
    open = []
    at = START
  })

  const job = (key: string, changes: Partial<NewJob<'upkeep'>> = {}): NewJob<'upkeep'> => ({
    ...{ kind: 'upkeep', payload: null, key, lane: key, dueAt: START, createdAt: START },
    ...changes,
  })
  const lease = (owner: string, limit = 10) =>
    jobs().lease({ kind: 'upkeep', owner, held: [], at, until: at + LEASE_MS, limit })
  const keys = (leased: readonly LeasedJob[]) => leased.map(({ key }) => key)
  const only = ([one]: readonly LeasedJob[]): LeasedJob => {
    if (one === undefined) throw new Error('there is no job')
    return one
  }
  /** A node's queue; `wake()` it after the clock was set. */
  const node = (handler: Partial<JobHandler<'upkeep'>>, storage: JobStorage = jobs()): JobQueue => {
    // No look by the clock: it would hide one that was missed.
    const queue = createJobQueue({ jobs: storage, logger, now: () => at, tuning: { pollMs: 600_000 } })
    queue.handle('upkeep', {
      ...{ atOnce: 10, tries: 3, backoff: { baseMs: 1_000, capMs: 1_000 }, run: async () => [] },
      ...handler,
    })
    open.push(queue)
    return queue
  }
  const counted = async () => (await jobs().count()).map(({ pending, failed }) => ({ pending, failed }))
  const left = (pending: number, failed = 0) =>
    expect.poll(counted).toEqual(pending + failed === 0 ? [] : [{ pending, failed }])

  it('[JB1] keeps a job of a kind and a key once, also one that was given up', async () => {
    await jobs().add([job('one'), job('two')])
    await jobs().add([job('one')])
    const [one, two] = await lease('node')
    expect(keys([one!, two!])).toEqual(['one', 'two'])
    await jobs().fail(one!, START)
    await jobs().add([job('one')])
    expect(await lease('other')).toEqual([])
    expect(await counted()).toEqual([{ pending: 1, failed: 1 }])
    await fixture.reopen()
    expect(await fixture.storage.upkeep.purge('failed jobs', START + 1, { limit: 9, after: null })).toEqual({
      ...{ deleted: 1, next: null },
    })
    expect(await counted()).toEqual([{ pending: 1, failed: 0 }])
  })

  it('[JB1] is not run before its time', async () => {
    await jobs().add([job('later', { dueAt: START + 10 }), job('now')])
    expect(keys(await lease('node'))).toEqual(['now'])
    expect(await jobs().nextDue(['upkeep'], START)).toBe(START + 10)
    at = START + 10
    expect(keys(await lease('node'))).toEqual(['later'])
  })

  it('[JB2] a job has one lease: nodes that ask at once share the jobs', async () => {
    const all = Array.from({ length: 40 }, (_, index) => `job ${index}`)
    await jobs().add(all.map((key) => job(key)))
    const leased = await Promise.all(Array.from({ length: 8 }, (_, node) => lease(`node ${node}`, 10)))
    // A node that met another may have got fewer than were left.
    const rest = await lease('last', 40)
    expect([...leased.flat(), ...rest].map(({ key }) => key).toSorted()).toEqual(all.toSorted())
  })

  it('[JB2] a lease that is renewed stays; one that is not ends, and its holder stores nothing any more', async () => {
    await jobs().add([job('kept'), job('lost')])
    const [kept, lost] = await lease('paused')
    at = START + LEASE_MS - 1
    expect(await lease('other')).toEqual([])
    expect(await jobs().renew('paused', [kept!.id], at + LEASE_MS)).toEqual([kept!.id])
    at = START + LEASE_MS
    const again = only(await lease('other'))
    expect(again).toEqual({ ...lost, owner: 'other', attempts: 2 })
    expect(await jobs().renew('paused', [kept!.id, lost!.id], at)).toEqual([kept!.id])
    for (const end of [jobs().retry(lost!, at), jobs().fail(lost!, at), jobs().release(lost!)]) await end
    expect(await jobs().done(lost!, [job('never')])).toBe(false)
    expect(await lease('third')).toEqual([kept].map((one) => ({ ...one, owner: 'third', attempts: 2 })))
    expect(await jobs().done(again, [job('next')])).toBe(true)
    expect(await jobs().done(again, [job('twice')])).toBe(false)
    expect(keys(await lease('third'))).toEqual(['next'])
  })

  it('[JB2] a node that renews too late goes on with its job, and does not begin it once more', async () => {
    await jobs().add([job('one')])
    let ends: (() => void)[] = []
    const queue = node({
      run: () =>
        new Promise((resolve) => {
          ends = [...ends, () => resolve([])]
        }),
    })
    queue.start()
    await expect.poll(() => ends).toHaveLength(1)
    at = START + 2 * LEASE_MS
    await jobs().add([job('two')])
    queue.wake()
    // The second one is leased, in the same look.
    await expect.poll(() => ends).toHaveLength(2)
    for (const end of ends) end()
    await left(0)
    expect(ends).toHaveLength(2)
  })

  it('[JB2] another node goes on where one died', async () => {
    await jobs().add([job('one')])
    await lease('dead')
    const ran: number[] = []
    const queue = node({
      async run({ attempts }) {
        ran.push(attempts)
        return []
      },
    })
    queue.start()
    at = START + LEASE_MS
    queue.wake()
    await left(0)
    expect(ran).toEqual([2])
  })

  it('[JB3] runs a lane in order and one at a time, on two nodes, and lanes side by side', async () => {
    const order: string[] = []
    const atOnce = new Set<string>()
    const run: JobHandler<'upkeep'>['run'] = async ({ lane, key }) => {
      expect(atOnce.has(lane)).toBe(false)
      atOnce.add(lane)
      order.push(key)
      await Promise.resolve()
      atOnce.delete(lane)
      return key === 'a 1' ? [job('a 1.1', { lane: 'a' }), job('a 1.2', { lane: 'a' })] : []
    }
    const lanes = ['a', 'b', 'c'].flatMap((lane) =>
      [1, 2, 3, 4].map((step) => ({ lane, key: `${lane} ${step}` })),
    )
    await jobs().add(lanes.map(({ lane, key }) => job(key, { lane })))
    for (const queue of [node({ run }), node({ run })]) queue.start()
    await left(0)
    const of = (lane: string) => order.filter((key) => key.startsWith(lane))
    expect(of('a')).toEqual(['a 1', 'a 1.1', 'a 1.2', 'a 2', 'a 3', 'a 4'])
    for (const lane of ['b', 'c']) expect(of(lane)).toEqual([1, 2, 3, 4].map((step) => `${lane} ${step}`))
  })

  it('[JB3] a job that is tried again holds up its lane; one that is given up does not', async () => {
    await jobs().add([job('a 1', { lane: 'a' }), job('a 2', { lane: 'a' }), job('b', { lane: 'b' })])
    const [first, beside] = await lease('node')
    expect(keys([first!, beside!])).toEqual(['a 1', 'b'])
    await jobs().retry(first!, START + 5)
    expect(await lease('node')).toEqual([])
    at = START + 5
    const again = only(await lease('node'))
    expect([again.key, again.attempts]).toEqual(['a 1', 2])
    await jobs().fail(again, at)
    expect(keys(await lease('node'))).toEqual(['a 2'])
  })

  it('[JB4] tries again after a pause, and gives up after so many tries', async () => {
    await jobs().add([job('bad'), job('good')])
    const tries: string[] = []
    const queue = node({
      async run({ key }) {
        tries.push(key)
        if (key === 'bad') throw new Error('no')
        return []
      },
    })
    queue.start()
    for (const round of [1, 2]) {
      await left(1)
      await expect.poll(() => tries.filter((key) => key === 'bad')).toHaveLength(round)
      await expect.poll(() => jobs().nextDue(['upkeep'], at)).toBeLessThanOrEqual(at + 1_000)
      at += 1_000
      queue.wake()
    }
    await left(0, 1)
    expect(tries.toSorted()).toEqual(['bad', 'bad', 'bad', 'good'])
  })

  it('[JB4] a job that becomes due while its queue looks for jobs runs at once, not at the next look', async () => {
    await jobs().add([job('soon', { dueAt: START + 10 })])
    const ran: number[] = []
    const slow: JobStorage = {
      ...jobs(),
      async lease(request) {
        const leased = await jobs().lease(request)
        at = Math.max(at, START + 20)
        return leased
      },
    }
    const queue = node(
      {
        async run() {
          ran.push(at)
          return []
        },
      },
      slow,
    )
    queue.start()
    await left(0)
    expect(ran).toEqual([START + 20])
  })

  it('[JB4] a try that ended its server counts', async () => {
    await jobs().add([job('poison')])
    for (let crash = 0; crash < 3; crash += 1) {
      await lease(`dead ${crash}`)
      at += LEASE_MS
    }
    let ran = 0
    const queue = node({
      async run() {
        ran += 1
        return []
      },
    })
    queue.start()
    await left(0, 1)
    expect(ran).toBe(0)
  })

  it('[JB5] stores what a job leads to when it is done; the same key again is a new job by then', async () => {
    await jobs().add([job('hourly')])
    let runs = 0
    const queue = node({
      async run() {
        runs += 1
        return [job('hourly', { dueAt: at + 3_600_000 })]
      },
    })
    queue.start()
    await expect.poll(() => jobs().nextDue(['upkeep'], at + LEASE_MS)).toBe(at + 3_600_000)
    expect([runs, await counted()]).toEqual([1, [{ pending: 1, failed: 0 }]])
  })

  it('[JB6] a node that stops gives its jobs back, and another takes them at once', async () => {
    await jobs().add([job('one'), job('two')])
    const signals: AbortSignal[] = []
    const stopping = node({
      atOnce: 1,
      run: ({ signal }) =>
        new Promise((_, reject) => {
          signals.push(signal)
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    let told = 0
    stopping.onLeft(() => {
      told += 1
    })
    stopping.start()
    // [JB7] The other one waits in the database.
    await expect.poll(() => signals).toHaveLength(1)
    expect(told).toBe(1)
    await stopping.close()
    expect(told).toBe(2)
    expect(signals).toHaveLength(1)
    expect((await lease('other')).map(({ key, attempts }) => ({ key, attempts }))).toEqual([
      { key: 'one', attempts: 1 },
      { key: 'two', attempts: 1 },
    ])
  })

  it('[JB6] a job that ends while its node stops is done', async () => {
    await jobs().add([job('one')])
    let end: ((next: readonly NewJob[]) => void) | undefined
    const queue = node({
      run: () =>
        new Promise((resolve) => {
          end = resolve
        }),
    })
    queue.start()
    await expect.poll(() => end).toBeDefined()
    const closed = queue.close()
    end?.([])
    await closed
    expect(await counted()).toEqual([])
  })

  it('[JB7] runs so many of a kind at a time', async () => {
    await jobs().add(Array.from({ length: 20 }, (_, index) => job(`job ${index}`)))
    let running = 0
    let most = 0
    const queue = node({
      atOnce: 3,
      async run() {
        running += 1
        most = Math.max(most, running)
        await jobs().count()
        running -= 1
        return []
      },
    })
    queue.start()
    await left(0)
    expect(most).toBe(3)
  })

  it('[JB7] a receiver that hangs holds up its own jobs, however many, and no other’s', async () => {
    const hanging = Array.from({ length: 30 }, (_, index) => job(`a ${index}`, { receiver: 'hangs' }))
    const after = ['b', 'c'].map((key) => job(key, { receiver: key, dueAt: START + 1, createdAt: START + 1 }))
    await jobs().add([...hanging, ...after, job('nobody', { dueAt: START + 1 })])
    at = START + 1
    const ran: string[] = []
    let letGo: (() => void)[] = []
    const queue = node({
      ...{ atOnce: 10, ofReceiver: 3 },
      run: ({ receiver, key }) => {
        ran.push(key)
        return receiver === 'hangs'
          ? new Promise((resolve) => {
              letGo = [...letGo, () => resolve([])]
            })
          : Promise.resolve([])
      },
    })
    queue.start()
    await expect.poll(() => ran.toSorted()).toEqual(['a 0', 'a 1', 'a 2', 'b', 'c', 'nobody'])
    while (ran.length < 33) {
      for (const go of letGo.splice(0)) go()
      await jobs().count()
    }
    for (const go of letGo) go()
    await left(0)
  })

  it('[JB4] gives up after so long, at once where no try can help, and says why', async () => {
    await jobs().add([job('late'), job('refused'), job('behind', { lane: 'late' })])
    const problems: string[] = []
    const queue = createJobQueue({
      ...{ jobs: jobs(), now: () => at },
      logger: pino(
        { level: 'error' },
        { write: (line: string) => void problems.push(JSON.parse(line).problem) },
      ),
    })
    open.push(queue)
    queue.handle('upkeep', {
      ...{ atOnce: 10, tries: Number.POSITIVE_INFINITY, patienceMs: 5_000 },
      backoff: { baseMs: 1, capMs: 1 },
      async run({ key }) {
        if (key === 'behind') return []
        throw new JobFailure(`${key} 500`, key === 'refused')
      },
    })
    queue.start()
    await left(2, 1)
    at = START + 5_000
    queue.wake()
    await left(0, 2)
    expect(problems).toEqual(['refused 500', 'late 500'])
  })

  it('[JB3] the rest of a lane is not looked at before the job that holds it up', async () => {
    await jobs().add([job('a 1', { lane: 'a' }), job('a 2', { lane: 'a' }), job('b', { dueAt: START + 9 })])
    await jobs().retry(only(await lease('node')), START + 100, 'status 500')
    expect(await jobs().nextDue(['upkeep'], START)).toBe(START + 9)
    expect(await jobs().nextDue(['upkeep'], START + 9)).toBe(START + 100)
  })
}
