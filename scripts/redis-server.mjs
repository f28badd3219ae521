/** Starts a real Redis for tests, which keeps nothing on disk, on a free port of 127.0.0.1. */
import { randomBytes } from 'node:crypto'
import { onFreePort, startProgram } from './test-server.mjs'

/**
 * Resolves when the server accepts connections. `kill()` ends it, `start()` starts it again on the same port; `stop()`
 * is idempotent.
 * @returns {Promise<import('./redis-server.mjs').RedisServer>}
 */
export function startRedisServer() {
  const password = randomBytes(16).toString('hex')
  return onFreePort(async (port) => {
    let running
    const start = async () => {
      running = startProgram({
        name: 'Redis',
        command: 'redis-server',
        args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--requirepass', password],
        isReady: 'Ready to accept connections',
      })
      await running.ready
    }
    const kill = async () => {
      running.child.kill('SIGKILL')
      await running.exited
    }
    await start()
    return { url: `redis://:${password}@127.0.0.1:${port}`, start, kill, stop: kill }
  }, /Address already in use/)
}
