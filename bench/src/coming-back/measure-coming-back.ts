/**
 * Clients whose server ends and starts again: the time until they are back, each with a message that it wrote meanwhile, and
 * what their return costs the server, beside a start to which the same clients come one after the other, with a message too.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatClient, createMemoryStorage } from '@chat-widget/client'
import { startChatServer } from '../../../scripts/chat-servers.mjs'
import { APP, makeBenchFolder } from '../faults/setup.ts'
import { inFlight } from '../in-flight.ts'
import { processorMs } from '../processor-time.ts'

export interface Loss {
  readonly name: string
  readonly signal: 'SIGTERM' | 'SIGKILL'
  /** Time for which the server is away, besides that of its start. Milliseconds. */
  readonly awayMs: number
}

interface ComingBackOptions {
  readonly clients: number
  readonly losses: readonly Loss[]
  /** Time after each start in which the server ends what the clients caused, and their connections count as stable. */
  readonly restMs: number
}

interface Return {
  readonly loss: Loss
  /** From the server's being there to each client's being connected. Milliseconds. */
  readonly times: readonly number[]
  /** Processor time of the server from its being there. Milliseconds. */
  readonly cpuMs: number
}

export interface ComingBackFigures {
  readonly clients: number
  /** Processor time of the server to which the clients come one after the other. Milliseconds. */
  readonly steadyMs: number
  readonly returns: readonly Return[]
  /** Messages written while the server was away, of one client each, that were acknowledged. */
  readonly acknowledged: number
}

const AT_ONCE = 10

export async function measureComingBack({
  clients: count,
  losses,
  restMs,
}: ComingBackOptions): Promise<ComingBackFigures> {
  const { dataDir, configFile, remove } = await makeBenchFolder()
  const args = ['--config', configFile, '--data', join(dataDir, 'server')]
  const server = await startChatServer({ args, env: { LOG_LEVEL: 'error' } })
  const storages = Array.from({ length: count }, () => createMemoryStorage())
  let clients: ChatClient[] = []
  const close = () => {
    for (const client of clients) client.close()
  }
  const open = async () => {
    clients = storages.map((storage) => new ChatClient({ app: APP, server: server.url, storage }))
    await inFlight(clients, AT_ONCE, async (client) => {
      await Promise.all([client.connect(), client.send('hello')])
    })
  }
  const costOf = async (work: () => Promise<void>) => {
    const before = processorMs(server.pid)
    await work()
    await sleep(restMs)
    return processorMs(server.pid) - before
  }
  try {
    // Once, so that there are sessions and conversations to come back to.
    await open()
    close()
    await server.stop()
    await server.start()
    const steadyMs = await costOf(open)
    const returns: Return[] = []
    let acknowledged = 0
    for (const loss of losses) {
      await server.stop(loss.signal)
      const sent = clients.map((client) => client.send(`written ${loss.name}`))
      await sleep(loss.awayMs)
      await server.start()
      const since = performance.now()
      const times: number[] = []
      const cpuMs = await costOf(async () => {
        await Promise.all(
          clients.map(async (client) => {
            await client.connect()
            times.push(performance.now() - since)
          }),
        )
        acknowledged += (await Promise.all(sent)).length
      })
      returns.push({ loss, times, cpuMs })
    }
    return { clients: count, steadyMs, returns, acknowledged }
  } finally {
    close()
    await server.stop('SIGKILL')
    await remove()
  }
}
