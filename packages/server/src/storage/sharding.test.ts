/** [OP15] Sharding by conversation: docs/growth.md beside the schema of a real PostgreSQL. */
import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFigures } from '../../../../scripts/growth.mjs'
import { SHOP, START } from './contract-fixture.testing.ts'
import { migrate } from './migrations.ts'
import { plantPerson } from './person.testing.ts'
import { openPostgresDatabase } from './postgres-database.ts'
import { startPostgres, type TestPostgres } from './postgres-server.testing.ts'
import { createSqlStorage } from './sql-storage.ts'
import type { Storage } from './storage.ts'

const PAGE = new URL('../../../../docs/growth.md', import.meta.url)

let postgres: TestPostgres
let client: pg.Client
let storage: Storage
let page: string

beforeAll(async () => {
  page = await readFile(PAGE, 'utf8')
  postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const database = await openPostgresDatabase(url)
  await migrate(database)
  storage = createSqlStorage(database)
  client = new pg.Client({ connectionString: url })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await storage?.close()
  await postgres?.stop()
})

/** The page's statements: those of PostgreSQL, then those of Citus. */
const statements = () => [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const called = (name: string) =>
  [...(statements()[1] ?? '').matchAll(new RegExp(`${name}\\('(\\w+)'(?:, '(\\w+)')?`, 'g'))].map(
    ([, table = '', column = '']) => [table, column] as const,
  )
/** Table → its distribution column. */
const distributed = () => new Map(called('create_distributed_table'))
const references = () => called('create_reference_table').map(([table]) => table)
/** Table → the reason for which it stays on the coordinator. */
const local = () =>
  new Map(
    [...page.matchAll(/^\| `([\w`, ]+)` \| (.+) \|$/gm)].flatMap(([, names = '', reason = '']) =>
      names.split('`, `').map((name) => [name, reason] as const),
    ),
  )

const query = async <Row extends object>(text: string): Promise<readonly Row[]> =>
  (await client.query<Row>(text)).rows

/** Unique indexes, also partial ones and those of primary keys. An expression is an empty name. */
const uniqueKeys = () =>
  query<{ readonly table: string; readonly name: string; readonly columns: readonly string[] }>(`
    select c.relname as table, i.relname as name, array(
        select coalesce(a.attname::text, '') from unnest(x.indkey::int2[]) as k(number)
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number and k.number > 0) as columns
    from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and x.indisunique`)

interface ForeignKey {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly columns: readonly string[]
  readonly targets: readonly string[]
}

const foreignKeys = () => {
  const names = (table: string, key: string) => `array(select a.attname::text from unnest(k.${key})
    with ordinality as u(number, place) join pg_attribute a on a.attrelid = k.${table} and a.attnum = u.number
    order by place)`
  return query<ForeignKey>(`
    select k.conname as name, k.conrelid::regclass::text as from, k.confrelid::regclass::text as to,
      ${names('conrelid', 'conkey')} as columns, ${names('confrelid', 'confkey')} as targets
    from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace`)
}

/** One sentence for each thing that Citus would refuse. */
async function problems(): Promise<readonly string[]> {
  const found: string[] = []
  const columnOf = distributed()
  for (const { table, name, columns } of await uniqueKeys()) {
    const column = columnOf.get(table)
    if (column !== undefined && !columns.includes(column)) found.push(`${name} has no ${column}`)
  }
  const placeOf = (table: string) =>
    columnOf.has(table) ? 'distributed' : references().includes(table) ? 'reference' : 'local'
  for (const { name, from, to, columns, targets } of await foreignKeys()) {
    const [here, there] = [placeOf(from), placeOf(to)]
    const at = columns.indexOf(columnOf.get(from) ?? '')
    const isTogether = at >= 0 && targets[at] === columnOf.get(to)
    const isRight = there === 'reference' || (here === 'distributed' ? isTogether : here === there)
    if (!isRight) found.push(`${name} leads from ${here} to ${there}`)
  }
  const types = await query<{ table: string; column: string; type: string; nullable: boolean }>(`
    select table_name as table, column_name as column, data_type as type, is_nullable = 'YES' as nullable
    from information_schema.columns where table_schema = 'public'`)
  for (const [table, column] of columnOf) {
    const type = types.find((each) => each.table === table && each.column === column)
    // Of one type, or rows of one conversation would lie on different nodes.
    if (type?.type !== 'text' || type.nullable) found.push(`${table}.${column} is ${JSON.stringify(type)}`)
  }
  const refused = await query<{ readonly what: string }>(`
    select tgrelid::regclass || ' has the trigger ' || tgname as what from pg_trigger where not tgisinternal
    union all select conrelid::regclass || ' has the exclusion ' || conname from pg_constraint where contype = 'x'
    union all select inhrelid::regclass || ' inherits' from pg_inherits`)
  return [...found, ...refused.map(({ what }) => what)]
}

describe('[OP15] sharding by conversation', () => {
  it('names the place of each table once', async () => {
    const rows = await query<{ readonly name: string }>(`select table_name as name
      from information_schema.tables where table_schema = 'public' and table_name not like 'kysely%'`)
    const named = [...distributed().keys(), ...references(), ...local().keys()]
    expect(named.toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
    for (const reason of local().values()) expect(reason.length).toBeGreaterThan(20)
  })

  it('needs the keys that the page gives, and Citus would take the tables after that', async () => {
    // The check finds what is wrong before.
    expect(await problems()).toEqual(
      expect.arrayContaining([
        'messages_pkey has no conversation_id',
        'action_runs_pkey has no conversation_id',
      ]),
    )
    await client.query(statements()[0] ?? '')
    expect(await problems()).toEqual([])
  })

  it('a server works on those keys', async () => {
    const agent = await storage.agents.add({
      ...{ name: 'Grace', email: 'grace@example.com', passwordHash: 'x', role: 'agent', at: START },
    })
    const { userIdentifier } = await plantPerson(storage, { mark: 'word', agentId: agent.id, at: START })
    const person = { app: SHOP, userIdentifier, method: 'host' } as const
    const { counts } = await storage.persons.erase(person, {
      ...{ isWhole: true, by: { kind: 'key' }, at: START },
    })
    for (const table of distributed().keys()) expect(counts).toHaveProperty(table)
  })
})

it('a stored message takes the bytes that the model counts with', async () => {
  const count = 20_000
  const database = await openPostgresDatabase(await postgres.createDatabase())
  await migrate(database)
  try {
    await database.write(async (db) => {
      await sql`insert into conversations (id, app, owner_kind, owner_id, status, handler, head_seq, visitor_read_seq,
          agent_read_seq, created_at, updated_at)
        select 'c' || lpad(number::text, 35, '0'), 'shop', 'visitor', gen_random_uuid()::text, 'open', 'agents', 10, 10, 10,
          ${START}, ${START} from generate_series(1, ${count / 10}::int) as number`.execute(db)
      await sql`insert into messages (id, conversation_id, seq, client_id, author_kind, kind, text, created_at)
        select gen_random_uuid()::text, 'c' || lpad((1 + number % ${count / 10}::int)::text, 35, '0'),
          number / ${count / 10}::int, gen_random_uuid()::text, 'visitor', 'text', repeat('word ', 20), ${START}
        from generate_series(0, ${count - 1}::int) as number`.execute(db)
    })
    const { rows } = await database.read((db) =>
      sql<{ readonly bytes: number }>`select
        pg_total_relation_size('messages') + pg_total_relation_size('conversations') as bytes`.execute(db),
    )
    const measured = rows[0]!.bytes / count
    const { bytesPerMessage } = readFigures()
    expect(measured).toBeGreaterThan(bytesPerMessage * 0.9)
    expect(measured).toBeLessThan(bytesPerMessage * 1.1)
  } finally {
    await database.close()
  }
})
