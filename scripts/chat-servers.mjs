/** Several chat servers on one database of this machine: PostgreSQL, Redis, the servers as processes, nginx in front. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startNginx } from './nginx.mjs'
import { startPostgresServer } from './postgres-server.mjs'
import { startRedisServer } from './redis-server.mjs'
import { ROOT } from './run.mjs'
import { startProgram } from './test-server.mjs'

const COMMAND = join(ROOT, 'packages/server/bin/chat-widget-server.js')
const READY = /listening on http:\/\/[^:]+:(\d+)/

/**
 * One server by its command, which is started again on the same port.
 * @returns {Promise<import('./chat-servers.mjs').ChatServerNode>}
 */
export async function startChatServer({ args, env, onOutput }) {
  let port = 0
  let running
  const start = async () => {
    running = startProgram({
      name: 'chat-widget-server',
      command: process.execPath,
      args: [COMMAND, ...args, '--port', String(port), '--host', '127.0.0.1'],
      options: { env: { ...process.env, ...env } },
      isReady: /listening on [^\n]*\n/,
    })
    for (const output of [running.child.stdout, running.child.stderr])
      output.on('data', (chunk) => onOutput?.(String(chunk)))
    port = Number(READY.exec(await running.ready)?.[1])
  }
  await start()
  const isRunning = () => running.child.exitCode === null && running.child.signalCode === null
  return {
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return running.child.pid
    },
    isRunning,
    signal: (signal) => void running.child.kill(signal),
    async stop(signal = 'SIGTERM') {
      running.child.kill(signal)
      await running.exited
    },
    async start() {
      if (!isRunning()) await start()
    },
  }
}

/**
 * Resolves when all of it answers. Rejects, with nothing left running, if a part cannot start.
 * @returns {Promise<import('./chat-servers.mjs').ChatServers>}
 */
export async function startChatServers({
  count,
  configFile,
  dataDir,
  broker = 'redis',
  port,
  env,
  onOutput,
}) {
  const opened = []
  let closing
  const close = () => {
    closing ??= (async () => {
      for (const end of opened.toReversed()) await end()
    })()
    return closing
  }
  try {
    const [postgres, redis] = await Promise.all([
      startPostgresServer(),
      broker === 'redis' ? startRedisServer() : null,
    ])
    opened.push(postgres.stop)
    if (redis !== null) opened.push(redis.stop)
    const storageArgs = ['--database-url', postgres.url, '--data', join(dataDir, 'server-1')]
    const startOne = async (index) => {
      const folder = join(dataDir, `server-${index + 1}`)
      await mkdir(folder, { recursive: true })
      const place = ['--data', folder, '--database-url', postgres.url]
      const args = ['--config', configFile, ...place, ...(redis === null ? [] : ['--redis-url', redis.url])]
      return startChatServer({ args, env, onOutput })
    }
    const nodes = await Promise.all(Array.from({ length: count }, (_, index) => startOne(index)))
    opened.push(() => Promise.all(nodes.map((node) => node.stop('SIGKILL'))))
    const ports = nodes.map(({ url }) => Number(new URL(url).port))
    const nginx = await startNginx({ ports, ...(port === undefined ? {} : { port }) })
    opened.push(nginx.stop)
    return { url: nginx.url, nodes, postgres, redis, storageArgs, close }
  } catch (error) {
    await close()
    throw error
  }
}
