/**
 * Machines of an operator, in folders of this one: blocks of a page are run by bash as they are written. Only places and
 * addresses are replaced, and there are stand-ins for systemd, for `sudo`, and for npm, which links the server that was built.
 */
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from './paths.ts'

const SERVICE_MANAGER = fileURLToPath(new URL('./service-manager.mjs', import.meta.url))
/** Folders that are the machine's own. */
const PLACES = /(?<![\w.$/])\/(?=(?:etc|opt|backup|var\/lib|usr\/local\/bin)\b)/g

export interface MachineOptions {
  readonly name: string
  /** Replaced in blocks and in the files of deploy/: what an operator replaces, or what this machine cannot have. */
  readonly replaced: readonly (readonly [RegExp, string])[]
  /** Set in each shell. */
  readonly env?: Readonly<Record<string, string>>
  /** Set for services, also against their files; `null`: not set. */
  readonly serviceEnv?: Readonly<Record<string, string | null>>
  /** Services that a distribution brings, and how each is started. */
  readonly services?: (folder: string) => Readonly<Record<string, readonly string[]>>
}

export interface Machine {
  readonly name: string
  readonly folder: string
  /** Resolves with what the block printed; rejects with it if a command failed. */
  run(block: string): Promise<string>
  close(): Promise<void>
}

const script = (lines: string) => `#!/usr/bin/env bash\nset -euo pipefail\n${lines}\n`

export async function openMachine(options: MachineOptions): Promise<Machine> {
  const { name, env = {}, serviceEnv = {}, services = () => ({}) } = options
  const folder = await mkdtemp(join(tmpdir(), 'chat-machine-'))
  const here = (text: string) =>
    [
      [PLACES, `${folder}/`] as const,
      [/\/usr\/bin\/node\b/g, process.execPath] as const,
      ...options.replaced,
    ].reduce((changed, [pattern, value]) => changed.replace(pattern, value), text)
  for (const made of [
    'etc/systemd/system',
    'etc/nginx/conf.d',
    'etc/caddy',
    'opt',
    'var/lib',
    'usr/local/bin',
    'bin',
  ])
    await mkdir(join(folder, made), { recursive: true })
  await cp(`${ROOT}deploy`, join(folder, 'deploy'), { recursive: true })
  for (const file of await readdir(join(folder, 'deploy'))) {
    const path = join(folder, 'deploy', file)
    await writeFile(path, here(await readFile(path, 'utf8')))
  }
  const programs = {
    systemctl: `exec ${process.execPath} ${SERVICE_MANAGER} "$@"`,
    // There is one user here; the database's own is in the environment.
    sudo: '[ "$1 $2" = "-u postgres" ]; shift 2; exec "$@"',
    npm: `[ "$1 $2 $4" = "install --prefix @chat-widget/server" ]
mkdir -p "$3/node_modules/@chat-widget" "$3/node_modules/.bin"
ln -s ${ROOT}packages/server "$3/node_modules/@chat-widget/server"
ln -s ../@chat-widget/server/bin/chat-widget-server.js "$3/node_modules/.bin/chat-widget-server"`,
    nginx: `PATH="\${PATH#*:}" exec nginx -p ${folder} -e stderr -c ${folder}/etc/nginx/nginx.conf "$@"`,
  }
  for (const [program, lines] of Object.entries(programs)) {
    await writeFile(join(folder, 'bin', program), script(lines))
    await chmod(join(folder, 'bin', program), 0o755)
  }
  const machine = { folder, variables: serviceEnv, commands: services(folder) }
  const path = [`${folder}/bin`, process.env.PATH, `${folder}/usr/local/bin`].join(delimiter)
  const shell = {
    cwd: folder,
    env: { PATH: path, HOME: folder, MACHINE: JSON.stringify(machine), ...env },
  }
  return {
    name,
    folder,
    async run(block) {
      try {
        const { stdout } = await promisify(execFile)(
          'bash',
          ['--norc', '-euo', 'pipefail', '-c', here(block)],
          shell,
        )
        return stdout
      } catch (cause) {
        const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
        const logs = (await readdir(folder)).filter((file) => file.endsWith('.log'))
        const said = await Promise.all(logs.map((file) => readFile(join(folder, file), 'utf8')))
        throw new Error(`on ${name}: ${here(block)}\n${stdout}${stderr}\n${said.join('\n').slice(-2_000)}`, {
          cause,
        })
      }
    },
    async close() {
      for (const file of (await readdir(folder)).filter((each) => each.endsWith('.pid')))
        try {
          // With its children, which nginx would leave behind.
          process.kill(-Number(await readFile(join(folder, file), 'utf8')), 'SIGKILL')
        } catch {
          // It has ended.
        }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
