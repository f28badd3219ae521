import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createSlowStatementLog } from './slow-statements.ts'

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
