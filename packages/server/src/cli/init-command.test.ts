import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { INITIAL_CONFIG } from './init-command.ts'
import { main } from './main.ts'
import { createTestTerminal } from './terminal.testing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-init-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function init(file: string, env: Record<string, string> = {}) {
  const test = createTestTerminal({ env })
  const code = await main(['init', file], test.terminal)
  return { code, out: test.out(), err: test.err() }
}

it('writes a configuration that the server takes, and says what to do next', async () => {
  const file = join(folder, 'chat.jsonc')
  const { code, out, err } = await init(file)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(loadConfig(['--config', file], {}).apps).toMatchObject([{ id: 'shop', name: 'My shop' }])
  expect(out).toContain(`wrote ${file}`)
  expect(out).toContain(`     chat-widget-server --config ${file}`)
  expect((await init(join(folder, 'again.jsonc'), { npm_command: 'exec' })).out).toContain(
    '     npx chat-widget-server agent add',
  )
})

it('replaces no file', async () => {
  const file = join(folder, 'mine.jsonc')
  writeFileSync(file, '{}')
  const { code, out, err } = await init(file)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toBe(`chat-widget-server: ${file} exists already; nothing was changed\n`)
  expect(readFileSync(file, 'utf8')).toBe('{}')
})

it('writes to standard output where it is asked to', async () => {
  expect(await init('-')).toEqual({ code: 0, out: INITIAL_CONFIG, err: '' })
})

it('says where it cannot write', async () => {
  const file = join(folder, 'missing', 'chat.jsonc')
  expect((await init(file)).err).toBe(`chat-widget-server: cannot write ${file} (no such folder)\n`)
  expect(existsSync(file)).toBe(false)
})

it('[OP6] comments out what is valid too', () => {
  const file = join(folder, 'all.jsonc')
  writeFileSync(file, INITIAL_CONFIG.replaceAll(/^( *)\/\/ ("|\},?$| {2,}"| *\})/gm, '$1$2'))
  const webhookSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  const config = loadConfig(['--config', file], {
    CHAT_JWT_SECRET: 'x'.repeat(32),
    CHAT_BOT_SECRET: webhookSecret,
    CHAT_API_KEY_HASH: `sha256:${createHash('sha256').update('key').digest('hex')}`,
    CHAT_SMTP_URL: 'smtp://mail.example.com',
  })
  expect(config).toMatchObject({
    publicUrl: 'https://chat.example.com',
    trustedProxies: ['loopback', '10.0.0.0/8'],
    mail: { smtpUrl: 'smtp://mail.example.com' },
    apps: [
      {
        context: { kind: 'jwt', audience: 'chat' },
        bot: { secret: webhookSecret },
        apiKeyHashes: [expect.any(String)],
      },
    ],
  })
})
