import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
// Loaded here: the command loads it when it runs, and the first load takes longer than the test waits.
import '../chat-server.ts'
import { main } from './main.ts'
import { createTestTerminal } from './terminal.testing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-serve-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const AGENT = /^agent: agent@example\.com \/ (\S+)$/m
const ADDRESS = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m

async function serve(data: string, env: Record<string, string> = {}) {
  const test = createTestTerminal({ env })
  const done = main(['--dev', '--port', '0', '--data', data], test.terminal)
  await vi.waitFor(() => expect(test.out()).toMatch(ADDRESS))
  return { ...test, done, address: ADDRESS.exec(test.out())![1]!, password: AGENT.exec(test.out())![1]! }
}

const signIn = async (address: string, password: string) => {
  const response = await fetch(`${address}/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'agent@example.com', password }),
  })
  return response.status
}

it('prints agent and address, serves, and drains on SIGTERM', async () => {
  const data = join(folder, 'dev')
  const first = await serve(data)
  expect(first.out().split('\n')).toEqual([expect.stringMatching(AGENT), expect.stringMatching(ADDRESS), ''])
  expect(await signIn(first.address, first.password)).toBe(200)
  first.signal('SIGTERM')
  expect(await first.done).toBe(0)
  expect(first.listens()).toBe(false)
  await expect(fetch(first.address)).rejects.toThrow()

  const second = await serve(data)
  expect(second.password).not.toBe(first.password)
  expect(await signIn(second.address, first.password)).toBe(401)
  expect(await signIn(second.address, second.password)).toBe(200)
  second.signal('SIGINT')
  second.signal('SIGINT')
  expect(second.exits).toEqual([1])
  expect(await second.done).toBe(0)
})

it('logs to standard error, and nothing secret', async () => {
  const server = await serve(join(folder, 'logged'), { LOG_LEVEL: 'trace' })
  await signIn(server.address, server.password)
  server.signal('SIGTERM')
  await server.done
  const lines = server.err().trim().split('\n')
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level')
  expect(server.err()).toContain('draining')
  expect(server.err()).not.toContain(server.password)
})

it('says in one line that the port is busy', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const test = createTestTerminal()
  const code = await main(['--dev', '--port', String(port), '--data', join(folder, 'busy')], test.terminal)
  other.close()
  expect([code, test.err()]).toEqual([
    1,
    `chat-widget-server: 127.0.0.1:${port} is already in use; choose another --port\n`,
  ])
})

it('says in one line that the data folder cannot be used', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  for (const data of [file, join(file, 'below')]) {
    const test = createTestTerminal()
    expect(await main(['--dev', '--port', '0', '--data', data], test.terminal)).toBe(1)
    expect(test.err()).toMatch(
      /^chat-widget-server: cannot write to the data folder .*; choose another --data\n$/,
    )
  }
  const test = createTestTerminal()
  expect(await main(['--dev', '--port', '0', '--data', '/proc/none'], test.terminal)).toBe(1)
  expect(test.err()).toBe(
    'chat-widget-server: the data folder /proc/none cannot be made; choose another --data\n',
  )
})

it('says in one line that another server uses the data folder', async () => {
  const data = join(folder, 'taken')
  const first = await serve(data)
  const test = createTestTerminal()
  expect(await main(['--dev', '--port', '0', '--data', data], test.terminal)).toBe(1)
  expect(test.err()).toMatch(/^chat-widget-server: another server is using .*\n$/)
  first.signal('SIGTERM')
  await first.done
})
