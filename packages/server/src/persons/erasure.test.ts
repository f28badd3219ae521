/** [PD1] [PD2] A customer is erased from a real server, its files, its backups, and from the devices. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type {
  AppId,
  Conversation,
  ConversationPage,
  ConversationSummary,
  FetchedMessages,
  WireError,
} from '@chat-widget/protocol'
import pg from 'pg'
import { afterEach, expect, it } from 'vitest'
import { authentication, signIn, startRealtime, type TestRealtime } from '../realtime/realtime.testing.ts'
import { bytesIn } from '../storage/dump.testing.ts'
import { migrate } from '../storage/migrations.ts'
import { plantPerson } from '../storage/person.testing.ts'
import { openPostgresDatabase } from '../storage/postgres-database.ts'
import { startPostgres } from '../storage/postgres-server.testing.ts'
import { createSqlStorage } from '../storage/sql-storage.ts'
import { backupSqlite } from '../storage/sqlite-backup.ts'

const APP = 'shop' as AppId
const BY = { kind: 'key' } as const
const WORDS = 1_000

let server: TestRealtime | null = null
afterEach(async () => {
  await server?.stop()
  server = null
})

/** Letters that all words of a person begin with. */
const BEGINNING = 5

/** The words that are in the folder's files. Looking for what they begin with is one search, not one for each. */
function found(folder: string, words: readonly string[]): readonly string[] {
  const missing = new Set(words)
  const lengths = new Set(words.map(({ length }) => length))
  for (const bytes of bytesIn(folder))
    for (const beginning of new Set(words.map((word) => word.slice(0, BEGINNING))))
      for (let at = bytes.indexOf(beginning); at !== -1; at = bytes.indexOf(beginning, at + 1))
        for (const length of lengths) missing.delete(bytes.slice(at, at + length))
  return words.filter((word) => !missing.has(word))
}

it('[PD2] on SQLite, none of 1,000 words is left in the database, its log, its files and a backup', async () => {
  let aheadMs = 0
  server = await startRealtime({ ownFile: true, now: () => Date.now() + aheadMs })
  const { storage, files, folder, jobs } = server
  const grace = await server.agents.add({
    name: 'Grace',
    email: 'grace@example.com',
    password: 'correct horse',
  })
  const at = Date.now()
  const planted = await plantPerson(storage, { mark: 'planted', count: WORDS, agentId: grace.id, at })
  const other = await plantPerson(storage, { mark: 'neighbour', agentId: grace.id, at })
  await files.store.keep(planted.fileId, Buffer.from(planted.words[0] ?? ''))
  // A word may lie on two pages, or be of work that was done meanwhile.
  expect(found(folder, planted.words).length).toBeGreaterThan(0.99 * WORDS - 1)
  await storage.persons.erase(
    { app: APP, userIdentifier: planted.userIdentifier, method: 'host' },
    { by: BY, at },
  )
  jobs.wake()
  const owed = () =>
    storage.jobs
      .count()
      .then((all) => all.flatMap(({ kind }) => (kind === 'erasure' || kind === 'scrub' ? [kind] : [])))
  await expect.poll(owed, { timeout: 60_000 }).toEqual([])
  expect(found(folder, [...planted.words, planted.replaced])).toEqual([])
  expect(found(folder, [planted.agentsWord])).toEqual([planted.agentsWord])
  // The next one shares a cleaning with all of the hour, and nothing of it is left after that.
  const next = await plantPerson(storage, { mark: 'later', agentId: grace.id, at })
  await storage.persons.erase(
    { app: APP, userIdentifier: next.userIdentifier, method: 'host' },
    { by: BY, at },
  )
  jobs.wake()
  await expect.poll(owed).toEqual(['scrub'])
  expect(found(folder, next.words).length).toBeGreaterThan(0)
  const list = { kind: 'scrub', onlyFailed: false, limit: 10 } as const
  const [scrub, ...more] = await storage.jobs.list(list)
  expect(more).toEqual([])
  const wait = scrub!.dueAt - Date.now()
  expect(wait).toBeGreaterThan(3_000_000)
  expect(wait).toBeLessThanOrEqual(3_600_000)
  aheadMs = wait
  jobs.wake()
  await expect.poll(owed, { timeout: 60_000 }).toEqual([])
  expect(found(folder, next.words)).toEqual([])
  expect(found(folder, other.words).length).toBeGreaterThan(0.9 * other.words.length)
  const backup = join(folder, 'backup.db')
  await backupSqlite({ dataDir: folder, file: backup })
  expect(found(folder, planted.words)).toEqual([])
})

