/** The fault run of `pnpm bench faults`, with few faults; and its checker. */
import {
  brokenBounds,
  checkAgainst,
  compare,
  type Device,
  faultsReportOf,
  runFaults,
} from '@chat-widget/bench'
import { describe, expect, it } from 'vitest'

it('[DL11] 20 faults of servers, Redis and PostgreSQL lose, double and reorder nothing, and show nobody another’s messages', async () => {
  const options = { seed: Number(process.env.FAULTS_SEED ?? 20), broker: 'redis' } as const
  const run = { ...options, faults: 20, customers: 6, everyMs: 600, outageMs: 2_000, crossings: 0 }
  const figures = await runFaults(run)
  const problems = [...figures.examples, ...figures.failures]
  expect(brokenBounds(faultsReportOf(figures, options)), problems.join('\n')).toEqual([])
  expect([...figures.faults.values()].reduce((sum, times) => sum + times, 0)).toBe(20)
  expect(figures.acknowledged).toBeGreaterThan(figures.devices)
})

describe('the checker', () => {
  const row = (seq: number, text = `customer-0/0 ${seq}`) => ({
    ...{ conversationId: 'a', clientId: `id ${text}`, seq, text },
  })
  const shows = (rows: readonly ReturnType<typeof row>[], written: readonly string[] = []) =>
    ({
      ...{ name: 'customer-0/0', owner: 'customer-0', written },
      client: {
        getState: () => ({
          conversation: { id: 'a' },
          timeline: { items: rows.map((message) => ({ kind: 'stored', message })) },
        }),
      },
    }) as unknown as Device
  const all = [row(1), row(2), row(3)]
  const found = (
    stored: readonly ReturnType<typeof row>[],
    shown: readonly ReturnType<typeof row>[] = stored,
    written?: readonly string[],
    acknowledged: readonly object[] = [],
  ) => {
    const load = { devices: [shows(shown, written)], acknowledged: acknowledged as never }
    const { lost, doubled, reordered, strangers } = compare(load, new Map([['a', stored]]))
    return { lost, doubled, reordered, strangers }
  }
  const nothing = { lost: 0, doubled: 0, reordered: 0, strangers: 0 }

  it('finds nothing where all is well', () => {
    expect(found(all, all, ['customer-0/0 1', 'customer-0/0 2'], all)).toEqual(nothing)
  })

  it('finds what was acknowledged and is not stored, and what is stored and not shown', () => {
    expect(found(all, all, [], [row(4)])).toEqual({ ...nothing, lost: 1 })
    expect(found(all, all, [], [{ ...row(3), seq: 2 }])).toEqual({ ...nothing, lost: 1 })
    expect(found(all, [row(1), row(3)])).toEqual({ ...nothing, lost: 1 })
  })

  it('finds what is stored or shown twice', () => {
    const again = { ...row(4, 'customer-0/0 3'), clientId: 'another' }
    expect(found([...all, again])).toEqual({ ...nothing, doubled: 1 })
    expect(found(all, [...all, row(3)])).toEqual({ ...nothing, doubled: 1 })
  })

  it('finds gaps, another order of the sender, and another order on a device', () => {
    expect(found([row(1), row(3)]).reordered).toBe(1)
    expect(found(all, all, ['customer-0/0 2', 'customer-0/0 1']).reordered).toBe(1)
    expect(found(all, [row(1), row(3), row(2)]).reordered).toBe(1)
  })

  it('counts nothing as lost that was acknowledged after the database was read', async () => {
    const acknowledged = [...all] as object[]
    const load = { devices: [shows(all)], acknowledged: acknowledged as never }
    const read = async () => {
      acknowledged.push(row(4))
      return new Map([['a', all]])
    }
    expect((await checkAgainst(load, read)).lost).toBe(0)
    acknowledged.push(row(5))
    expect((await checkAgainst(load, async () => new Map([['a', all]]))).lost).toBe(2)
  })

  it('finds what another person sees', () => {
    expect(found([...all, row(4, 'customer-7/1 4')]).strangers).toBe(1)
  })
})
