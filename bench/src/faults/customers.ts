/** Customers with two devices each, who write all the time, and a company that answers them; with what was acknowledged. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatClient, createMemoryStorage } from '@chat-widget/client'
import type { ClientMessageId, ConversationId, Message } from '@chat-widget/protocol'
import { inFlight } from '../in-flight.ts'
import { API_KEY, APP, customer } from './setup.ts'

export interface Acknowledged {
  readonly clientId: ClientMessageId
  readonly conversationId: ConversationId
  readonly seq: number
  readonly text: string
}

export interface Device {
  /** Owner and number, as in the texts that it sends. */
  readonly name: string
  readonly owner: string
  readonly client: ChatClient
  /** Texts in the order in which they were written, acknowledged or not. */
  readonly written: string[]
}

export interface Load {
  readonly devices: readonly Device[]
  readonly acknowledged: readonly Acknowledged[]
  /** Messages that were given up: none may be. */
  readonly failures: readonly string[]
  /** Resolves when everything that was written is acknowledged. */
  stop(): Promise<void>
  close(): void
}

export interface LoadOptions {
  readonly url: string
  readonly customers: number
  /** Mean time between two messages of a device. Milliseconds. */
  readonly everyMs: number
  /** Longest time for which a message may wait to be acknowledged at the end. Milliseconds. */
  readonly settleMs: number
}

/** Share of the messages that the company writes, by REST. */
const ANSWERS = 0.25
const RETRY_MS = 200
const ENTERING_AT_ONCE = 50
const NOT_TRIED_AGAIN: readonly number[] = [400, 401, 403, 404, 409, 413, 422]

export async function startLoad(options: LoadOptions): Promise<Load> {
  const { url, customers, everyMs, settleMs } = options
  const acknowledged: Acknowledged[] = []
  const failures: string[] = []
  const devices = Array.from({ length: 2 * customers }, (_, index): Device => {
    const owner = `customer-${Math.floor(index / 2)}`
    const client = new ChatClient({ app: APP, server: url, storage: createMemoryStorage() })
    return { name: `${owner}/${index % 2}`, owner, client, written: [] }
  })
  const owners = Array.from({ length: customers }, (_, owner) => devices.slice(2 * owner, 2 * owner + 2))
  await inFlight(owners, ENTERING_AT_ONCE, async ([first, other]) => {
    if (first === undefined || other === undefined) return
    // One after the other: the first message begins the conversation that the other device finds.
    await enter(first)
    await enter(other)
    await until(() => conversationOf(other) === conversationOf(first), settleMs, `${other.name} follows`)
  })

  async function enter(device: Device): Promise<void> {
    await device.client.setUser(customer(device.owner))
    await device.client.connect()
    if (device.name.endsWith('/0')) await write(device, `${device.name} 0`)
  }

  async function write(device: Device, text: string): Promise<void> {
    device.written.push(text)
    try {
      acknowledged.push(await device.client.send(text))
    } catch (error) {
      failures.push(`${text}: ${error instanceof Error ? error.message : error}`)
    }
  }

  let isOver = false
  const over = new AbortController()
  const pending = new Set<Promise<void>>()
  const track = (work: Promise<void>) => {
    pending.add(work)
    void work.finally(() => pending.delete(work))
  }
  const loops = devices.map(async (device) => {
    for (let count = 1; !isOver; count += 1) {
      await sleep(2 * Math.random() * everyMs)
      track(write(device, `${device.name} ${count}`))
      if (Math.random() < ANSWERS) track(answer(device, `${device.name} answer ${count}`))
    }
  })

  async function answer({ client, owner }: Device, text: string): Promise<void> {
    const conversationId = client.getState().conversation?.id
    if (conversationId === undefined) return
    const clientId = randomUUID()
    while (!over.signal.aborted) {
      const stored = await post(url, conversationId, clientId, text).catch(() => null)
      if (stored !== null) return void acknowledged.push(stored)
      await sleep(RETRY_MS)
    }
    failures.push(`${text}: not acknowledged, to ${owner}`)
  }

  return {
    devices,
    acknowledged,
    failures,
    async stop() {
      isOver = true
      await Promise.all(loops)
      const late = setTimeout(() => over.abort(), settleMs)
      await Promise.race([
        Promise.all(pending),
        sleep(settleMs, undefined, { signal: over.signal }).catch(() => undefined),
      ])
      clearTimeout(late)
      if (pending.size > 0) failures.push(`${pending.size} messages were not acknowledged in ${settleMs} ms`)
      over.abort()
    },
    close() {
      isOver = true
      over.abort()
      for (const { client } of devices) client.close()
    },
  }
}

/** Resolves with `null` if it has to be sent again, under the same client id. */
async function post(
  url: string,
  conversationId: ConversationId,
  clientId: string,
  text: string,
): Promise<Acknowledged | null> {
  const response = await fetch(`${url}/v1/apps/${APP}/conversations/${conversationId}/messages`, {
    method: 'POST',
    headers: { authorization: `Token ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text, client_id: clientId, author: { kind: 'agent', name: 'Robin' } }),
    signal: AbortSignal.timeout(10_000),
  })
  const body = (await response.json()) as Readonly<Record<string, unknown>>
  if (NOT_TRIED_AGAIN.includes(response.status))
    throw new Error(`an answer was refused: ${JSON.stringify(body)}`)
  if (!response.ok) return null
  const message = (body.message ?? body) as { readonly seq: number }
  return { conversationId, clientId: clientId as ClientMessageId, seq: message.seq, text }
}

const conversationOf = ({ client }: Device) => client.getState().conversation?.id ?? null

/** The messages that a device shows as stored. */
export const shownBy = ({ client }: Device): readonly Message[] =>
  client.getState().timeline.items.flatMap((item) => (item.kind === 'stored' ? [item.message] : []))

/** Resolves when it holds; rejects with the description after `ms`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  ms: number,
  what: string | (() => string),
): Promise<void> {
  for (const end = performance.now() + ms; !(await holds()); ) {
    if (performance.now() > end)
      throw new Error(`still not after ${ms} ms: ${typeof what === 'string' ? what : what()}`)
    await sleep(50)
  }
}
