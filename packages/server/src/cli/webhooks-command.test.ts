import type { AppId, UserId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import type { NewJob } from '../storage/job-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { runCommand, useCommandStorage } from './command-storage.testing.ts'

const AT = Date.UTC(2026, 0, 1)
let folder: string
let storage: Storage
useCommandStorage((opened) => {
  folder = opened.folder
  storage = opened.storage
})

const run = (...argv: readonly string[]) => runCommand(['webhooks', ...argv, '--data', folder])

const job = (key: string): NewJob<'webhook'> => ({
  ...{ kind: 'webhook', key, lane: key, receiver: 'webhook shop https://crm.example.com/chat' },
  ...{ dueAt: AT, createdAt: AT },
  payload: {
    ...{ app: 'shop' as AppId, webhook: 'a key', at: AT },
    event: { type: 'user.identified', userId: 'ada' as UserId, conversations: [] },
  },
})

const line = (key: string, state: string, tries: number, problem = '') =>
  `${[key, state, 'user.identified', 'shop', 'https://crm.example.com/chat', '2026-01-01T00:00:00.000Z', tries, problem].join('\t')}\n`

it('[WB4] lists deliveries that wait or were given up, and replays one or all, beside a running server', async () => {
  await storage.jobs.add([job('one'), job('two'), job('three')])
  const lease = () =>
    storage.jobs.lease({
      kind: 'webhook',
      owner: 'node',
      held: [],
      at: Date.now(),
      until: Date.now() + 60_000,
      limit: 2,
    })
  const [one, two] = await lease()
  await storage.jobs.fail(one!, AT, 'status 500')
  await storage.jobs.retry(two!, AT, 'timeout')
  expect(await run('list')).toEqual({
    ...{ code: 0, err: '' },
    out:
      line('one', 'given up', 1, 'status 500') +
      line('two', 'tried again', 1, 'timeout') +
      line('three', 'waits', 0),
  })
  expect((await run('list', '--failed')).out).toBe(line('one', 'given up', 1, 'status 500'))
  expect(await run('replay', 'one')).toEqual({ code: 0, out: 'replayed: 1\n', err: '' })
  expect((await run('list', '--failed')).out).toBe('')
  for (const leased of await lease()) await storage.jobs.fail(leased, AT, 'status 500')
  expect((await run('replay', 'all')).out).toBe('replayed: 2\n')
  expect(await run('replay', 'four')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no delivery four'),
  })
  expect(await run('replay')).toMatchObject({ code: 2 })
  expect(await run('show')).toMatchObject({ code: 2, err: expect.stringContaining('list, replay') })
})
