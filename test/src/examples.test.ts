/** Runs the examples that need no installation of their own; the others are run by `pnpm test:consumers`. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { buildExample, runExample, serveExample } from './support/examples.ts'
import { ROOT } from './support/paths.ts'
import { PYJWT } from './support/python-jwt.ts'
import { startServerHere } from './support/server-here.ts'
import { BOT_SECRET, SHOP_SECRET } from './support/shop.ts'
import { stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()

/** The chat server of examples/chat.jsonc, with the bot that is commented out there. */
async function startServer(bot: string): Promise<string> {
  const text = await readFile(join(ROOT, 'examples/chat.jsonc'), 'utf8')
  const config = text
    .replace('// , "bot"', ', "bot"')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replace('http://localhost:8082/', bot)
    .replace('{ "env": "SHOP_BOT_SECRET" }', `"${BOT_SECRET}"`)
    .replace('{ "env": "SHOP_JWT_SECRET" }', `"${SHOP_SECRET}"`)
  const server = await startServerHere(JSON.parse(config) as object)
  onTestFinished(() => server.close())
  return server.url
}

const startTokens = async (...program: Parameters<typeof runExample>) =>
  new URL(await runExample(...program)).origin

describe('examples', () => {
  it('a plain page, the bot and the token endpoint in Node', async () => {
    const [bot, tokens] = await Promise.all([
      runExample(process.execPath, 'node-bot', 'bot.mjs', { SHOP_BOT_SECRET: BOT_SECRET }),
      startTokens(process.execPath, 'token-endpoint-node', 'server.mjs', { SHOP_JWT_SECRET: SHOP_SECRET }),
    ])
    expect((await fetch(bot, { method: 'POST', body: '{}' })).status).toBe(401)
    const address = await serveExample('plain-page', {
      'http://localhost:8080': await startServer(bot),
      'http://localhost:8081': tokens,
    })
    const page = await browser.page()
    await page.goto(address)
    const chat = widgetOn(page)
    await chat.open()
    await chat.say('Where is my order?')
    await chat.log.getByRole('button', { name: 'Sign in' }).click()
    await chat.shows('alex@example.com: your order is on its way.')
    expect((await stateOf(page)).identity).toMatchObject({ status: 'identified' })
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect.poll(async () => (await stateOf(page)).identity.status).toBe('anonymous')
  })

  it('an interface of its own, the bot and the token endpoint in Python', async () => {
    const modules = await mkdtemp(join(tmpdir(), 'chat-examples-'))
    onTestFinished(() => rm(modules, { recursive: true, force: true }))
    await writeFile(join(modules, 'jwt.py'), PYJWT)
    const [bot, tokens] = await Promise.all([
      runExample('python3', 'python-bot', 'bot.py', { SHOP_BOT_SECRET: BOT_SECRET }),
      startTokens('python3', 'token-endpoint-python', 'server.py', {
        SHOP_JWT_SECRET: SHOP_SECRET,
        PYTHONPATH: modules,
        PYTHONDONTWRITEBYTECODE: '1',
      }),
    ])
    expect((await fetch(bot, { method: 'POST', body: '{}' })).status).toBe(401)
    const address = await buildExample('headless-react', {
      'http://localhost:8080': await startServer(bot),
      'http://localhost:8081': tokens,
    })
    const page = await browser.page()
    await page.goto(address)
    const chat = page.getByRole('region', { name: 'Chat' })
    await chat.getByRole('textbox', { name: 'Message' }).fill('Where is my order?')
    await chat.getByRole('button', { name: 'Send' }).click()
    await chat.getByRole('log').getByRole('button', { name: 'Sign in' }).click()
    await chat.getByText('alex@example.com: your order is on its way.').waitFor()
    await chat.getByText('Signed in as alex@example.com', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await chat.getByText('Ask us anything').waitFor()
    expect(await chat.getByRole('listitem').count()).toBe(0)
  })
})
