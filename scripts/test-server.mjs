/** Starts programs that listen for tests, on free ports of 127.0.0.1. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const TRIES = 5

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/**
 * Starts a program that is `ready`, with what it printed, once this holds `isReady`: a text or an expression. It is killed
 * with this process.
 */
export function startProgram({ name, command, args, options = {}, isReady, signal = 'SIGKILL' }) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const kill = () => child.kill(signal)
  process.once('exit', kill)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  exited.then(() => process.off('exit', kill))
  const ready = new Promise((resolve, reject) => {
    let log = ''
    let isUp = false
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${name} did not start: ${log}`)))
    for (const output of [child.stdout, child.stderr])
      output.on('data', (chunk) => {
        // Read to the end, or the program would stop at a full pipe.
        if (isUp) return
        log += chunk
        isUp = typeof isReady === 'string' ? log.includes(isReady) : isReady.test(log)
        if (isUp) resolve(log)
      })
  })
  return { child, ready, exited }
}

/**
 * Resolves with what `start` resolves with. A program may not be able to choose a free port itself, and one that was free
 * a moment ago may be taken: `taken` is how the program says so.
 */
export async function onFreePort(start, taken) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freePort())
    } catch (error) {
      if (tries === TRIES || !taken.test(error.message)) throw error
    }
  }
}
