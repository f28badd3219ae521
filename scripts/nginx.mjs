/** Starts nginx with deploy/nginx-servers.conf on this machine: without TLS, in front of servers on loopback ports. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ROOT } from './run.mjs'
import { freePort } from './test-server.mjs'

/** Replaces what an operator replaces. Throws if it is not there, so that the file is run as it is. */
function adapt(text, changes) {
  return changes.reduce((adapted, [pattern, value]) => {
    if (!pattern.test(adapted)) throw new Error(`nginx-servers.conf has no ${pattern}`)
    return adapted.replace(pattern, value)
  }, text)
}

const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/**
 * Resolves when it listens.
 * @param {{ ports: readonly number[], port?: number }} options ports: those of the servers; port: default a free one
 * @returns {Promise<import('./nginx.mjs').Nginx>}
 */
export async function startNginx({ ports, port: wanted }) {
  const folder = await mkdtemp(join(tmpdir(), 'chat-nginx-'))
  const port = wanted ?? (await freePort())
  const servers = ports.map((one) => `server 127.0.0.1:${one} max_fails=1 fail_timeout=3s;`).join('\n')
  const site = adapt(await readFile(join(ROOT, 'deploy/nginx-servers.conf'), 'utf8'), [
    [/( *server 10\.0\.0\.\d+:8080 [^\n]*\n)+/, `${servers}\n`],
    [/server \{\n *listen 80;[^}]*\}/, ''],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port};`],
    [/server_name [^\n]*\n/, 'server_name localhost 127.0.0.1;\n'],
    [/( *ssl_[^\n]*\n)+/, ''],
    [/ Secure;/, ''],
  ])
  await writeFile(join(folder, 'site.conf'), site)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  await writeFile(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1; pid ${folder}/pid; error_log stderr crit;
worker_rlimit_nofile 20000;
events { worker_connections 10000; }
http { access_log off; ${temporary} include ${folder}/site.conf; }`,
  )
  const args = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;']
  const child = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000)
  })
  const kill = () => child.kill('SIGTERM')
  process.once('exit', kill)
  const ended = new Promise((resolve) => child.once('close', resolve))
  let failed
  child.once('error', (error) => {
    failed = error
  })
  const stop = async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null && failed === undefined) await ended
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  }
  for (let tries = 0; !(await isOpen(port)); tries += 1) {
    if (failed !== undefined || child.exitCode !== null || tries > 200) {
      await stop()
      throw failed ?? new Error(`nginx does not listen: ${said}`)
    }
    await delay(25)
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}
