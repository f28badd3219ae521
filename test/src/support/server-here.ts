/**
 * The built `chat-widget-server` in the test's process, without the cost of starting one. For tests that neither kill
 * their server nor change its clock; the others use server-process.ts.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { freshData } from './fresh-data.ts'
import { COMMAND_MODULE } from './paths.ts'
import { type CommandResult, READY, type ServerOptions, type ServerProcess } from './server-process.ts'

export interface ServerHere
  extends Pick<ServerProcess, 'url' | 'folder' | 'storageArgs' | 'stdout' | 'stderr'> {
  /** Sends SIGTERM; deletes the folder. Idempotent. */
  close(): Promise<void>
}

interface CommandModule {
  /** Resolves with the exit code. */
  main(argv: readonly string[], terminal: object): Promise<number>
}

const loadCommand = async () => (await import(/* @vite-ignore */ COMMAND_MODULE)) as CommandModule

const listenTo = (hear: (text: string) => void) =>
  new Writable({
    write(chunk, _encoding, done) {
      hear(String(chunk))
      done()
    },
  })

/** Runs a command that ends by itself, e.g. a refused start. */
export async function runCommandHere(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const { main } = await loadCommand()
  const said = { stdout: '', stderr: '' }
  const code = await main(argv, {
    ...{ env, stdin: new PassThrough().end(), exit: () => {}, onSignal: () => () => {} },
    stdout: listenTo((text) => {
      said.stdout += text
    }),
    stderr: listenTo((text) => {
      said.stderr += text
    }),
  })
  return { code, ...said }
}

/** Resolves when the server listens. */
export async function startServerHere(
  config: object,
  { args = [], env = {}, databaseUrl }: Omit<ServerOptions, 'config'> = {},
): Promise<ServerHere> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'))
  const file = join(folder, 'config.json')
  await writeFile(file, JSON.stringify(config))
  const dataDir = join(folder, 'data')
  const storageArgs = ['--data', dataDir]
  if (databaseUrl === undefined) await freshData(dataDir)
  else storageArgs.push('--database-url', databaseUrl)
  const { main } = await loadCommand()
  const said = { stdout: '', stderr: '' }
  let stop = () => {}
  const close = async () => {
    stop()
    stop = () => {}
    await running?.catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
  let running: Promise<number> | undefined
  const listening = new Promise<string>((resolve, reject) => {
    const stdout = listenTo((text) => {
      said.stdout += text
      const address = READY.exec(said.stdout)?.[1]
      if (address !== undefined) resolve(address)
    })
    const stderr = listenTo((text) => {
      said.stderr += text
    })
    running = main(['--config', file, ...storageArgs, '--port', '0', ...args], {
      ...{ env, stdin: new PassThrough(), stdout, stderr },
      onSignal(listener: (signal: string) => void) {
        stop = () => listener('SIGTERM')
        return () => {}
      },
      exit: () => {},
    })
    running.then((code) => reject(new Error(`the server ended with ${code}: ${said.stderr}`)), reject)
  })
  try {
    const url = await listening
    return { url, folder, storageArgs, stdout: () => said.stdout, stderr: () => said.stderr, close }
  } catch (error) {
    await close()
    throw error
  }
}
