/** Starts a server for the process that measures it, and does what that one asks until it is gone. */
import type { ChatServer } from '@chat-widget/server'
import type { FromServer, ToServer } from './messages.ts'

export const tell = (message: FromServer): void => void process.send?.(message)

export async function serveParent(server: ChatServer): Promise<void> {
  process.on('message', async (message: ToServer) => {
    switch (message.kind) {
      case 'memory':
        // Garbage that waits to be collected is no cost of a caller.
        if (message.collect) globalThis.gc?.()
        return tell({ kind: 'memory', bytes: process.memoryUsage.rss() })
      case 'close':
        await server.close()
        return process.disconnect()
    }
  })
  // The parent is gone, however it ended.
  process.on('disconnect', () => process.exit(0))
  tell({ kind: 'listening', url: await server.listen() })
}
