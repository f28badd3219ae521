/** Faults of a fault run; each is over when it resolves. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChatServerNode, ChatServers } from '../../../scripts/chat-servers.mjs'

interface FaultContext {
  readonly servers: ChatServers
  /** The next number from 0 up to 1. */
  readonly draw: () => number
  /** Length of an outage or a pause. Milliseconds. */
  readonly outageMs: number
}

export interface FaultKind {
  readonly name: string
  /** Processes that it ends. */
  readonly kills: number
  readonly needsRedis?: boolean
  readonly isLong?: boolean
  run(context: FaultContext): Promise<void>
}

const oneOf = ({ servers, draw }: FaultContext): ChatServerNode => {
  const { nodes } = servers
  return nodes[Math.floor(draw() * nodes.length)] as ChatServerNode
}

export const FAULTS: readonly FaultKind[] = [
  {
    name: 'a server is killed',
    kills: 1,
    async run(context) {
      const node = oneOf(context)
      await node.stop('SIGKILL')
      await sleep(context.draw() * context.outageMs)
      await node.start()
    },
  },
  {
    name: 'a server is paused',
    kills: 0,
    async run(context) {
      const node = oneOf(context)
      node.signal('SIGSTOP')
      await sleep(context.outageMs)
      node.signal('SIGCONT')
    },
  },
  {
    name: 'a server is drained',
    kills: 1,
    async run(context) {
      const node = oneOf(context)
      await node.stop('SIGTERM')
      await node.start()
    },
  },
  {
    name: 'Redis is killed for a while',
    kills: 1,
    needsRedis: true,
    async run({ servers: { redis }, draw, outageMs }) {
      await redis?.kill()
      await sleep(draw() * outageMs)
      await redis?.start()
    },
  },
  {
    name: 'Redis is restarted',
    kills: 1,
    needsRedis: true,
    async run({ servers: { redis } }) {
      await redis?.kill()
      await redis?.start()
    },
  },
  {
    name: 'Redis is flushed',
    kills: 0,
    needsRedis: true,
    run: ({ servers: { redis } }) => (redis === null ? Promise.resolve() : flush(redis.url)),
  },
  {
    name: 'PostgreSQL is restarted',
    kills: 1,
    async run({ servers: { postgres } }) {
      await postgres.kill()
      await postgres.start()
    },
  },
  {
    name: 'rolling restart of all servers',
    kills: 3,
    isLong: true,
    async run({ servers: { nodes } }) {
      for (const node of nodes) {
        await node.stop('SIGTERM')
        await node.start()
      }
    },
  },
]

/** Empties Redis, by two commands of its protocol. */
function flush(redisUrl: string): Promise<void> {
  const { port, password } = new URL(redisUrl)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.end(`AUTH ${decodeURIComponent(password)}\r\nFLUSHALL\r\nQUIT\r\n`),
    )
    socket.once('error', reject)
    socket.once('close', () => resolve())
    socket.resume()
  })
}
