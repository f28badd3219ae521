import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, it, vi } from 'vitest'
import { createScanner } from './scanner.ts'

/** The text by which scanners are tried, in two parts: a scanner on this machine may look at this file. */
const EICAR = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD${'-ANTIVIRUS-TEST-FILE!$H+H*'}`

const server = createServer(async (request, response) => {
  const isHarmful = (await buffer(request)).includes('EICAR')
  response.writeHead(request.url === '/broken' ? 500 : isHarmful ? 422 : 204).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => new Promise((resolve) => server.close(resolve)))

const timeoutMs = 10_000
/** As `clamdscan --no-summary -`: 0 for clean, 1 for found, 2 for a failure. */
const command = ['sh', '-c', 'if grep -q EICAR; then exit 1; else exit 0; fi']
const scan = (config: Parameters<typeof createScanner>[0], text: string) =>
  createScanner(config)(Readable.from([Buffer.from(text)]), Buffer.byteLength(text))

it.each([
  ['a command', { command, timeoutMs }],
  ['a URL', { url, timeoutMs }],
] as const)('[FI6] %s tells a harmful file from a clean one', async (_name, config) => {
  expect(await scan(config, EICAR)).toBe(false)
  expect(await scan(config, 'a broken tent')).toBe(true)
})

it.each([
  ['a command that fails', { command: ['sh', '-c', 'cat >/dev/null; exit 2'], timeoutMs }],
  ['a command that is missing', { command: ['/no/such/scanner'], timeoutMs }],
  ['a command that hangs', { command: ['sleep', '60'], timeoutMs: 50 }],
  ['a URL that fails', { url: `${url}/broken`, timeoutMs }],
  ['a URL that nobody answers', { url: 'http://127.0.0.1:1/', timeoutMs }],
] as const)('[FI6] with %s no file is taken', async (_name, config) => {
  await expect(scan(config, 'a broken tent')).rejects.toMatchObject({ code: 'unavailable' })
})

it('[FI6] a command need not read all to find harm, but to find none', async () => {
  const warn = vi.fn()
  const ending = (code: number) =>
    createScanner({ command: ['sh', '-c', `head -c 1000; exit ${code}`], timeoutMs }, { warn })(
      Readable.from([Buffer.alloc(5_000_000, 'x')]),
      5_000_000,
    )
  expect(await ending(1)).toBe(false)
  expect(warn).not.toHaveBeenCalled()
  await expect(ending(0)).rejects.toMatchObject({ code: 'unavailable' })
  expect(warn.mock.calls).toEqual([
    [{ reason: 'the scanner did not read all of the file' }, 'a file was not scanned'],
  ])
})

it('[FI6] a file that cannot be read to its end is not found clean', async () => {
  async function* broken() {
    yield Buffer.from('a broken')
    throw new Error('the disk is gone')
  }
  const scanned = createScanner({ command, timeoutMs })(Readable.from(broken()), 13)
  await expect(scanned).rejects.toMatchObject({ code: 'unavailable' })
})
