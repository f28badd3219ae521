/** Starts a real PostgreSQL for tests: a cluster of its own in a temporary folder, on a free port of 127.0.0.1. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, chown, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './run.mjs'
import { onFreePort, startProgram } from './test-server.mjs'

const CACHE = join(ROOT, 'node_modules/.cache')
const DEBIAN = '/usr/lib/postgresql'
const USER = 'chat'

function findBin() {
  const debian = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, 'bin'))
    : []
  const folders = [...debian, ...(process.env.PATH ?? '').split(':')]
  const bin = folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
  if (bin === undefined)
    throw new Error('PostgreSQL is not installed (on Debian: apt-get install postgresql)')
  return bin
}

/** PostgreSQL refuses to run as root; the package's own user, or nobody, will do. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (user === undefined) throw new Error('PostgreSQL needs a user other than root, and there is none')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

function finished(child, name) {
  return new Promise((resolve, reject) => {
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${name} failed: ${Buffer.concat(output)}`)),
    )
  })
}

const startOnFreePort = (bin, directory, as) =>
  onFreePort((port) => startOn(port, bin, directory, as), /could not bind|could not create any TCP/)

async function startOn(port, bin, directory, as) {
  const settings = [
    ...['-p', String(port), '-k', directory],
    ...['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'],
    // The folder is deleted afterwards: waiting for the disk gains nothing.
    ...['-c', 'fsync=off'],
  ]
  const { child, ready, exited } = startProgram({
    name: 'PostgreSQL',
    command: join(bin, 'postgres'),
    args: ['-D', join(directory, 'data'), ...settings],
    options: { cwd: directory, ...as },
    isReady: 'database system is ready to accept connections',
    signal: 'SIGQUIT',
  })
  await ready
  return { port, child, exited }
}

const run = (command, args, options) =>
  finished(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options }), command)

/** A folder with a new cluster, `data`, and the password of its user. */
async function initialize(bin, as) {
  const directory = await mkdtemp(join(tmpdir(), 'chat-postgres-'))
  if (as.uid !== undefined) await chown(directory, as.uid, as.gid)
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, randomBytes(16).toString('hex'), { mode: 0o600 })
  await chmod(directory, 0o700)
  if (as.uid !== undefined) await chown(passwordFile, as.uid, as.gid)
  const init = ['-D', join(directory, 'data'), '-U', USER, '-A', 'scram-sha-256', '--pwfile', passwordFile]
  await run(join(bin, 'initdb'), [...init, '-E', 'UTF8', '--locale=C', '--no-sync'], {
    cwd: directory,
    ...as,
  })
  return directory
}

/**
 * A copy of a cluster that is made once: `initdb` takes a second of a core, ten times as much as the copy. Named by what
 * made it, as another release could not read it.
 */
async function copyOfCluster(bin, as) {
  const made = join(CACHE, `postgres-${statSync(join(bin, 'postgres')).mtimeMs}-${as.uid ?? 'own'}`)
  if (!existsSync(made)) {
    const directory = await initialize(bin, as)
    const moved = `${made}-${randomBytes(4).toString('hex')}`
    mkdirSync(CACHE, { recursive: true })
    await run('cp', ['-a', directory, moved])
    await rm(directory, { recursive: true, force: true })
    // Another process may have been quicker.
    await rename(moved, made).catch(() => rm(moved, { recursive: true, force: true }))
  }
  const directory = join(tmpdir(), `chat-postgres-${randomBytes(4).toString('hex')}`)
  await run('cp', ['-a', made, directory])
  return directory
}

/**
 * Resolves when the server accepts connections. `kill()` ends it at once, as a crash does, and `start()` starts it again
 * on the same port; `stop()` shuts it down and deletes its folder; idempotent.
 * @returns {Promise<import('./postgres-server.mjs').PostgresServer>}
 */
export async function startPostgresServer() {
  const bin = findBin()
  const as = unprivileged()
  const directory = await copyOfCluster(bin, as)
  try {
    const password = await readFile(join(directory, 'password'), 'utf8')
    let running = await startOnFreePort(bin, directory, as)
    const { port } = running
    const kill = async () => {
      // Immediate shutdown: waits neither for clients nor for the disk.
      running.child.kill('SIGQUIT')
      await running.exited
    }
    return {
      url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
      get pid() {
        return running.child.pid
      },
      kill,
      async start() {
        running = await startOn(port, bin, directory, as)
      },
      async stop() {
        await kill()
        await rm(directory, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}
