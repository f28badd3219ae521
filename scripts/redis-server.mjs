/** Starts a real Redis for tests, which keeps nothing on disk, on a free port of 127.0.0.1. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'

const BIND_TRIES = 5

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function spawnRedis(port, password) {
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--requirepass', password]
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  exited.then(() => process.off('exit', kill))
  const ready = new Promise((resolve, reject) => {
    let log = ''
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`Redis did not start: ${log}`)))
    child.stdout.on('data', (chunk) => {
      log += chunk
      if (log.includes('Ready to accept connections')) resolve()
    })
  })
  return { child, ready, exited }
}

/**
 * Resolves when the server accepts connections. `kill()` ends it, `start()` starts it again on the same port; `stop()`
 * is idempotent.
 * @returns {Promise<import('./redis-server.mjs').RedisServer>}
 */
export async function startRedisServer() {
  const password = randomBytes(16).toString('hex')
  let port = 0
  let running
  const start = async () => {
    running = spawnRedis(port, password)
    await running.ready
  }
  const kill = async () => {
    running.child.kill('SIGKILL')
    await running.exited
  }
  for (let tries = 1; ; tries += 1) {
    port = await freePort()
    try {
      await start()
      return { url: `redis://:${password}@127.0.0.1:${port}`, start, kill, stop: kill }
    } catch (error) {
      if (tries === BIND_TRIES || !/Address already in use/.test(error.message)) throw error
    }
  }
}
