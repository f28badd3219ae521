/** Time from sending a message to its arrival at a second device: on the same server, and on another one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatClient, createMemoryStorage } from '@chat-widget/client'
import type { ChatServers } from '../../../scripts/chat-servers.mjs'
import type { Report } from '../measurement.ts'
import { percentile } from '../percentile.ts'
import { until } from './customers.ts'
import { APP, customer } from './setup.ts'

const CONNECT_MS = 30_000
/** Time for each message: a sender may write ten in a second, and one beyond that would wait for its turn. */
const TURN_MS = 120

/** Milliseconds to the device on the same server, and on another one. */
export interface Crossing {
  readonly near: readonly number[]
  readonly across: readonly number[]
}

/** One message each in turn, so that both see the same machine. */
export async function measureCrossing({ nodes }: ChatServers, count: number): Promise<Crossing> {
  const [one, other] = nodes
  if (count === 0 || one === undefined || other === undefined) return { near: [], across: [] }
  const near = await openPair('near', one.url, one.url)
  const across = await openPair('across', one.url, other.url)
  try {
    for (let index = 0; index < count; index += 1) {
      const turn = sleep(TURN_MS)
      for (const pair of index % 2 === 0 ? [near, across] : [across, near]) await pair.measure(`${index}`)
      await turn
    }
    return { near: near.times, across: across.times }
  } finally {
    near.close()
    across.close()
  }
}

/** Nothing where it was not measured. */
export function crossingFigures({ near, across }: Crossing): Pick<Report, 'figures' | 'bounded'> {
  if (near.length === 0) return { figures: [], bounded: [] }
  const ms = (times: readonly number[]) =>
    `${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`
  return {
    figures: [
      { what: 'delivery on one server', value: ms(near) },
      { what: 'delivery from server to server', value: ms(across) },
    ],
    bounded: [
      {
        what: 'p99 of delivery from server to server ÷ on one server',
        value: percentile(across, 0.99) / percentile(near, 0.99),
        bound: 3,
      },
    ],
  }
}

async function openPair(name: string, from: string, to: string) {
  const open = async (server: string) => {
    const client = new ChatClient({ app: APP, server, storage: createMemoryStorage() })
    await client.setUser(customer(`crossing-${name}`))
    await client.connect()
    return client
  }
  const sender = await open(from)
  await sender.send('begin')
  const receiver = await open(to)
  const conversationOf = (client: ChatClient) => client.getState().conversation?.id
  await until(() => conversationOf(receiver) === conversationOf(sender), CONNECT_MS, `${name} is connected`)
  const times: number[] = []
  return {
    times,
    async measure(text: string): Promise<void> {
      let unsubscribe: () => void = () => undefined
      const arrived = new Promise<number>((resolve) => {
        unsubscribe = receiver.on('change', ({ timeline }) => {
          const last = timeline.items.at(-1)
          if (last?.kind === 'stored' && last.message.text === text) resolve(performance.now())
        })
      })
      const sentAt = performance.now()
      await sender.send(text)
      times.push((await arrived) - sentAt)
      unsubscribe()
    },
    close() {
      sender.close()
      receiver.close()
    },
  }
}
