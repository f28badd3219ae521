/** The public packages as their users get them: in a registry on this machine, installed by npm into fresh folders. */
import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { pnpm } from '../../../scripts/pnpm.mjs'
import { ROOT } from './paths.ts'

/** Variables of this workspace, of pnpm and of the test runner. */
const OURS = /^(npm_|pnpm_|vite|node_env|node_options)/i
/** How this machine's npm reaches a registry. */
const NETWORK = /^npm_config_(registry|cache|ca|cafile|proxy|https?_proxy|noproxy|userconfig|globalconfig)$/i

/** The environment of a user's shell. */
const shellEnv = () => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => NETWORK.test(name) || !OURS.test(name)),
  ),
  ...{ NO_COLOR: '1', CI: '1' },
  ...{ ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1' },
  NG_CLI_ANALYTICS: 'false',
  // For servers that do not take a port by a flag.
  ...{ HOST: '127.0.0.1', PORT: '0' },
})

export interface Command {
  readonly folder: string
  /** Folders whose programs come first. */
  readonly path?: readonly string[]
}

function start(command: string, args: readonly string[], { folder, path = [] }: Command) {
  const env = shellEnv()
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...env, PATH: [...path, process.env.PATH].join(':') },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A program that npm starts is ended with it.
    detached: true,
  })
  let said = ''
  const end = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const listen = (hear: (said: string) => void) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        said += text
        hear(said)
      })
  }
  return { ended, listen, end, said: () => said }
}

/** Resolves with the output. Rejects with it if the command fails. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: Command,
): Promise<string> {
  const { ended, listen, said } = start(command, args, options)
  listen(() => {})
  const code = await ended
  if (code === 0) return said()
  throw new Error(`${[command, ...args].join(' ')} ended with ${code} in ${options.folder}:\n${said()}`)
}

export interface Running {
  /** The first address that it prints. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts a program that serves something, and prints its address when it does. */
export async function startCommand(
  command: string,
  args: readonly string[],
  options: Command,
): Promise<Running> {
  const { ended, listen, end, said } = start(command, args, options)
  const url = await new Promise<string>((resolve, reject) => {
    listen((text) => {
      const [, address] = /(http:\/\/[\w.-]+:\d+)\/?[\s]/.exec(text) ?? []
      if (address !== undefined) resolve(address)
    })
    ended.then(
      (code) => reject(new Error(`${command} ended with ${code} in ${options.folder}:\n${said()}`)),
      reject,
    )
  })
  return {
    url,
    async stop() {
      end()
      await ended
    },
  }
}

export interface Registry {
  /** Makes an empty folder in which npm finds our packages; all others come from where npm is set to look. */
  freshFolder(name: string): Promise<string>
  close(): Promise<void>
}

/** Starts a registry under `folder`, and publishes every public package into it. */
export async function startRegistry(folder: string): Promise<Registry> {
  const everyone = { access: '$all', publish: '$anonymous' }
  const server: Server = await runServer({
    configPath: join(folder, 'registry.yaml'),
    self_path: folder,
    storage: join(folder, 'registry'),
    auth: {},
    uplinks: {},
    packages: { '@chat-widget/*': everyone },
    web: { enable: false },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = `@chat-widget:registry=http://${host}/\n`
  const token = join(folder, 'token')
  await writeFile(token, `//${host}/:_authToken=everyone\n`)
  const publish = ['--recursive', '--filter=./packages/*', 'publish', '--no-git-checks']
  const where = [`--registry=http://${host}/`, `--npmrc-auth-file=${token}`]
  await runCommand(...pnpm(...publish, ...where), { folder: ROOT })
  return {
    async freshFolder(name) {
      const fresh = join(folder, name)
      await mkdir(fresh)
      await writeFile(join(fresh, '.npmrc'), settings)
      return fresh
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const QUIET = ['--no-audit', '--no-fund'] as const

/** `npm install`, from npm's cache where it can. */
export const install = (options: Command, ...packages: readonly string[]): Promise<string> =>
  runCommand('npm', ['install', '--prefer-offline', ...QUIET, ...packages], options)
