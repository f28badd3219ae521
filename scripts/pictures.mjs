/** Takes the documentation's pictures of the built demo: shop, chat on a phone, console, approval page. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { startDemo } from '../apps/demo/dist/start.js'
import { build } from './build.mjs'
import { chromiumLaunchOptions } from './chromium.mjs'
import { ROOT } from './run.mjs'

const PICTURES = join(ROOT, 'docs/pictures')
const PUBLIC = join(ROOT, 'docs/public')
const SIZE = { width: 1280, height: 800 }

async function pictureOfShop(browser, demo) {
  const page = await (await browser.newContext({ viewport: SIZE, locale: 'en-US' })).newPage()
  await page.goto(demo.shopUrl)
  await page.getByRole('button', { name: 'Open chat' }).click()
  const composer = page.getByRole('textbox', { name: 'Message' })
  await composer.fill('Where is my order?')
  await composer.press('Enter')
  await page.locator('chat-widget').getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByTestId('login-email').fill(demo.customers[0].email)
  await page.getByTestId('login-password').fill(demo.customers[0].password)
  await page.getByTestId('login-submit').click()
  await page.locator('chat-widget').getByRole('log').getByText('Trail jacket', { exact: true }).waitFor()
  await page.screenshot({ path: join(PICTURES, 'shop-light.png') })
  return page
}

/** The chat alone, in both themes, on nothing: for the first page. */
async function picturesOfChat(page) {
  // A constructed sheet, which the page's policy allows.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      `:root, body { background: none !important } body > :not(chat-widget) { visibility: hidden }
      chat-widget::part(panel) { box-shadow: none }`,
    )
    document.adoptedStyleSheets.push(sheet)
  })
  await page.setViewportSize({ width: 1280, height: 640 })
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    const chat = page.locator('chat-widget').getByRole('dialog')
    await chat.screenshot({
      path: join(PUBLIC, `chat-${colorScheme}.png`),
      omitBackground: true,
      animations: 'disabled',
    })
  }
}

/** The shop's story on a phone: asked to sign in; a form from the order's card; a picture, an agent's answer, the rating. */
async function picturesOfPhone(browser, demo) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 700 },
    isMobile: true,
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(demo.shopUrl)
  await page.getByRole('button', { name: 'Open chat' }).click()
  const chat = page.locator('chat-widget')
  const composer = page.getByRole('textbox', { name: 'Your message' })
  const shot = (name) => page.screenshot({ path: join(PICTURES, `${name}-phone.png`) })
  await composer.fill('Where is my order?')
  await composer.press('Enter')
  await chat.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  await shot('chat')
  await chat.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByTestId('login-email').fill(demo.customers[1].email)
  await page.getByTestId('login-password').fill(demo.customers[1].password)
  await page.getByTestId('login-submit').click()
  await chat.getByRole('button', { name: 'Send it back' }).last().click()
  await chat.getByRole('combobox', { name: 'What is wrong?' }).selectOption({ label: 'It broke' })
  await chat.getByRole('textbox', { name: 'Anything else?' }).fill('A pole has snapped.')
  await shot('form')
  await chat.getByRole('log').getByRole('button', { name: 'Send', exact: true }).click()
  await chat
    .getByRole('log')
    .getByText(/Your return is noted/)
    .waitFor()
  const chooser = page.waitForEvent('filechooser')
  await chat.locator('[part=attach]').click()
  await (await chooser).setFiles(join(ROOT, 'apps/demo/public/img/broken-tent.jpg'))
  await composer.fill('It looks like this')
  await composer.press('Enter')
  await chat
    .getByRole('log')
    .getByText(/Thank you for the picture/)
    .waitFor()
  await chat.locator('canvas.drawn').waitFor()
  await page.mouse.move(0, 0)
  await shot('picture')
}

/** The page that the mail's link opens. */
async function pictureOfApproval(browser, demo) {
  await fetch(`${demo.chatUrl}/v1/apps/shop/authentication-request/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'alex@example.com',
      application_title: 'Northwind',
      user_name: 'Alex Meadow',
      user_origin: 'Hamburg',
      binding: 'code',
      wait_for_response: 0,
    }),
  })
  let mails = []
  while (mails.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    mails = await (await fetch(`${demo.chatUrl}/dev/mailbox.json`)).json()
  }
  const [link] = /https?:\/\/\S+\/a\/[\w-]+/.exec(mails[0].text)
  const context = await browser.newContext({ viewport: { width: 480, height: 760 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(link)
  await page.screenshot({ path: join(PICTURES, 'approval.png'), fullPage: true })
}

async function pictureOfConsole(browser, demo, shop) {
  const context = await browser.newContext({ viewport: SIZE, locale: 'en-US', colorScheme: 'dark' })
  const page = await context.newPage()
  await page.goto(demo.consoleUrl)
  await page.getByLabel('Email').fill(demo.agent.email)
  await page.getByLabel('Password').fill(demo.agent.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('listitem').first().getByRole('button').click()
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await reply.fill('Hi Alex, I have asked the courier to leave it with your neighbour.')
  await reply.press('Enter')
  await shop.getByText('with your neighbour').first().waitFor()
  await page.getByText('Read').last().waitFor()
  await page.screenshot({ path: join(PICTURES, 'console-dark.png') })
}

if ((await build()) !== 0) process.exit(1)
const dataDir = await mkdtemp(join(tmpdir(), 'chat-pictures-'))
const demo = await startDemo({ dataDir, ports: { shop: 0, chat: 0 } })
const browser = await chromium.launch(chromiumLaunchOptions())
try {
  const shop = await pictureOfShop(browser, demo)
  await pictureOfConsole(browser, demo, shop)
  await picturesOfChat(shop)
  await picturesOfPhone(browser, demo)
  await pictureOfApproval(browser, demo)
} finally {
  await browser.close()
  await demo.close()
  await rm(dataDir, { recursive: true, force: true })
}
