/**
 * Stands in for systemd on a machine of `operator-machines.ts`: `systemctl VERB UNIT` starts the real program by the unit's file,
 * sends it signals, and waits for its end. The machine's places and ports come in `MACHINE`.
 */
import { spawn } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const { folder, variables, commands } = JSON.parse(process.env.MACHINE ?? '{}')
const [verb, ...rest] = process.argv.slice(2)
const unit = rest.at(-1)
const pidFile = join(folder, `${unit}.pid`)

/** The unit's lines `NAME=value`, of which some come more than once. */
function settings() {
  const lines = readFileSync(join(folder, 'etc/systemd/system', `${unit}.service`), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name, value }]
  })
}

const variable = (line) => {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}

function environment(all) {
  const of = (wanted) => all.flatMap(({ name, value }) => (name === wanted ? [value] : []))
  const files = of('EnvironmentFile').map((file) => file.replace(/^-/, ''))
  const lines = files.flatMap((file) =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.includes('='))
      : [],
  )
  return Object.fromEntries([...of('Environment'), ...lines].map(variable))
}

/**
 * The folder of a service with `DynamicUser`, as systemd makes it: in `private`, with a link where it is expected. A folder in
 * the link's place is moved there once; beside one that is there, the service does not start.
 */
function makeStateFolder(all) {
  const name = all.find((setting) => setting.name === 'StateDirectory')?.value
  if (name === undefined) return
  const [place, own] = [join(folder, 'var/lib', name), join(folder, 'var/lib/private', name)]
  mkdirSync(join(folder, 'var/lib/private'), { recursive: true, mode: 0o700 })
  const there = lstatSync(place, { throwIfNoEntry: false })
  if (there?.isDirectory() && !existsSync(own)) renameSync(place, own)
  mkdirSync(own, { recursive: true, mode: 0o700 })
  if (there?.isDirectory() && existsSync(place)) throw new Error(`${place}: status=238/STATE_DIRECTORY`)
  if (!existsSync(place)) symlinkSync(`private/${name}`, place)
}

function start() {
  const log = openSync(join(folder, `${unit}.log`), 'a')
  const known = commands[unit]
  const all = known === undefined ? settings() : []
  makeStateFolder(all)
  const [command, ...args] = known ?? all.find(({ name }) => name === 'ExecStart').value.split(' ')
  const env = known === undefined ? { PATH: process.env.PATH, ...environment(all) } : process.env
  const given = Object.fromEntries(
    Object.entries({ ...env, ...variables }).filter(([, value]) => value !== null),
  )
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env: given })
  writeFileSync(pidFile, String(child.pid))
  child.unref()
}

const pid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : null)

function signal(name) {
  try {
    process.kill(pid(), name)
    return true
  } catch {
    return false
  }
}

async function stop() {
  if (pid() === null) return
  signal('SIGTERM')
  while (signal(0)) await delay(20)
  rmSync(pidFile)
}

switch (`${verb} ${rest.length}`) {
  case 'enable 2':
  case 'start 1':
    start()
    break
  case 'stop 1':
    await stop()
    break
  case 'restart 1':
    await stop()
    start()
    break
  case 'reload 1':
    if (pid() === null) start()
    else signal('SIGHUP')
    break
  default:
    throw new Error(`systemctl ${process.argv.slice(2).join(' ')} is not known here`)
}
