/** [PD3] A conversation with a file, on a whole server, when the days are over for which its app keeps it. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FileId } from '@chat-widget/protocol'
import Database from 'libsql'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { SHOP, startFiles, type TestVisitor } from '../files/files.testing.ts'
import { PNG } from '../files/pictures/samples.testing.ts'

const DAY_MS = 24 * 3_600_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

it('[PD3] [FI9] leaves nothing of it: conversation, message, row and bytes; another conversation’s file stays', async () => {
  const now = Date.now()
  vi.setSystemTime(now - 31 * DAY_MS)
  const server = await startFiles({ apps: [{ ...SHOP, keepDays: { conversations: 30 } }] })
  onTestFinished(() => server.remove())
  const old = await server.visitor()
  const { file: gone } = await old.sendFile(PNG, 'old.png', 'my old secret')
  vi.setSystemTime(now - DAY_MS)
  const recent = await server.visitor()
  const { file: kept } = await recent.sendFile(PNG)

  const listed = async () => {
    const { conversations } = await (await server.rest('/conversations')).json()
    return conversations.map(({ id }: { id: string }) => id)
  }
  const rows = (sql: string) => {
    const database = new Database(join(server.dataDir, 'chat.db'), { readonly: true })
    try {
      return database.prepare(sql).raw().all().flat()
    } finally {
      database.close()
    }
  }
  const stored = (id: FileId) =>
    readdirSync(join(server.dataDir, 'files'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes(id),
    )
  const got = async (visitor: TestVisitor, id: FileId) => (await visitor.get(id)).status
  expect(await listed()).toEqual([recent.conversationId, old.conversationId])
  expect(await got(old, gone.id)).toBe(200)
  const [all] = [rows('select id from files')]
  expect(new Set(all)).toEqual(new Set([gone.id, kept.id]))

  // The day is over; upkeep is due.
  vi.setSystemTime(now)
  await expect.poll(listed).toEqual([recent.conversationId])
  await expect.poll(() => stored(gone.id)).toEqual([])
  expect(rows('select id from files')).toEqual([kept.id])
  expect(rows('select conversation_id from messages')).toEqual([recent.conversationId])
  expect(await got(old, gone.id)).toBe(404)
  expect(stored(kept.id)).not.toEqual([])
  expect(await got(recent, kept.id)).toBe(200)
})
