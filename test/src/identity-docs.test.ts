/** Tests docs/identity.md: a running server accepts its tokens, and its names are those in the code. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as providers from '@chat-widget/client/providers'
import { CLIENT_ERROR_CODES, SERVER_ERROR_CODES } from '@chat-widget/protocol'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from './support/paths.ts'
import { PYJWT } from './support/python-jwt.ts'
import { connectVisitor } from './support/raw-device.ts'
import { startServerHere } from './support/server-here.ts'
import { SHOP_SECRET, shopConfig } from './support/shop.ts'

const CUSTOMER = 'alex@example.com'

let guide = ''
beforeAll(async () => {
  guide = await readFile(join(ROOT, 'docs/identity.md'), 'utf8')
})

/** The guide's example that makes a token, in a language. */
function example(language: string): string {
  const blocks = [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))]
  return blocks.map(([, code = '']) => code).find((code) => code.includes('SHOP_JWT_SECRET')) ?? ''
}

/** Output of a program; `null` if this machine does not have it. */
function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: join(ROOT, 'test'),
      env: { PATH: process.env.PATH, SHOP_JWT_SECRET: SHOP_SECRET, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(null) : reject(error),
    )
    child.once('close', (code) =>
      code === 0 ? resolve(stdout.trim()) : reject(new Error(`${command} ended with ${code}: ${stderr}`)),
    )
  })
}

/** The server's answer to a token. */
async function judge(token: string, userIdentifier: string) {
  const server = await startServerHere(shopConfig())
  onTestFinished(() => server.close())
  const device = await connectVisitor(server.url, { intent: 'identify' })
  onTestFinished(() => device.close())
  return device.socket.emitWithAck('identity:authenticate', {
    userIdentifier,
    context: { Auth: { Token: token } },
    mergePolicy: 'merge',
  })
}

describe('a token made as the guide shows', () => {
  it('[ID9] in Node is accepted for its subject, for ten minutes, and for nobody else', async () => {
    const print = `process.stdout.write(await chatToken('${CUSTOMER}'))`
    const token = await run(process.execPath, ['--input-type=module', '-e', `${example('js')}\n${print}`])
    const accepted = await judge(token ?? '', CUSTOMER)
    expect(accepted).toMatchObject({
      ok: true,
      value: { identity: { status: 'identified', userIdentifier: CUSTOMER } },
    })
    const { identity, serverTime } = accepted.ok ? accepted.value : expect.fail('refused')
    const lifetimeMs = identity.expiresAt === null ? 0 : identity.expiresAt - serverTime
    expect(lifetimeMs).toBeGreaterThan(9 * 60_000)
    expect(lifetimeMs).toBeLessThanOrEqual(10 * 60_000)
    const refused = await judge(token ?? '', 'mallory@example.com')
    expect(refused).toMatchObject({ ok: false, error: { code: 'context-mismatch' } })
  })

  it('[ID9] in Python is accepted', async ({ skip }) => {
    const folder = await mkdtemp(join(tmpdir(), 'chat-guide-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'jwt.py'), PYJWT)
    const code = `${example('python')}\nprint(chat_token("${CUSTOMER}"))`
    expect(code).toContain('jwt.encode(claims, os.environ["SHOP_JWT_SECRET"], algorithm="HS256")')
    const token = await run('python3', ['-B', '-c', code], { PYTHONPATH: folder })
    if (token === null && !process.env.CI) skip('there is no python3 here')
    if (token === null) expect.fail('there is no python3 here')
    expect(await judge(token, CUSTOMER)).toMatchObject({
      ok: true,
      value: { identity: { userIdentifier: CUSTOMER } },
    })
  })

  it.each([
    ['js', 'examples/token-endpoint-node/server.mjs'],
    ['python', 'examples/token-endpoint-python/server.py'],
  ])('in %s is that of the example', async (language, file) => {
    const code = example(language).replace(/^import .*\n\n/, '')
    expect(code).not.toBe('')
    expect(await readFile(join(ROOT, file), 'utf8')).toContain(code)
  })

  it.each([
    ['js', 'jose', /\.setIssuedAt\(\)\s+\.setExpirationTime\('10m'\)/],
    ['python', 'PyJWT', /"iat": now, "exp": now \+ 600/],
    ['ruby', 'jwt', /iat: now, exp: now \+ 600/],
    ['go', 'golang-jwt', /"iat": now, "exp": now \+ 600/],
    ['php', 'firebase/php-jwt', /'iat' => \$now, 'exp' => \$now \+ 600/],
  ])('in %s claims what the configuration of the server guide asks for', async (language, library, times) => {
    const code = example(language)
    const server = await readFile(join(ROOT, 'docs/server.md'), 'utf8')
    expect(guide).toContain(`[${library}](`)
    for (const configured of ['https://shop.example.com', 'chat', 'HS256']) {
      expect(server).toContain(`"${configured}"`)
      expect(code).toMatch(new RegExp(`["'](alg)?${configured}["']|SigningMethod${configured}`))
    }
    for (const [claim, value] of [
      ['sub', '[cC]ustomer_?I[dD]|customer_id'],
      ['iss', '["\']https://shop\\.example\\.com["\']'],
      ['aud', '["\']chat["\']'],
    ]) {
      expect(code).toMatch(new RegExp(`["']?${claim}["']?(:| =>) \\$?(${value})`))
    }
    expect(code).toMatch(times)
  })
})

describe('the tables of the guide', () => {
  /** The first column of the table under a heading. */
  const firstColumn = (heading: string): readonly string[] => {
    const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
    return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell = '']) => cell)
  }

  it('[ID17] name every identity state and no other', async () => {
    const source = await readFile(join(ROOT, 'packages/client/src/chat-state.ts'), 'utf8')
    const union = source.split('export type IdentityState =')[1]?.split('\n\n')[0] ?? ''
    const states = [...union.matchAll(/status: '([a-z-]+)'/g)].map(([, status]) => status)
    expect(states).toHaveLength(6)
    expect(firstColumn('The states').filter((name) => name !== 'status')).toEqual(states)
  })

  it('name error codes that exist', () => {
    const codes = firstColumn('Errors')
    expect(codes).toContain('context-mismatch')
    const existing: readonly string[] = [...SERVER_ERROR_CODES, ...CLIENT_ERROR_CODES]
    for (const code of codes) expect(existing).toContain(code)
  })

  it('name every ready-made provider and no other', () => {
    const named = firstColumn('Ready-made providers').map((cell) => cell.split('(')[0])
    const exported = Object.keys(providers).filter((name) => name.endsWith('Provider'))
    expect(named.toSorted()).toEqual(exported.toSorted())
  })
})
