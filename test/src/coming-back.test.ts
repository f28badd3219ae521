/** Clients whose server is killed come back by themselves: a small run of `pnpm bench coming-back`. */
import { brokenBounds, comingBackReportOf, measureComingBack } from '@chat-widget/bench'
import { describe, expect, it } from 'vitest'

describe('clients whose server ended', () => {
  it('[DL17] [DL8] are all back after kill -9, each with what it wrote meanwhile', async () => {
    const loss = { name: 'after kill -9', signal: 'SIGKILL', awayMs: 500 } as const
    const figures = await measureComingBack({ clients: 50, losses: [loss], restMs: 0 })
    expect(figures.returns.map(({ times }) => times.length)).toEqual([50])
    expect(figures.acknowledged).toBe(50)
  })

  const after = (times: readonly number[], cpuMs = 100) => ({
    ...{ clients: 2, steadyMs: 100, acknowledged: 2 },
    returns: [{ loss: { name: 'after kill -9', signal: 'SIGKILL', awayMs: 0 } as const, times, cpuMs }],
  })
  const broken = (figures: ReturnType<typeof after>) => brokenBounds(comingBackReportOf(figures))

  it('break a bound where they come late, cost too much, or lose a message', () => {
    expect(broken(after([100, 9_900]))).toEqual([])
    expect(broken(after([100, 11_000]))).toEqual([
      expect.stringContaining('all are back after kill -9 is 11 s,'),
    ])
    expect(broken(after([100, 200], 210))).toEqual([
      expect.stringContaining('CPU after kill -9 ÷ of a steady start is 2.1,'),
    ])
    expect(broken({ ...after([100, 200]), acknowledged: 1 })).toEqual([
      expect.stringContaining('not acknowledged is 1,'),
    ])
  })
})
