/** Starts a server for its parent, which measures it, and obeys the parent until it is gone. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ChatServer } from '@chat-widget/server'
import type { FromServer, ToServer } from './messages.ts'

export const tell = (message: FromServer): void => void process.send?.(message)

/** @param prepare runs before the parent is told that the server listens. */
export async function serveParent(
  server: Pick<ChatServer, 'listen' | 'close'>,
  prepare: (url: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  let cpu = process.cpuUsage()
  process.on('message', async (message: ToServer) => {
    switch (message.kind) {
      case 'memory':
        // Uncollected garbage is not a caller's cost.
        if (message.collect) globalThis.gc?.()
        return tell({ kind: 'memory', bytes: process.memoryUsage.rss() })
      case 'load': {
        const { user, system } = process.cpuUsage(cpu)
        cpu = process.cpuUsage()
        const [p99, longest] = [loop.percentile(99), loop.max].map((ns) => ns / 1e6) as [number, number]
        loop.reset()
        return tell({ kind: 'load', load: { cpuMs: (user + system) / 1_000, loopMs: { p99, longest } } })
      }
      case 'close':
        await server.close()
        return process.disconnect()
    }
  })
  // The parent is gone, for whatever reason.
  process.on('disconnect', () => process.exit(0))
  const url = await server.listen()
  await prepare(url)
  tell({ kind: 'listening', url })
}
