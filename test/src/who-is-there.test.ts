/** An app that says how it looks and who is there, on pages of the strictest policy. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { storedText } from './support/browser-storage.ts'
import { type HostSite, pageWithWidget, startHostSite } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'
import { conversationOf, isConnected, widgetOn } from './support/widget-page.ts'

const APPEARANCE = {
  accent: '#1f4d3f',
  // The page's policy allows no pictures.
  logo: 'https://shop.example.com/logo.png',
  greeting: 'Hello! How can we **help**?',
  quickReplies: [{ label: 'Where is my order?', value: 'order' }],
  replyTime: 'minutes',
}
const EMAIL = { name: 'email', label: 'Email', type: 'email', required: true }

const browser = useBrowser()
let server: ServerHere
let site: HostSite
beforeAll(async () => {
  const { apps } = shopConfig() as { apps: readonly object[] }
  const shop = { ...apps[0], appearance: APPEARANCE }
  const desk = {
    ...{ ...apps[0], id: 'desk' },
    // Never open.
    hours: { timeZone: 'Europe/Berlin', open: {} },
    preChat: {
      fields: [{ name: 'name', label: 'Your name', type: 'text', required: true }],
      submit: 'Start',
    },
    outOfHours: { title: 'We are away', fields: [EMAIL], submit: 'Send' },
  }
  server = await startServerHere({ apps: [shop, desk] })
  site = await startHostSite()
})
afterAll(async () => {
  await site?.close()
  await server?.close()
})

async function openPage(app: string, body?: string): Promise<Page> {
  const page = await browser.page()
  const address = new URL(server.url)
  const policy = [
    "default-src 'none'",
    `script-src ${address.origin}`,
    `connect-src ${address.origin} ws://${address.host}`,
    "require-trusted-types-for 'script'",
  ].join('; ')
  const head = `<script type="module" src="${server.url}/proactive.js"></script>`
  const html = pageWithWidget(server.url, { head, attributes: `app="${app}"`, ...(body && { body }) })
  await page.goto(site.page(`/${app}`, { html, headers: { 'content-security-policy': policy } }))
  return page
}

const headerOf = async (page: Page) => (await page.locator('chat-widget h2').textContent()) ?? ''
const messagesOf = async (id: string, app = 'shop') =>
  (await rest(server.url, 'GET', `/${id}/messages`, undefined, { app })).body.messages

it('[WH7] [WH3] [WH5] a visitor is greeted, taps an answer, and sees who joins', async () => {
  const message = '<chat-widget-proactive message="Questions?" name="shop" after="0"></chat-widget-proactive>'
  const page = await openPage('shop', message)
  await page.evaluate(() => {
    const joined: unknown[] = []
    Object.assign(globalThis, { joined })
    document.addEventListener('agent-joined', (event) => joined.push((event as CustomEvent).detail))
  })
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('websocket', (socket) => requests.push(socket.url()))
  await page.getByRole('button', { name: 'Questions?' }).click()
  const chat = widgetOn(page)
  await chat.shows('Hello! How can we')
  expect(requests.some((url) => url.includes('/assets/engine-'))).toBe(true)
  expect(await headerOf(page)).toContain('Usually replies in a few minutes')
  expect(await page.locator('chat-widget .mark').isVisible()).toBe(true)
  expect(await chat.launcher.evaluate((launcher) => getComputedStyle(launcher).backgroundColor)).toBe(
    'rgb(31, 77, 63)',
  )
  await chat.log.getByRole('button', { name: 'Where is my order?' }).click()
  await chat.isSent()
  const id = await conversationOf(page)
  expect((await messagesOf(id)).map(({ seq, text, author }) => [seq, text, author])).toEqual([
    [1, APPEARANCE.greeting, { kind: 'bot', name: 'Northwind' }],
    [2, 'Where is my order?', { kind: 'visitor' }],
  ])
  const author = { kind: 'agent', name: 'Maya', avatar: 'https://shop.example.com/maya.png' }
  await rest(server.url, 'POST', `/${id}/messages`, { text: 'Let me look', author })
  await chat.shows('Maya joined')
  await until('the header says who answers', async () => (await headerOf(page)).includes('Maya'))
  const { kind: _, ...agent } = author
  expect(await page.evaluate(() => (globalThis as unknown as { joined: unknown[] }).joined)).toEqual([
    { conversationId: id, agent },
  ])
  // Once to a visitor.
  await page.goto(page.url())
  await isConnected(page)
  expect(await page.getByRole('button', { name: 'Questions?' }).count()).toBe(0)
})

it('[WH4] [WH6] [CV11] a visitor is asked for a name before the chat, and away for an address; a reload loses neither', async () => {
  const page = await openPage('desk')
  const chat = widgetOn(page)
  await page.getByRole('button', { name: /^Open chat/ }).click()
  const name = chat.log.getByRole('textbox', { name: 'Your name' })
  await name.fill('Ad')
  await until('it is kept', async () => (await storedText(page)).includes('"name":"Ad"'))
  await page.reload()
  await page.getByRole('button', { name: /^Open chat/ }).click()
  await until('it is there again', async () => (await name.inputValue()) === 'Ad')
  expect(await name.evaluate((field) => field.matches(':focus'))).toBe(true)
  await name.fill('Ada')
  expect(await page.locator('chat-widget-composer').count()).toBe(0)
  expect(await headerOf(page)).toContain('Away')
  await chat.log.getByRole('button', { name: 'Start' }).click()
  await page.locator('chat-widget-composer').getByRole('textbox').fill('Is anybody there?')
  await page.keyboard.press('Enter')
  await chat.log.getByRole('textbox', { name: 'Email' }).fill('ada@example')
  await chat.log.getByRole('button', { name: 'Send' }).click()
  await chat.log.getByText('Please enter an email address').waitFor()
  await page.reload()
  await page.getByRole('button', { name: /^Open chat/ }).click()
  const address = chat.log.getByRole('textbox', { name: 'Email' })
  await until('it is there again', async () => (await address.inputValue()) === 'ada@example')
  await chat.log.getByRole('textbox', { name: 'Email' }).fill('ada@example.com')
  await chat.log.getByRole('button', { name: 'Send' }).click()
  const id = await conversationOf(page)
  await until('all is stored', async () => (await messagesOf(id, 'desk')).length === 5)
  const told = await messagesOf(id, 'desk')
  expect(told.map(({ kind, text }) => [kind, text])).toEqual([
    ['form', '- Your name'],
    ['form-answer', 'Your name: Ada'],
    ['text', 'Is anybody there?'],
    ['form', 'We are away\n- Email'],
    ['form-answer', 'Email: ada@example.com'],
  ])
  await until('nothing of it is kept', async () => !(await storedText(page)).includes('ada@'))
})
