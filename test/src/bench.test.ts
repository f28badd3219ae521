/** The measurements of `pnpm bench`, at a size at which nothing is measured: that they still run, and what they check. */
import {
  brokenBounds,
  measureWaiting,
  reportOf,
  requireOpenFiles,
  table,
  type WaitingFigures,
} from '@chat-widget/bench'
import { describe, expect, it } from 'vitest'

describe('callers that wait for authentication requests', () => {
  it('are all answered with what was decided for them, and only then', async () => {
    const figures = await measureWaiting({ callers: 50, inFlight: 5, seed: 4, timeoutMs: 60_000 })
    expect(figures).toMatchObject({ callers: 50, wronglyAnswered: 0, answeredEarly: 0 })
    expect(figures.approved + figures.denied).toBe(50)
    expect(figures.approved).toBeGreaterThan(0)
    expect(figures.denied).toBeGreaterThan(0)
    for (const times of [
      figures.fromDecided,
      figures.fromSent,
      figures.fromSentOfFew,
      figures.decisions,
      figures.bare,
    ]) {
      expect(times).toHaveLength(50)
      expect(times.every((time) => Number.isFinite(time) && time >= 0)).toBe(true)
    }
    expect(table(reportOf(figures))).toContain('50 callers wait at once')
  })

  const good: WaitingFigures = {
    callers: 2,
    approved: 1,
    denied: 1,
    wronglyAnswered: 0,
    answeredEarly: 0,
    acceptMs: 1,
    decideMs: 1,
    fromDecided: [1, 1],
    fromSent: [2, 2],
    fromSentOfFew: [2, 2],
    decisions: [2, 2],
    bare: [1, 1],
    memoryPerCaller: 10_000,
  }

  it('break no bound when all is well', () => {
    expect(brokenBounds(reportOf(good))).toEqual([])
  })

  it.each<[string, Partial<WaitingFigures>]>([
    ['callers without their answer is 1,', { denied: 0 }],
    ['callers with another answer is 1,', { wronglyAnswered: 1 }],
    ['callers answered before the decision is 1,', { answeredEarly: 1 }],
    ['p99, decision answered to caller answered ÷ bare is 100,', { fromDecided: [1, 100] }],
    ['p99, decision sent to caller answered ÷ bare is 100,', { fromSent: [1, 100] }],
    ['p50 of the same ÷ with few callers waiting is 4,', { fromSentOfFew: [0.5, 0.5] }],
    ['memory of the server per waiting caller is 977 KiB,', { memoryPerCaller: 1_000_000 }],
  ])('break a bound: %s', (problem, changes) => {
    expect(brokenBounds(reportOf({ ...good, ...changes }))).toEqual([expect.stringContaining(problem)])
  })

  it('break a bound where nothing was measured', () => {
    expect(brokenBounds(reportOf({ ...good, fromDecided: [] }))).toHaveLength(1)
  })

  it('are not begun where a process may open too few files, and it is said what to do', () => {
    expect(() => requireOpenFiles(5_020, 1_024)).toThrow(
      '5020 connections need 5220 open files, and a process may have 1024 here: raise it with `ulimit -n 5220`',
    )
    expect(() => requireOpenFiles(5_020, 5_220)).not.toThrow()
  })
})