it('[PD2] on PostgreSQL, none of 1,000 words is left in its tables’ files after a full vacuum', async () => {
  const postgres = await startPostgres()
  try {
    const url = await postgres.createDatabase()
    const database = await openPostgresDatabase(url)
    await migrate(database)
    const storage = createSqlStorage(database)
    const at = Date.now()
    const agent = await storage.agents.add({
      ...{ name: 'Grace', email: 'grace@example.com', passwordHash: 'x', role: 'agent', at },
    })
    const planted = await plantPerson(storage, { mark: 'planted', count: WORDS, agentId: agent.id, at })
    const other = await plantPerson(storage, { mark: 'neighbour', agentId: agent.id, at })
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query('show data_directory')
    const tables = join(rows[0].data_directory, 'base')
    await client.query('checkpoint')
    expect(found(tables, planted.words).length).toBeGreaterThan(900)
    await storage.persons.erase(
      { app: APP, userIdentifier: planted.userIdentifier, method: 'host' },
      { by: BY, at },
    )
    await storage.persons.scrub()
    // As docs/privacy.md says, at a quiet hour.
    await client.query('vacuum (full)')
    await client.query('checkpoint')
    expect(found(tables, [...planted.words, planted.replaced])).toEqual([])
    expect(found(tables, [planted.agentsWord])).toEqual([planted.agentsWord])
    expect(found(tables, other.words).length).toBeGreaterThan(50)
    await client.end()
    await storage.close()
  } finally {
    await postgres.stop()
  }
})

it('[PD5] agents who have the conversation open see what is left of it at once', async () => {
  server = await startRealtime()
  const { storage, jobs } = server
  const { device, ready } = await server.visitor()
  const { id } = ready.conversation!
  await device.send(id, 'my secret')
  await signIn(device)
  const { device: agent } = await server.agent()
  await agent.ask('conversation:watch', { conversationId: id })
  await agent.ask('message:send', {
    conversationId: id,
    clientId: randomUUID(),
    body: { text: 'A refund it is' },
  })
  await storage.persons.erase({ app: APP, userIdentifier: 'ada', method: 'host' }, { by: BY, at: Date.now() })
  jobs.wake('erasure')
  const last = () => agent.all<ConversationSummary>('conversation:updated').at(-1)
  await expect
    .poll(last)
    .toMatchObject({ id, erased: true, status: 'closed', visitor: { verified: false }, online: false })
  const { messages } = await agent.ask<FetchedMessages>('messages:fetch', { conversationId: id, limit: 50 })
  expect(new Set(messages.map(({ text }) => text))).toEqual(
    new Set(['Deleted by request.', 'A refund it is', 'Grace joined the conversation.']),
  )
  const request = { conversationId: id, clientId: randomUUID(), body: { text: 'Hello?' } }
  await expect(agent.ask('message:send', request)).rejects.toThrow('the customer was erased')
})

it('[PD5] agents are told at once that a conversation is gone in which none of them wrote', async () => {
  server = await startRealtime()
  const { storage, jobs } = server
  const { device } = await server.visitor({ intent: 'identify' })
  const { conversationId } = await signIn(device)
  await device.send(conversationId, 'my secret')
  const { device: agent } = await server.agent()
  const list = () => agent.ask<ConversationPage>('conversations:list', { limit: 50 })
  expect((await list()).conversations).toMatchObject([{ id: conversationId }])
  await storage.persons.erase({ app: APP, userIdentifier: 'ada', method: 'host' }, { by: BY, at: Date.now() })
  jobs.wake('erasure')
  await expect.poll(() => agent.all('conversations:deleted').length).toBeGreaterThan(0)
  expect((await list()).conversations).toEqual([])
})

it('[PD2] devices are told at once: they show an empty conversation, are signed out, and find nothing when they come back', async () => {
  server = await startRealtime()
  const { storage, jobs } = server
  const { device, ready } = await server.visitor()
  await device.send(ready.conversation!.id, 'my secret')
  const { answer } = await signIn(device)
  const { id } = answer.conversation
  await storage.persons.erase({ app: APP, userIdentifier: 'ada', method: 'host' }, { by: BY, at: Date.now() })
  jobs.wake('erasure')
  expect(await device.heard<WireError>('session:ended')).toMatchObject({ code: 'session-invalid' })
  await device.gone()
  const shown = device.all<Conversation>('conversation').at(-1)
  expect(shown?.id).not.toBe(id)
  expect(shown).toMatchObject({ headSeq: 0 })
  await expect(server.visitor({ intent: 'identify', session: answer.session?.token })).rejects.toMatchObject({
    data: { code: 'session-invalid' },
  })
  const again = await server.visitor({ intent: 'identify' })
  const signedIn = await again.device.ask<typeof answer>(
    'identity:authenticate',
    await authentication({ sub: 'ada' }),
  )
  expect(signedIn.conversation).toMatchObject({ headSeq: 0 })
  // The end of the session was not noted in a trace.
  expect(await storage.identityTraces.list(id)).toEqual([])
})
