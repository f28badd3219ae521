/** A real PostgreSQL of the machine for tests: its own folder, its own port, gone afterwards. */
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { access, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { vi } from 'vitest'

const run = promisify(execFile)

export interface TestPostgres {
  /** Makes an empty database and resolves with its URL. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** Rejects with what is missing when the machine has no PostgreSQL. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = await findBinaries()
  const account = await unprivilegedAccount()
  const folder = await mkdtemp(join(tmpdir(), 'chat-postgres-'))
  if (account !== null) await chown(folder, account.uid, account.gid)
  const as = account === null ? {} : { uid: account.uid, gid: account.gid }
  const env = { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder }
  const data = join(folder, 'data')
  const options = { ...as, cwd: folder, env }
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'chat', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'],
    options,
  )
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'max_connections=200',
  ]
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let log = ''
  server.stderr.on('data', (chunk) => {
    log += chunk
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const urlOf = (database: string) => `postgres://chat@127.0.0.1:${port}/${database}`

  async function stop(): Promise<void> {
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    if (server.exitCode === null) server.kill('SIGINT')
    await ended
    await rm(folder, { recursive: true, force: true })
  }

  async function administer(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: urlOf('postgres') })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }

  try {
    await vi.waitFor(
      () => {
        if (server.exitCode !== null) throw new Error(`postgres ended: ${log}`)
        return administer('select 1')
      },
      { timeout: 30_000, interval: 50 },
    )
  } catch (error) {
    await stop()
    throw error
  }

  return {
    async createDatabase() {
      const name = `chat_${randomUUID().replaceAll('-', '')}`
      await administer(`create database ${name}`)
      return urlOf(name)
    },
    stop,
  }
}

async function findBinaries(): Promise<string> {
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch(() => [])
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one))
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...newestFirst.map((version) => join(debian, version, 'bin')),
  ]
  for (const folder of folders) {
    const there = await Promise.all(
      ['initdb', 'postgres'].map((name) =>
        access(join(folder, name)).then(
          () => true,
          () => false,
        ),
      ),
    )
    if (there.every(Boolean)) return folder
  }
  throw new Error(
    'no PostgreSQL found: put initdb and postgres on the PATH or install the postgresql package',
  )
}

/** PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where that account is missing. */
async function unprivilegedAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n')
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? []
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a postgres nor a nobody account')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
