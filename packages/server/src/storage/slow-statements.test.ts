import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { createSlowStatementLog } from './slow-statements.ts'
import { openSqliteDatabase } from './sqlite-database.ts'

it('[OP14] a slow statement is logged without its values, one a second', () => {
  const lines: Record<string, unknown>[] = []
  let at = 0
  const log = createSlowStatementLog(
    pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    () => at,
  )
  const statement = (queryDurationMillis: number) =>
    log({
      level: 'query',
      queryDurationMillis,
      query: {
        ...{ sql: 'select * from messages where text = ?', parameters: ['said by somebody'] },
        ...{ query: sql`select 1`.toOperationNode(), queryId: { queryId: 'one' } },
      },
    })
  statement(499)
  expect(lines).toEqual([])
  for (const ms of [500, 700, 900]) statement(ms)
  at += 1_000
  statement(800)
  expect(lines).toMatchObject([
    { level: 40, ms: 500, values: 1, unlogged: 0, sql: 'select * from messages where text = ?' },
    { ms: 800, unlogged: 2 },
  ])
  expect(JSON.stringify(lines)).not.toContain('somebody')
})

it('[OP14] SQLite tells of a statement that took long', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chat-slow-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const lines: string[] = []
  const log = createSlowStatementLog(pino({}, { write: (line: string) => void lines.push(line) }))
  const database = await openSqliteDatabase({ path: join(folder, 'chat.db'), exclusive: true, log })
  onTestFinished(() => database.close())
  // Until it takes long, on whatever machine.
  for (let rows = 2_000_000; lines.length === 0; rows *= 2)
    await database.read((db) =>
      sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) select count(*) from n`.execute(
        db,
      ),
    )
  expect(lines[0]).toContain('with recursive n(i)')
})
