/**
 * `pnpm test:image`: runs the steps of deploy/Dockerfile where there is no Docker, in empty folders and, if this is root,
 * as another user, with bubblewrap on a root that cannot be written to. On demand: it installs and builds everything once more.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from './run.mjs'

const NOBODY = 65_534
const READY_MS = 30_000

const root = mkdtempSync(join(tmpdir(), 'chat-image-'))
chmodSync(root, 0o755)
const place = (path) => join(root, path)
/** Absolute paths of the image are below `root` here. */
const here = (text, folders) =>
  folders.reduce(
    (changed, folder) =>
      changed.replaceAll(new RegExp(`(?<![\\w/])${folder}(?=$|[/\\s"])`, 'g'), place(folder)),
    text,
  )

const other = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
const give = (path) => {
  if (other.uid !== undefined) chownSync(path, other.uid, other.gid)
}

/** A line that ends in a backslash goes on in the next one. */
const instructions = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => /^(\w+) (.*)$/.exec(line)?.slice(1) ?? [])
const FOLDERS = ['/src', '/app', '/data']

// Steps make folders here.
give(root)
const home = place('home')
mkdirSync(home)
give(home)
const env = { PATH: process.env.PATH, HOME: home }
const image = { env: {}, health: [], entry: [] }
let stage = 0
let folder = root

/** The files of the commit and of the work on it, without what deploy/Dockerfile.dockerignore leaves out. */
function copyRepository(target) {
  mkdirSync(target)
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  })
  for (const file of String(listed).split('\0')) {
    const source = join(ROOT, file)
    if (file === '' || !existsSync(source)) continue
    mkdirSync(dirname(join(target, file)), { recursive: true })
    cpSync(source, join(target, file), { verbatimSymlinks: true })
  }
  if (other.uid !== undefined) execFileSync('chown', ['-R', `${other.uid}:${other.gid}`, target])
}

function step([name, value]) {
  process.stdout.write(`${name} ${value}\n`)
  switch (name) {
    case 'FROM':
      stage += 1
      return
    case 'WORKDIR':
      folder = place(value)
      return
    case 'COPY':
      if (value === '. .') return copyRepository(folder)
      // Of the stage before: it is in its place already, and what it was made from must not be needed.
      if (!value.startsWith('--from=build ')) throw new Error(`COPY ${value} is not understood`)
      rmSync(place('/src'), { recursive: true })
      return
    case 'ENV': {
      const [key, text] = value.split(/=(.*)/s)
      image.env[key] = here(text, FOLDERS)
      return
    }
    case 'RUN': {
      // The image's own user is another one here, and only root may give files away.
      const command = here(value, FOLDERS).replace(
        'chown node:node',
        other.uid === undefined ? 'true' : `chown ${NOBODY}:${NOBODY}`,
      )
      execFileSync('sh', ['-ec', command], {
        cwd: stage === 1 ? folder : root,
        env,
        stdio: 'inherit',
        ...(stage === 1 ? other : {}),
      })
      return
    }
    case 'HEALTHCHECK':
      image.health = JSON.parse(value.slice(value.indexOf('CMD ') + 4))
      return
    case 'ENTRYPOINT':
      image.entry = JSON.parse(here(value, FOLDERS))
      return
    // None is given.
    case 'ARG':
    case 'USER':
    case 'VOLUME':
    case 'EXPOSE':
      return
    default:
      throw new Error(`${name} is not understood`)
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/**
 * bubblewrap's arguments before a command: only /data can be written to, not even /tmp, as with `--read-only` and the
 * image's volume. Empty where bubblewrap is missing or may not make namespaces.
 */
function readOnly() {
  const args = ['bwrap', '--ro-bind', '/', '/', '--bind', place('/data'), place('/data')]
  const [program, ...given] = [...args, '--dev', '/dev', '--proc', '/proc']
  const script = `touch ${place('/data')}/written && rm ${place('/data')}/written && ! touch ${place('/home')}/written`
  const { status } = spawnSync(program, [...given, 'sh', '-c', script], { ...other, stdio: 'ignore' })
  if (status === 0) return [program, ...given]
  process.stdout.write('bubblewrap cannot be used here, so all that permissions allow can be written to\n')
  return []
}

/** The process that bubblewrap started, which it passes no signals on to. */
async function childOf(wrapper) {
  for await (const info of wrapper.stdio[3]) return JSON.parse(info)['child-pid']
}

/** Runs the image as `docker run --read-only IMAGE --dev` would. */
async function runImage() {
  // Nobody but root owns the application.
  if (other.uid !== undefined) execFileSync('chown', ['-R', '0:0', place('/app')])
  const port = String(await freePort())
  const running = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    ...image.env,
    CHAT_WIDGET_HOST: '127.0.0.1',
    CHAT_WIDGET_PORT: port,
  }
  const options = { env: running, cwd: '/', ...other }
  const wrapper = readOnly()
  const info = wrapper.length === 0 ? [] : ['--info-fd', '3']
  const [command, ...args] = [...wrapper, ...info, ...image.entry, '--dev']
  const server = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit', 'pipe'] })
  const pid = wrapper.length === 0 ? server.pid : await childOf(server)
  const ended = new Promise((resolve) => server.once('close', resolve))
  const late = setTimeout(() => process.kill(pid, 'SIGKILL'), READY_MS)
  await new Promise((resolve, reject) => {
    let said = ''
    server.stdout.on('data', (chunk) => {
      said += chunk
      if (/listening on /.test(said)) resolve()
    })
    ended.then((code) => reject(new Error(`the image ended with ${code}`)))
  })
  clearTimeout(late)
  const isHealthy = () => {
    const [program, ...given] = image.health
    const child = spawn(program, given, options)
    return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)))
  }
  const alive = await isHealthy()
  process.kill(pid, 'SIGTERM')
  const code = await ended
  return { alive, code, dead: !(await isHealthy()), isReadOnly: wrapper.length > 0 }
}

try {
  for (const instruction of instructions) step(instruction)
  const { alive, code, dead, isReadOnly } = await runImage()
  const [size] = String(execFileSync('du', ['-sm', place('/app')])).split('\t')
  process.stdout.write(
    `/app has ${size} MB; on a read-only root: ${isReadOnly}; healthy while it ran: ${alive}; exit code ${code}; unhealthy afterwards: ${dead}\n`,
  )
  process.exitCode = alive && dead && code === 0 ? 0 : 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
