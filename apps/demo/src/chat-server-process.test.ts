import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ChatServerProcess, startChatServer } from './chat-server-process.ts'

let folder: string
let started: ChatServerProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'northwind-'))
  started = []
})
afterEach(async () => {
  await Promise.all(started.map((server) => server.stop('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})

/** Starts a script instead of the chat server. */
async function start(script: string, options: Partial<Parameters<typeof startChatServer>[0]> = {}) {
  const command = join(folder, 'server.mjs')
  await writeFile(command, script)
  const server = await startChatServer({ args: [], env: {}, ...options, command })
  started.push(server)
  return server
}

const LISTENS = `console.log('agent: agent@example.com / secret')
console.log('listening on http://127.0.0.1:4711')
setInterval(() => {}, 1_000)`

describe('startChatServer', () => {
  it('resolves once the server says where it listens, with what it said before', async () => {
    const server = await start(LISTENS)

    expect(server.port).toBe(4711)
    expect(server.startOutput).toContain('agent: agent@example.com / secret')
    expect(server.isRunning()).toBe(true)
  })

  it('hands arguments and secrets on, the secrets by environment only', async () => {
    const lines: string[] = []
    await start(
      `console.log(process.argv.slice(2).join(' '), process.env.NORTHWIND_TOKEN_SECRET)\n${LISTENS}`,
      {
        args: ['--port', '0'],
        env: { NORTHWIND_TOKEN_SECRET: 'hush' },
        onOutput: (line) => lines.push(line),
      },
    )

    expect(lines[0]).toBe('--port 0 hush')
  })

  it('rejects with the server’s own words when it ends instead', async () => {
    const script = `console.error('apps[0].id: is missing'); process.exitCode = 2`

    const onExit = vi.fn()

    await expect(start(script, { onExit })).rejects.toThrow(
      /ended \(exit 2\) before it listened\.\napps\[0\]\.id: is missing/,
    )
    expect(onExit).not.toHaveBeenCalled()
  })

  it('stops by SIGTERM, and may be asked twice', async () => {
    const onExit = vi.fn()
    const server = await start(`process.on('SIGTERM', () => process.exit(0))\n${LISTENS}`, { onExit })

    await Promise.all([server.stop(), server.stop()])
    await server.stop()

    expect(server.isRunning()).toBe(false)
    expect(onExit).toHaveBeenCalledExactlyOnceWith({ code: 0, signal: null })
  })

  it('tells of a server that was killed', async () => {
    const onExit = vi.fn()
    const server = await start(LISTENS, { onExit })

    process.kill(server.pid, 'SIGKILL')

    await vi.waitFor(() => expect(onExit).toHaveBeenCalledExactlyOnceWith({ code: null, signal: 'SIGKILL' }))
    expect(server.isRunning()).toBe(false)
  })
})
