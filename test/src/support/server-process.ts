/** Runs the built `chat-widget-server` as a process of its own, which can be killed and restarted. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshData } from './fresh-data.ts'
import { SERVER_COMMAND } from './paths.ts'

export interface ServerOptions {
  /** Written as JSON into the server's folder and passed as `--config`. */
  readonly config: object
  readonly args?: readonly string[]
  /** Default: an SQLite file in the server's folder. */
  readonly databaseUrl?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`; stays the same across `start()`. */
  readonly url: string
  /** Folder of `config.json` and the data folder. */
  readonly folder: string
  /** Flags that give another command the same data. */
  readonly storageArgs: readonly string[]
  /** Output of the process since the first start. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Sends SIGHUP: the process reloads its configuration file. */
  hangUp(): void
  /** Sends SIGKILL to the process alone, which cannot send or flush anything. */
  kill(): Promise<void>
  /** Starts it again, on the same port and data. */
  start(): Promise<void>
  /** Ends the process if it runs and deletes the folder. Idempotent. */
  close(): Promise<void>
}

export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The line that a server prints when it listens. */
export const READY = /listening on (http:\/\/127\.0\.0\.1:\d+)\n/

function spawnServer(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [SERVER_COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

/** Runs a command that ends by itself, e.g. `agent add`, or a refused start. */
export function runServerCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawnServer(args, env)
    let stdout = ''
    let stderr = ''
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr?.on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Resolves when the server listens. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'))
  const configFile = join(folder, 'config.json')
  await writeFile(configFile, JSON.stringify(options.config))
  const dataDir = join(folder, 'data')
  if (options.databaseUrl === undefined) await freshData(dataDir)
  const storageArgs = [
    ...['--data', dataDir],
    ...(options.databaseUrl === undefined ? [] : ['--database-url', options.databaseUrl]),
  ]
  let stdout = ''
  let stderr = ''
  let port = 0
  let child: ChildProcess | null = null
  let exited: Promise<number | null> = Promise.resolve(null)

  const start = async (): Promise<void> => {
    const args = ['--config', configFile, ...storageArgs, '--port', String(port), ...(options.args ?? [])]
    const started = spawnServer(args, options.env ?? {})
    child = started
    exited = new Promise((resolve) => started.once('exit', (code) => resolve(code)))
    const from = stdout.length
    await new Promise<void>((resolve, reject) => {
      started.once('error', reject)
      started.once('exit', (code) =>
        reject(new Error(`the server ended with ${code} before it listened: ${stderr}`)),
      )
      started.stderr?.on('data', (chunk) => {
        stderr += chunk
      })
      started.stdout?.on('data', (chunk) => {
        stdout += chunk
        const address = READY.exec(stdout.slice(from))?.[1]
        if (address === undefined) return
        port = Number(new URL(address).port)
        resolve()
      })
    })
  }

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child?.kill(signal)
    const code = await exited
    child = null
    return code
  }

  const server: ServerProcess = {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    folder,
    storageArgs,
    stdout: () => stdout,
    stderr: () => stderr,
    stop: () => end('SIGTERM'),
    hangUp() {
      child?.kill('SIGHUP')
    },
    async kill() {
      await end('SIGKILL')
    },
    start,
    async close() {
      if (child !== null) await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}
