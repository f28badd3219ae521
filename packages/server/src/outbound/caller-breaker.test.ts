import { describe, expect, it } from 'vitest'
import { type Caller, CircuitOpenError, createCallerBreaker } from './caller-breaker.ts'

const caller = (n: number): Caller => ({ visitor: `visitor-${n}`, network: `network-${n}` })

function setUp() {
  const clock = { time: 0 }
  let calls = 0
  const breaker = createCallerBreaker({
    failures: 2,
    networks: 3,
    openMs: 1_000,
    isFailure: (error) => error === 'down',
    now: () => clock.time,
  })
  const run = (outcome: 'up' | 'down' | 'given up', by = caller(9)) =>
    breaker.run(by, async () => {
      calls += 1
      if (outcome !== 'up') throw outcome
      return outcome
    })
  const fail = async (...by: readonly number[]) => {
    for (const n of by) await expect(run('down', caller(n))).rejects.toBe('down')
  }
  return { clock, breaker, run, fail, calls: () => calls }
}
const OPEN = { name: 'CircuitOpenError' }

describe('a circuit', () => {
  it('opens after so many networks failed in a row, and calls nobody while it is open', async () => {
    const { clock, run, fail, calls } = setUp()
    await fail(1, 2)
    expect(await run('up')).toBe('up')
    await fail(1, 2, 3)
    expect(calls()).toBe(6)
    clock.time = 999
    await expect(run('up')).rejects.toBeInstanceOf(CircuitOpenError)
    expect(calls()).toBe(6)
  })

  it('then lets one call of each network probe, and closes or opens again by what comes of them', async () => {
    const { clock, breaker, run, fail, calls } = setUp()
    await fail(1, 2, 3)
    clock.time = 1_000
    let answer = (_value: string) => {}
    const probe = breaker.run(caller(1), () => new Promise<string>((resolve) => (answer = resolve)))
    await expect(run('up', { ...caller(2), network: caller(1).network })).rejects.toMatchObject(OPEN)
    await fail(4)
    answer('back')
    expect(await probe).toBe('back')
    expect(await run('up')).toBe('up')

    await fail(5, 6, 7)
    clock.time = 2_000
    await fail(5, 6, 7)
    clock.time = 2_999
    const before = calls()
    await expect(run('up')).rejects.toMatchObject(OPEN)
    expect(calls()).toBe(before)
    clock.time = 3_000
    expect(await run('up')).toBe('up')
  })

  it('takes no notice of a call that was given up; another one may probe then', async () => {
    const { clock, run, fail } = setUp()
    await fail(1, 2)
    await expect(run('given up')).rejects.toBe('given up')
    await fail(3)
    clock.time = 1_000
    await expect(run('given up')).rejects.toBe('given up')
    expect(await run('up')).toBe('up')
  })

  it('is not opened again by a call from before it opened', async () => {
    const { clock, breaker, run, fail } = setUp()
    let break_ = (_error: string) => {}
    const slow = breaker.run(caller(8), () => new Promise<string>((_resolve, reject) => (break_ = reject)))
    await fail(1, 2, 3)
    clock.time = 1_000
    expect(await run('up')).toBe('up')
    break_('down')
    await expect(slow).rejects.toBe('down')
    expect(await run('up')).toBe('up')
  })

  it('is not opened by one visitor, whose own calls rest instead', async () => {
    const { clock, run, fail, calls } = setUp()
    await fail(1, 1)
    for (let i = 0; i < 5; i += 1) await expect(run('down', caller(1))).rejects.toMatchObject(OPEN)
    expect(calls()).toBe(2)
    expect(await run('up', { ...caller(2), network: caller(1).network })).toBe('up')
    clock.time = 1_000
    await fail(1)
    await expect(run('up', caller(1))).rejects.toMatchObject(OPEN)
    clock.time = 2_000
    expect(await run('up', caller(1))).toBe('up')
    await fail(1)
    expect(await run('up', caller(1))).toBe('up')
  })

  it('lets those who failed probe again, where there are no others', async () => {
    const { clock, run, fail } = setUp()
    await fail(1, 2, 3)
    clock.time = 1_000
    await fail(1)
    await expect(run('up', caller(1))).rejects.toMatchObject(OPEN)
    clock.time = 2_000
    expect(await run('up', caller(1))).toBe('up')
  })
})
