/** `pnpm demo` for somebody who only reads its output. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { ROOT } from './support/paths.ts'
import { signInAgent } from './support/raw-device.ts'
import { until } from './support/wait.ts'

/** Output of the command until it is complete; `stop()` resolves with its exit code. */
async function runDemo(dataDir: string) {
  const args = ['--shop-port', '0', '--chat-port', '0', '--data', dataDir]
  const child = spawn(process.execPath, [join(ROOT, 'apps/demo/dist/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  await until('it says what to try', () => /Where is my order\?/.test(output))
  return {
    output,
    stop() {
      child.kill('SIGINT')
      return exited
    },
  }
}

const address = (output: string, name: string): string =>
  new RegExp(`${name}\\s+(http://127\\.0\\.0\\.1:\\d+\\S*)`).exec(output)?.[1] ?? ''
const account = (output: string, who: string) => {
  const [, email = '', password = ''] = new RegExp(`${who}\\s+(\\S+@\\S+)\\s+(\\S+)`).exec(output) ?? []
  return { email, password }
}

it('prints addresses that answer and accounts that open them, and leaves nothing behind', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chat-demo-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  for (const _run of ['the first', 'the second, on the same data']) {
    const { output, stop } = await runDemo(dataDir)
    const [shop, chat, consoleUrl] = ['Shop', 'Chat', 'Console'].map((name) => address(output, name)) as [
      string,
      string,
      string,
    ]
    expect(await (await fetch(shop)).text()).toContain('<chat-widget')
    expect((await fetch(consoleUrl)).status).toBe(200)
    expect((await fetch(`${chat}/chat-widget.js`)).status).toBe(200)

    const customer = account(output, 'Customer')
    const login = await fetch(`${shop}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(customer),
    })
    expect(login.status, JSON.stringify(customer)).toBe(200)
    const agent = account(output, 'Agent')
    expect(await signInAgent(chat, agent.email, agent.password)).toContain('chat_console=')

    expect(await stop()).toBe(0)
    await expect(fetch(shop)).rejects.toThrow()
    await expect(fetch(`${chat}/healthz`)).rejects.toThrow()
  }
})

it('names an option that it does not know, with those that it has', async () => {
  const args = [join(ROOT, 'apps/demo/dist/main.js'), '--port', '0']
  const demo = promisify(execFile)(process.execPath, args)
  const { code, stderr } = await demo.then(
    () => ({ code: 0, stderr: '' }),
    (error: { readonly code: number; readonly stderr: string }) => error,
  )
  expect(code).toBe(2)
  expect(stderr).toMatch(/^Unknown option '--port'/)
  expect(stderr).toContain('--shop-port N')
  expect(stderr).not.toContain('    at ')
})
