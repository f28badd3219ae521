/** What the documentation shows works: its pages, policies, bots and configuration, as they stand there. */
import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { restPage } from '../../scripts/rest-page.mjs'
import { useBrowser } from './support/browser.ts'
import { type HostSite, startHostSite } from './support/host-site.ts'
import { ROOT } from './support/paths.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { startServer } from './support/server-process.ts'
import { BOT_SECRET, mintToken, SHOP_SECRET, shopConfig } from './support/shop.ts'
import { isConnected, widgetOn } from './support/widget-page.ts'

const read = (path: string) => readFile(new URL(path, `file://${ROOT}/`), 'utf8')

/** The code blocks of a page in a language, in order. */
async function blocks(path: string, language: string): Promise<readonly string[]> {
  const text = await read(path)
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  )
}

const browser = useBrowser()

describe('docs/server.md', () => {
  it('shows a configuration that the server starts with', async () => {
    const [whole = '', ...parts] = await blocks('docs/server.md', 'jsonc')
    const contexts = parts.filter((part) => part.startsWith('{ "kind"'))
    const json = (text: string): unknown => JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ''))
    const config = json(whole) as { apps: [Record<string, unknown>] }
    const env = {
      SHOP_JWT_SECRET: SHOP_SECRET,
      SMTP_URL: 'smtp://chat:password@mail.shop.example.com:587',
      SHOP_BOT_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
    }
    expect(contexts).toHaveLength(2)
    for (const context of [config.apps[0].context, ...contexts.map(json)]) {
      const server = await startServer({ config: { ...config, apps: [{ ...config.apps[0], context }] }, env })
      try {
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      } finally {
        await server.close()
      }
    }
  })
})

describe('README.md', () => {
  it('shows an embed that opens the chat, fires login-button and identifies the customer', async () => {
    const [embed = ''] = await blocks('README.md', 'html')
    const server = await startServer({ config: shopConfig() })
    const host = await startHostSite()
    try {
      const customer = `<script>window.customer = { id: 'alex@example.com' }</script>`
      const html = embed.replaceAll('https://chat.example.com', server.url)
      const address = host.page(
        '/',
        `<!doctype html><html lang="en"><title>Shop</title>${customer}${html}</html>`,
      )
      const page = await browser.page()
      const token = await mintToken('alex@example.com')
      await page.route('**/chat-token', (route) => route.fulfill({ json: { token } }))
      await page.goto(address)
      const status = () =>
        page
          .locator('chat-widget')
          .evaluate(
            (chat) =>
              (chat as unknown as { getState(): { identity: { status: string } } }).getState().identity
                .status,
          )
      await page.evaluate("document.querySelector('chat-widget').open = true")
      await expect.poll(status).toBe('identified')
    } finally {
      await host.close()
      await server.close()
    }
  })
})

