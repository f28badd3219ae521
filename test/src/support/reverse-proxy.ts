/** nginx and Caddy with the files of deploy/, on a port of this machine and with a certificate made for the test. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './paths.ts'
import { until } from './wait.ts'

export type ProxyProgram = 'nginx' | 'Caddy'

export interface ReverseProxy {
  /** `https://localhost:PORT`. */
  readonly origin: string
  close(): Promise<void>
}

/** A port that was free a moment ago: addresses are written into configurations before anything listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface Certificate {
  readonly key: string
  readonly certificate: string
}

async function selfSigned(folder: string): Promise<Certificate> {
  const made = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') }
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'],
    ...['-keyout', made.key, '-out', made.certificate],
  ])
  return made
}

/** Replaces what an operator replaces. Throws if it is not there, so that the test runs the file as it is. */
function adapt(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((adapted, [pattern, value]) => {
    if (!pattern.test(adapted)) throw new Error(`the file has no ${pattern}`)
    return adapted.replace(pattern, value)
  }, text)
}

interface Setup {
  readonly folder: string
  readonly port: number
  readonly plainPort: number
  readonly serverPort: number
  readonly certificate: Certificate
}

async function nginxArguments(setup: Setup): Promise<readonly string[]> {
  const { folder, port, plainPort, serverPort, certificate } = setup
  const site = adapt(await readFile(`${ROOT}deploy/nginx.conf`, 'utf8'), [
    [/listen 80;/, `listen 127.0.0.1:${plainPort};`],
    [/listen 443 ssl/, `listen 127.0.0.1:${port} ssl`],
    [/server_name example\.com/g, 'server_name localhost'],
    [/server 127\.0\.0\.1:8080/, `server 127.0.0.1:${serverPort}`],
    [/ssl_certificate \S+;/, `ssl_certificate ${certificate.certificate};`],
    [/ssl_certificate_key \S+;/, `ssl_certificate_key ${certificate.key};`],
  ])
  await writeFile(join(folder, 'site.conf'), site)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  // What /etc/nginx/nginx.conf of a distribution brings.
  await writeFile(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1; pid ${folder}/pid; error_log stderr;
events {} http { access_log off; ${temporary} include ${folder}/site.conf; }`,
  )
  return ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']
}

async function caddyArguments(setup: Setup): Promise<readonly string[]> {
  const { folder, port, serverPort, certificate } = setup
  const site = adapt(await readFile(`${ROOT}deploy/Caddyfile`, 'utf8'), [
    [
      /^example\.com \{$/m,
      `https://localhost:${port} {\n\ttls ${certificate.certificate} ${certificate.key}`,
    ],
    [/127\.0\.0\.1:8080/, `127.0.0.1:${serverPort}`],
  ])
  const file = join(folder, 'Caddyfile')
  await writeFile(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`)
  return ['run', '--config', file, '--adapter', 'caddyfile']
}

const PROGRAMS = {
  nginx: { command: 'nginx', argumentsOf: nginxArguments },
  Caddy: { command: 'caddy', argumentsOf: caddyArguments },
} as const

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** Resolves when it listens on `port`; it passes requests on to `serverPort`. */
export async function startProxy(
  program: ProxyProgram,
  { port, serverPort }: { readonly port: number; readonly serverPort: number },
): Promise<ReverseProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-proxy-'))
  const { command, argumentsOf } = PROGRAMS[program]
  const certificate = await selfSigned(folder)
  const args = await argumentsOf({ folder, port, serverPort, certificate, plainPort: await freePort() })
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  let failed: Error | null = null
  child.once('error', (error) => {
    failed = error
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const close = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null && failed === null) await ended
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await until(`${command} to listen`, async () => {
      if (failed !== null || child.exitCode !== null) throw failed ?? new Error(`${command} ended: ${said}`)
      return answers(port)
    })
  } catch (error) {
    await close()
    throw error
  }
  return { origin: `https://localhost:${port}`, close }
}
