/** The packages as published: installed by npm into fresh applications of each framework, and used in a browser. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type App, buildApp, CONSUMERS } from './support/consumers.ts'
import {
  install,
  type Registry,
  type Running,
  runCommand,
  startCommand,
  startRegistry,
} from './support/published.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { isConnected, stateOf, widgetErrors, widgetOn } from './support/widget-page.ts'

/** Those of `pnpm test:consumers NAME…`, with the newest releases. */
const GIVEN = process.env.CONSUMERS
const NAMES = GIVEN === 'all' ? Object.keys(CONSUMERS) : (GIVEN || 'vite-react next').split(' ')
const CUSTOMER = 'alex@example.com'
/** Milliseconds. Installing and building take what the machine and the registry take. */
const TIME = 600_000

const browser = useBrowser()
const rows: string[] = []
let registry: Registry
let chat: Running
let tokens: Running
let serverFolder: string

async function startTokens(): Promise<Running> {
  const server = createServer(async (_request, response) => {
    response.setHeader('access-control-allow-origin', '*')
    response.end(JSON.stringify({ token: await mintToken(CUSTOMER) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
    },
  }
}

/** By its program; as the documentation says, by `npx`, it takes a second longer. */
const serverProgram = () => join(serverFolder, 'node_modules/.bin/chat-widget-server')

beforeAll(async () => {
  registry = await startRegistry(await mkdtemp(join(tmpdir(), 'chat-consumers-')))
  serverFolder = await registry.freshFolder('server')
  await install({ folder: serverFolder }, '@chat-widget/server')
  const config = JSON.stringify(shopConfig()).replace('"shop"', '"demo"')
  await writeFile(join(serverFolder, 'chat.jsonc'), config)
  const args = ['--port', '0', '--config', 'chat.jsonc', '--data', 'shop']
  chat = await startCommand(serverProgram(), args, { folder: serverFolder })
  tokens = await startTokens()
}, TIME)
afterAll(async () => {
  await chat?.stop()
  await tokens?.stop()
  await registry?.close()
  const head = ['| consumer | versions | install, build (s) | result |', '| --- | --- | --- | --- |']
  process.stdout.write(`${[...head, ...rows].join('\n')}\n`)
})

describe('from the registry', () => {
  it(
    'the server has a page to try the chat on, in an empty folder, without a configuration',
    async () => {
      const dev = await startCommand('npx', ['chat-widget-server', '--port', '0', '--dev'], {
        folder: serverFolder,
      })
      onTestFinished(() => dev.stop())
      const page = await browser.page()
      const errors = await widgetErrors(page)
      await page.goto(dev.url)
      const widget = widgetOn(page)
      await widget.say('Hello')
      await widget.isSent()
      expect(await errors()).toEqual([])
    },
    TIME,
  )

  it('the server without the S3 client says what to install, where files are kept in a bucket', async () => {
    const files = { s3: { bucket: 'chat-files', region: 'eu-central-1' } }
    await writeFile(join(serverFolder, 's3.json'), JSON.stringify({ ...shopConfig(), files }))
    const args = ['--config', 's3.json', '--data', 's3']
    await expect(runCommand(serverProgram(), args, { folder: serverFolder })).rejects.toThrow(
      /ended with 2 [\s\S]*\nconfiguration: files\.s3: needs two packages .* npm install @aws-sdk\/client-s3@3 @tus\/s3-store@2\n$/,
    )
  })

  it.each(NAMES)(
    '%s: installs, builds, opens, sends a message and signs in',
    async (name) => {
      const addresses = { chat: chat.url, tokens: tokens.url }
      const app = await buildApp(name, registry, { ...addresses, newest: GIVEN !== undefined })
      const imported = "import('@chat-widget/widget')"
      expect(
        await runCommand(process.execPath, ['--input-type=module', '--eval', imported], {
          folder: app.folder,
        }),
      ).toBe('')
      await use(app, CONSUMERS[name]?.headless ? useOwnInterface : useWidget)
      rows.push(`| ${name} | ${app.versions} | ${app.seconds.join(', ')} | works |`)
    },
    TIME,
  )
})

async function use(app: App, converse: (page: Page) => Promise<void>): Promise<void> {
  const served = await app.serve()
  onTestFinished(() => served.stop())
  const page = await browser.page()
  const failed: string[] = []
  page.on('requestfailed', (request) => failed.push(request.url()))
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.url().endsWith('/favicon.ico')) failed.push(response.url())
  })
  const errors = await widgetErrors(page)
  await page.goto(served.url)
  await converse(page)
  expect({ failed, errors: await errors() }).toEqual({ failed: [], errors: [] })
}

async function useWidget(page: Page): Promise<void> {
  const widget = widgetOn(page)
  // The words of another language are a part that is loaded later.
  await widget.element.evaluate((element) => element.setAttribute('locale', 'de'))
  await widget.launcher.click()
  await widget.panel.getByRole('textbox', { name: 'Nachricht' }).waitFor()
  await widget.say('Where is my order?')
  await widget.shows('Where is my order?')
  await isConnected(page)
  await expect.poll(async () => (await stateOf(page)).conversation?.headSeq).toBe(1)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect
    .poll(async () => (await stateOf(page)).identity)
    .toMatchObject({ status: 'identified', userIdentifier: CUSTOMER })
  await widget.shows('Where is my order?')
}

/** The interface of examples/headless-react. */
async function useOwnInterface(page: Page): Promise<void> {
  const chat = page.getByRole('region', { name: 'Chat' })
  await chat.getByRole('textbox', { name: 'Message' }).fill('Where is my order?')
  await chat.getByRole('button', { name: 'Send' }).click()
  await chat.getByRole('listitem').getByText('sent').waitFor()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await chat.getByText(`Signed in as ${CUSTOMER}`, { exact: true }).waitFor()
  await chat.getByRole('listitem').getByText('Where is my order?').waitFor()
}
