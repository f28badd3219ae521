/**
 * `pnpm test:nodes [VERSION…]`: runs what runs in Node under each version of it that is supported. On demand: it takes
 * minutes for each. Node itself comes from the npm registry, where each platform's binary is a package.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { build } from './build.mjs'
import { ROOT, run } from './run.mjs'

/** The oldest that is supported, and the newest of each line with long-term support. */
const VERSIONS = ['20.19.0', '22', '24']
const PROJECT = 'units'
const READY_MS = 30_000

const { platform, arch } = process
const BINARIES = `node-${platform === 'win32' ? 'win' : platform}-${arch}`

/** Resolves with the folder of the binary. */
async function install(version) {
  const folder = join(ROOT, 'node_modules/.cache/nodes', version)
  const bin = join(folder, 'node_modules', BINARIES, 'bin')
  if (existsSync(bin)) return bin
  mkdirSync(folder, { recursive: true })
  const code = await run('npm', [
    ...['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'],
    ...['--loglevel', 'error', `${BINARIES}@${version}`],
  ])
  if (code !== 0) throw new Error(`${BINARIES}@${version} could not be installed`)
  return bin
}

/** Runs the unit tests; resolves with a line for the table. */
async function unitTests(node, env) {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const report = join(ROOT, 'node_modules/.cache', 'nodes-report.json')
  rmSync(report, { force: true })
  const args = [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const code = await run(node, [...args, '--project', PROJECT], { env })
  if (!existsSync(report)) return { ok: false, said: `ended with ${code}` }
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  return { ok: code === 0, said: `${numPassedTests} passed, ${numFailedTests} failed` }
}

/** Starts the built server, lets the built client send a message to it, and stops it; resolves with a line. */
async function builtServer(node, env) {
  const data = mkdtempSync(join(tmpdir(), 'chat-nodes-'))
  const command = join(ROOT, 'packages/server/bin/chat-widget-server.js')
  const began = Date.now()
  const server = spawn(node, [command, '--dev', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env, LOG_LEVEL: 'warn' },
  })
  const ended = new Promise((resolve) => server.once('close', resolve))
  const late = setTimeout(() => server.kill('SIGKILL'), READY_MS)
  try {
    const address = await new Promise((resolve, reject) => {
      let said = ''
      server.stdout.on('data', (chunk) => {
        said += chunk
        const [, found] = /listening on (\S+)\n/.exec(said) ?? []
        if (found !== undefined) resolve(found)
      })
      ended.then((code) => reject(new Error(`ended with ${code}`)))
    })
    const ready = Date.now() - began
    const client = await run(node, ['--input-type=module', '--eval', CLIENT, address], {
      env,
      cwd: join(ROOT, 'test'),
    })
    server.kill('SIGTERM')
    const code = await ended
    return {
      ok: client === 0 && code === 0,
      said: `ready after ${ready} ms; client ${client === 0 ? 'sends' : 'fails'}; exit code ${code}`,
    }
  } catch (error) {
    server.kill('SIGKILL')
    return { ok: false, said: error.message }
  } finally {
    clearTimeout(late)
    rmSync(data, { recursive: true, force: true })
  }
}

const CLIENT = `
import { ChatClient } from '@chat-widget/client'
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
const [server] = process.argv.slice(-1)
createAuthenticationClient({ server, app: 'demo' }).close()
const chat = new ChatClient({ app: 'demo', server })
await chat.connect()
const { seq } = await chat.send('Hello from ' + process.version)
await chat.close()
process.exit(seq === 1 ? 0 : 1)
`

if ((await build()) !== 0) process.exit(1)
const given = process.argv.slice(2).filter((argument) => argument !== '--')
const rows = []
for (const version of given.length > 0 ? given : VERSIONS) {
  const bin = await install(version)
  const node = join(bin, platform === 'win32' ? 'node.exe' : 'node')
  const env = { PATH: bin + delimiter + process.env.PATH }
  process.stdout.write(`\nNode ${version}\n`)
  const server = await builtServer(node, env)
  const tests = await unitTests(node, env)
  rows.push({ version, server, tests })
}
process.stdout.write(`\n| Node | built server and client | unit tests |\n| --- | --- | --- |\n`)
for (const { version, server, tests } of rows)
  process.stdout.write(`| ${version} | ${server.said} | ${tests.said} |\n`)
const red = rows.flatMap(({ server, tests }) => [server, tests]).filter(({ ok }) => !ok)
process.stdout.write(`\n${2 * rows.length - red.length} passed, ${red.length} failed\n`)
process.exit(red.length > 0 ? 1 : 0)
