/** Compares what devices show, what the database holds and what was acknowledged. */
import pg from 'pg'
import { type Acknowledged, type Device, type Load, shownBy, until } from './customers.ts'

interface StoredRow {
  readonly conversationId: string
  readonly seq: number
  readonly clientId: string
  readonly text: string
}

export interface Violations {
  /** Acknowledged, and not stored under that seq; or stored, and not shown. */
  readonly lost: number
  /** Stored or shown twice. */
  readonly doubled: number
  /** Seqs with gaps, another order on a device, or an order that is not the sender's. */
  readonly reordered: number
  /** Shown to another person than its owner. */
  readonly strangers: number
  readonly examples: readonly string[]
}

/** Time in which devices fetch what they missed: two heads, and a connection anew. Milliseconds. */
const CATCH_UP_MS = 90_000
const MOST_EXAMPLES = 10

const QUERY = `select conversation_id as "conversationId", seq, client_id as "clientId", text
from messages order by conversation_id, seq`

export const check = (load: Load, databaseUrl: string): Promise<Violations> =>
  checkAgainst(load, () => storedIn(databaseUrl))

/** `read`: the rows of the database, by conversation. */
export async function checkAgainst(
  load: Pick<Load, 'devices' | 'acknowledged'>,
  read: () => Promise<ReadonlyMap<string, readonly StoredRow[]>>,
): Promise<Violations> {
  // Before the database is read: what was not in time goes on being acknowledged.
  const acknowledged = [...load.acknowledged]
  const stored = await read()
  await until(
    () => load.devices.every((device) => shownBy(device).at(-1)?.seq === headOf(device, stored)),
    CATCH_UP_MS,
    'every device shows the newest message',
  ).catch(() => undefined)
  return compare({ ...load, acknowledged }, stored)
}

function headOf({ client }: Device, stored: ReadonlyMap<string, readonly StoredRow[]>): number | undefined {
  return stored.get(client.getState().conversation?.id ?? '')?.at(-1)?.seq
}

async function storedIn(databaseUrl: string): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    const { rows } = await database.query<StoredRow>(QUERY)
    return groupBy(
      rows.map((row) => ({ ...row, seq: Number(row.seq) })),
      ({ conversationId }) => conversationId,
    )
  } finally {
    await database.end()
  }
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** Others are notes of the server, and messages of the measured delivery. */
const isOfLoad = (text: string) => text.startsWith('customer-')

export function compare(
  { devices, acknowledged }: Pick<Load, 'devices' | 'acknowledged'>,
  stored: ReadonlyMap<string, readonly StoredRow[]>,
): Violations {
  const found = { lost: 0, doubled: 0, reordered: 0, strangers: 0 }
  const examples: string[] = []
  const report = (kind: keyof typeof found, what: string) => {
    found[kind] += 1
    if (examples.length < MOST_EXAMPLES) examples.push(`${kind}: ${what}`)
  }

  const rows = [...stored.values()].flat()
  const byClientId = groupBy(rows, ({ clientId }) => clientId)
  for (const [clientId, same] of byClientId)
    if (same.length > 1) report('doubled', `${clientId} is stored twice`)
  const texts = groupBy(
    rows.filter(({ text }) => isOfLoad(text)),
    ({ text }) => text,
  )
  for (const [text, same] of texts) if (same.length > 1) report('doubled', `"${text}" is stored twice`)
  for (const conversation of stored.values())
    for (const [index, { seq }] of conversation.entries())
      if (seq !== index + 1) report('reordered', `seq ${seq} stands at place ${index + 1}`)
  for (const one of acknowledged)
    if (!isStored(one, byClientId)) report('lost', `"${one.text}" was acknowledged`)

  const places = groupBy([...rows.keys()], (place) => rows[place]?.text ?? '')
  for (const device of devices) {
    const own = device.written
      .flatMap((text) => places.get(text) ?? [])
      .toSorted((a, b) => a - b)
      .map((place) => rows[place]?.text ?? '')
    const sent = new Set(own)
    const wanted = device.written.filter((text) => sent.has(text))
    if (own.join('\n') !== wanted.join('\n')) report('reordered', `the messages of ${device.name}`)
    compareShown(device, stored, report)
  }
  return { ...found, examples }
}

function isStored(
  { clientId, conversationId, seq, text }: Acknowledged,
  byClientId: ReadonlyMap<string, readonly StoredRow[]>,
): boolean {
  const [row] = byClientId.get(clientId) ?? []
  return row?.conversationId === conversationId && row.seq === seq && row.text === text
}

function compareShown(
  device: Device,
  stored: ReadonlyMap<string, readonly StoredRow[]>,
  report: (kind: 'lost' | 'doubled' | 'reordered' | 'strangers', what: string) => void,
): void {
  const { name, owner } = device
  const shown = shownBy(device)
  const own = stored.get(device.client.getState().conversation?.id ?? '') ?? []
  // A device shows the newest part of a long conversation.
  const expected = own.filter(({ seq }) => seq >= (shown[0]?.seq ?? 0))
  const seen = new Set<string>()
  for (const { clientId, text } of shown) {
    if (seen.has(clientId)) report('doubled', `${name} shows "${text}" twice`)
    seen.add(clientId)
    if (isOfLoad(text) && !text.startsWith(`${owner}/`)) report('strangers', `${name} shows "${text}"`)
  }
  for (const { clientId, text } of expected)
    if (!seen.has(clientId)) report('lost', `${name} does not show "${text}"`)
  const order = expected.filter(({ clientId }) => seen.has(clientId)).map(({ clientId }) => clientId)
  if (order.join() !== [...seen].filter((id) => order.includes(id)).join())
    report('reordered', `${name} shows another order`)
  if (shown.length === 0) report('lost', `${name} shows nothing`)
}
