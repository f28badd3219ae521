import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { createHourlyPurge, type Purge } from './hourly-purge.ts'
import { createUpkeep } from './upkeep.ts'

const DAY_MS = 24 * 3_600_000

function recordingLogger() {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { logger, lines }
}

it('[DL9] goes on with the rest where one kind cannot be deleted, and names that one', async () => {
  const { logger, lines } = recordingLogger()
  const failing: Purge = { name: 'broken', run: () => Promise.reject(new Error('a lock')) }
  const left = { first: 3, last: 250 }
  const purgeOf = (name: keyof typeof left): Purge => ({
    name,
    async run(limit) {
      const deleted = Math.min(limit, left[name])
      left[name] -= deleted
      return { deleted, isDone: left[name] === 0 }
    },
  })
  const purges = async () => [purgeOf('first'), failing, purgeOf('last')]
  const purge = createHourlyPurge({ of: 'things', purges, logger })
  purge.start()
  await vi.waitFor(() => expect(lines).toHaveLength(2))
  expect(lines[0]).toMatchObject({ level: 50, purge: 'broken', err: { message: 'a lock' } })
  expect(lines[1]).toMatchObject({ first: 3, last: 250 })
  expect(left).toEqual({ first: 0, last: 0 })
  await purge.close()
})

it('[DL9] walks through each kind to its end, in small steps, after a look at the statistics', async () => {
  const { logger, lines } = recordingLogger()
  const calls: unknown[] = []
  const upkeep = createUpkeep({
    storage: {
      upkeep: {
        async purge(what, before, { limit, after }) {
          if (what !== 'users') return { deleted: 0, next: null }
          calls.push([limit, after, before])
          return { deleted: 0, next: after === null ? { at: 7, key: 'seven' } : null }
        },
        refreshStatistics: async () => void calls.push('statistics'),
      },
    },
    logger,
    now: () => 31 * DAY_MS,
  })
  upkeep.start()
  await vi.waitFor(() => expect(lines).toHaveLength(1))
  await upkeep.close()
  expect(calls).toEqual(['statistics', [200, null, DAY_MS], [200, { at: 7, key: 'seven' }, DAY_MS]])
})
