import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import type { AppConfig } from '../config/config.ts'
import type { LeasedJob } from '../storage/job-storage.ts'
import { conversationPurges } from './conversation-purges.ts'
import { type Purge, runPurges } from './purges.ts'
import { createUpkeep, upkeepJob } from './upkeep.ts'

const DAY_MS = 24 * 3_600_000
const never = new AbortController().signal

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
  await runPurges([purgeOf('first'), failing, purgeOf('last')], { signal: never, logger })
  expect(lines[0]).toMatchObject({ level: 50, purge: 'broken', err: { message: 'a lock' } })
  expect(lines[1]).toMatchObject({ first: 3, last: 250 })
  expect(left).toEqual({ first: 0, last: 0 })
})

it('[JB6] stops between two steps, and is to be done again', async () => {
  const { logger, lines } = recordingLogger()
  const stop = new AbortController()
  const run = vi.fn(async () => {
    stop.abort()
    return { deleted: 200, isDone: false }
  })
  await expect(runPurges([{ name: 'many', run }], { signal: stop.signal, logger })).rejects.toThrow()
  expect([run.mock.calls, lines]).toEqual([[[200]], []])
})

it('[DL9] walks through each kind to its end, in small steps, after a look at the statistics, every hour', async () => {
  const { logger } = recordingLogger()
  const calls: unknown[] = []
  const now = 31 * DAY_MS
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
    now: () => now,
  })
  const { dueAt: _, ...facts } = upkeepJob(now)
  const leased: LeasedJob<'upkeep'> = { ...facts, id: 'one', attempts: 1, owner: 'node' }
  const next = await upkeep.run({ ...leased, signal: never })
  expect(calls).toEqual(['statistics', [200, null, DAY_MS], [200, { at: 7, key: 'seven' }, DAY_MS]])
  expect(next).toEqual([upkeepJob(now, now + 3_600_000)])
})

it('[PD3] conversations end in the apps that say so, a few at a time', async () => {
  const { logger, lines } = recordingLogger()
  const calls: unknown[] = []
  let left = 25
  const purges = conversationPurges({
    storage: {
      persons: {
        async purgeConversations(app: string, before: number, limit: number) {
          calls.push([app, before])
          const deleted = Math.min(limit, left)
          left -= deleted
          return deleted
        },
      } as never,
    },
    apps: [{ id: 'shop', keepDays: { conversations: 30 } }, { id: 'other' }] as unknown as AppConfig[],
    now: () => 31 * DAY_MS,
  })
  await runPurges(purges, { signal: never, logger })
  expect(calls).toEqual([1, 2, 3, 4].map(() => ['shop', DAY_MS]))
  expect(lines[0]).toMatchObject({ 'conversations of shop': 25 })
})
