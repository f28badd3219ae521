import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { startHostSite } from './support/host-site.ts'
import { ROOT } from './support/paths.ts'
import { startServer } from './support/server-process.ts'
import { mintToken, SHOP_SECRET, shopConfig } from './support/shop.ts'

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
