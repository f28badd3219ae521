/** What the documentation shows works: its pages, policies, bots and configuration, as they stand there. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { restPage } from '../../scripts/rest-page.mjs'
import { useBrowser } from './support/browser.ts'
import { type HostSite, startHostSite } from './support/host-site.ts'
import { ROOT } from './support/paths.ts'
import { connectVisitor } from './support/raw-device.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { mintToken, SHOP_SECRET, shopConfig } from './support/shop.ts'
import { isConnected, widgetOn } from './support/widget-page.ts'

const read = (path: string) => readFile(new URL(path, `file://${ROOT}/`), 'utf8')

/** The code blocks of a page in a language, in order. */
async function blocks(path: string, language: string): Promise<readonly string[]> {
  const text = await read(path)
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  )
}

const browser = useBrowser({ reuses: true })

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
      const server = await startServerHere({ ...config, apps: [{ ...config.apps[0], context }] }, { env })
      try {
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      } finally {
        await server.close()
      }
    }
  })
})

describe('pages of the parts of the chat', () => {
  it('[WH1] [CV5] [UM1] show keys of an app, and [MK1] messages, that a server takes', async () => {
    const pages = ['who-is-there', 'conversations', 'attention'].map((name) => `docs/${name}.md`)
    const keys = (await Promise.all(pages.map((page) => blocks(page, 'jsonc')))).flat()
    const shown = JSON.parse(`{${keys.join(',')}}`) as object
    expect(Object.keys(shown)).toEqual([
      ...['appearance', 'hours', 'preChat', 'outOfHours'],
      ...['openConversations', 'unreadMail'],
    ])
    const { apps } = shopConfig({ origins: ['http://127.0.0.1:*', 'https://shop.example.com'] }) as {
      apps: [object]
    }
    const server = await startServerHere({ apps: [{ ...apps[0], ...shown }] })
    onTestFinished(() => server.close())
    const visitor = await connectVisitor(server.url)
    onTestFinished(() => visitor.close())
    await visitor.send(crypto.randomUUID(), 'hello')
    const posted = [
      ...(await blocks('docs/messages.md', 'json')),
      ...(await blocks('docs/who-is-there.md', 'json')),
    ]
    expect(posted).toHaveLength(4)
    for (const body of posted) {
      const path = `/${visitor.ready.conversation!.id}/messages`
      expect((await rest(server.url, 'POST', path, JSON.parse(body) as object)).status).toBe(201)
    }
  })
})

describe('README.md', () => {
  it('shows an embed that opens the chat, fires login-button and identifies the customer', async () => {
    const embed = (await blocks('README.md', 'html')).find((block) => block.includes('chat.user')) ?? ''
    const server = await startServerHere(shopConfig())
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
    const page = await browser.page()
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

it.each([
  ['js', 'examples/node-bot/bot.mjs'],
  ['python', 'examples/python-bot/bot.py'],
])('docs/bots.md shows a bot in %s that is %s, which is run by its own test', async (language, file) => {
  expect(await blocks('docs/bots.md', language)).toEqual([await read(file)])
})

it('docs/rest.md is made of the server’s own document', async () => {
  const server = await startServerHere(shopConfig())
  onTestFinished(() => server.close())
  const document = await (await fetch(`${server.url}/openapi.json`)).json()
  // `pnpm reports` writes it anew.
  expect(await read('docs/rest.md')).toBe(restPage(document))
})
