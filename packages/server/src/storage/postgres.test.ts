import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStorage } from './open-storage.ts'
import { startPostgres, type TestPostgres } from './postgres-server.testing.ts'
import { storageContract } from './storage-contract.testing.ts'

let postgres: TestPostgres

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

storageContract('PostgreSQL', async () => {
  const databaseUrl = await postgres.createDatabase()
  return {
    shared: true,
    open: () => openStorage({ databaseUrl, dataDir: '' }),
    remove: async () => undefined,
  }
})

describe('several servers on one PostgreSQL', () => {
  it('start at once on an empty database without colliding', async () => {
    const databaseUrl = await postgres.createDatabase()
    const opened = await Promise.allSettled(
      Array.from({ length: 6 }, () => openStorage({ databaseUrl, dataDir: '' })),
    )
    await Promise.all(opened.map((result) => (result.status === 'fulfilled' ? result.value.close() : null)))
    expect(opened.filter(({ status }) => status === 'rejected')).toEqual([])
  })
})

it('says unavailable when the database cannot be reached', async () => {
  const opening = openStorage({ databaseUrl: 'postgres://chat@127.0.0.1:1/chat', dataDir: '' })
  await expect(opening).rejects.toMatchObject({ code: 'unavailable' })
})