describe('a page', () => {
  let server: ServerHere
  let site: HostSite
  beforeAll(async () => {
    server = await startServerHere(shopConfig())
    site = await startHostSite()
  })
  afterAll(async () => {
    await site?.close()
    await server?.close()
  })
  const here = (text: string) =>
    text
      .replaceAll(/wss:\/\/chat\.example\.com/g, server.url.replace('http', 'ws'))
      .replaceAll(/https:\/\/chat\.example\.com|http:\/\/127\.0\.0\.1:8080/g, server.url)
  /** Opens a page under a policy, and writes a message. */
  const chatsOn = async (path: string, html: string, policy?: string) => {
    const page = await browser.page({ reducedMotion: 'reduce' })
    const headers = policy === undefined ? {} : { 'content-security-policy': policy.replace(/^[^:]+: /, '') }
    await page.goto(site.page(path, { html, headers }))
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('hello')
    await chat.isSent()
  }

  it('of docs/start.md has a chat', async () => {
    const [html = ''] = await blocks('docs/start.md', 'html')
    await chatsOn('/start', here(html).replace('data-app="demo"', 'data-app="shop"'))
  })

  it.each([0, 1])('[HP7] under the policies of docs/csp.md has a chat (%i)', async (index) => {
    const policies = await blocks('docs/csp.md', 'http')
    expect(policies).toHaveLength(2)
    const tag = here('<script async src="https://chat.example.com/embed.js" data-app="shop"></script>')
    await chatsOn(`/csp-${index}`, `<h1>Shop</h1>${tag}`, here(policies[index] ?? '').trim())
  })

  it('[HP7] under the policy of docs/csp-nonce.md has a chat, with a nonce alone', async () => {
    const [policy = ''] = await blocks('docs/csp-nonce.md', 'http')
    const [html = ''] = await blocks('docs/csp-nonce.md', 'html')
    expect(policy).toContain("script-src 'nonce-rAnd0m';")
    await chatsOn('/nonce', `<h1>Shop</h1>${here(html)}`, here(policy).trim())
  })

  it('[HP7] under the policy of docs/csp-hashes.md has a chat, with the hash of the manifest', async () => {
    const manifest = await (await fetch(`${server.url}/chat-widget.manifest.json`)).json()
    const { integrity } = (manifest as { files: Record<string, { integrity: string }> }).files['embed.js']!
    const [policy = '', html = ''] = [
      ...(await blocks('docs/csp-hashes.md', 'http')),
      ...(await blocks('docs/csp-hashes.md', 'html')),
    ].map((block) => here(block).replaceAll('sha384-EMBED', integrity))
    await chatsOn('/hashes', `<h1>Shop</h1>${html}`, policy.trim())
  })
})

describe('docs/bots.md', () => {
  const freePort = () =>
    new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as { port: number }
        probe.close(() => resolve(port))
      })
    })

  it.each([
    ['js', 'bot.mjs', process.execPath],
    ['python', 'bot.py', 'python3'],
  ])(
    'has a bot in %s that answers, asks to sign in, and refuses who does not sign',
    async (language, file, program) => {
      const [code = ''] = await blocks('docs/bots.md', language)
      // Beside the tests, where Node finds the package that it imports.
      const path = join(ROOT, 'test/node_modules/.cache', file)
      await writeFile(path, code)
      onTestFinished(() => rm(path, { force: true }))
      const port = await freePort()
      const env = { PATH: process.env.PATH, SHOP_BOT_SECRET: BOT_SECRET, PORT: String(port) }
      const bot = spawn(program, [path], { env, stdio: 'ignore' })
      onTestFinished(() => void bot.kill('SIGKILL'))
      const url = `http://127.0.0.1:${port}/`
      const unsigned = () =>
        fetch(url, { method: 'POST', body: '{}' }).then(
          ({ status }) => status,
          () => 0,
        )
      await expect.poll(unsigned).toBe(401)

      const server = await startServerHere(shopConfig({ bot: { url } }))
      onTestFinished(() => server.close())
      const site = await startHostSite()
      onTestFinished(() => site.close())
      const page = await browser.page({ reducedMotion: 'reduce' })
      const tag = `<script async src="${server.url}/embed.js" data-app="shop"></script>`
      await page.goto(
        site.page('/', `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>${tag}</html>`),
      )
      const chat = widgetOn(page)
      await chat.open()
      await chat.say('hello')
      await chat.shows('Ask me about your order.')
      await chat.say('Where is my order?')
      await chat.shows('Please sign in so I can look up your order.')
      await chat.say('A human, please')
      await chat.shows('I get you a colleague.')
    },
  )
})

it('docs/rest.md is made of the server’s own document', async () => {
  const server = await startServerHere(shopConfig())
  onTestFinished(() => server.close())
  const document = await (await fetch(`${server.url}/openapi.json`)).json()
  // `node scripts/rest-page.mjs` writes it anew.
  expect(await read('docs/rest.md')).toBe(restPage(document))
})
