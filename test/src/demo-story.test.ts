/** The shop's story with all that a chat can hold, as a visitor on a phone and an agent in the console live it. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { later } from './support/wait.ts'
import { conversationOf, isConnected, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
/** The smallest picture of its kind: one pixel. */
const TENT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

it('[WH3] [MK7] [MK8] [FI8] [CV4] [CV6] from the greeting to the rating: a torn jacket is sent back', async () => {
  const page = await browser.page(PHONE)
  await page.goto(demo.shopUrl)
  const chat = widgetOn(page)
  const button = (name: string) => chat.panel.getByRole('button', { name, exact: true })
  await chat.open()
  await isConnected(page)
  await chat.shows('Welcome to Northwind.')

  // The order, by a quick reply, once the visitor has signed in.
  await button('Where is my order?').tap()
  await chat.log.getByRole('button', { name: 'Sign in' }).tap()
  await shopOn(page).fillIn(demo.customers[0]!)
  await chat.shows(/NW-1042 .* on its way/)

  // The form for a return, from the order's card.
  await chat.log.getByText('Trail jacket', { exact: true }).waitFor()
  await button('Send it back').tap()
  await chat.log.getByText('Send NW-1042 back').waitFor()
  await chat.log.getByRole('combobox', { name: 'What is wrong?' }).selectOption({ label: 'It broke' })
  await chat.log.getByRole('textbox', { name: 'Anything else?' }).fill('The zip is torn')
  await chat.log.getByRole('button', { name: 'Send', exact: true }).tap()
  await chat.shows(/Your return is noted.*picture/)

  // A picture of it hands over to a person.
  const chooser = later(page.waitForEvent('filechooser'))
  await chat.panel.locator('[part=attach]').tap()
  await (await chooser).setFiles([{ name: 'jacket.png', mimeType: 'image/png', buffer: TENT }])
  await chat.panel.getByText('jacket.png', { exact: true }).waitFor()
  await chat.say('This is how it looks')
  await chat.shows('Thank you for the picture.')

  // An agent answers, with a file.
  const desk = await signInToConsole(await browser.page(), demo.consoleUrl, demo.agent)
  await desk.openConversation(await conversationOf(page))
  await desk.log.getByText('The zip is torn').waitFor()
  const seen = desk.log.getByRole('img', { name: 'jacket.png' })
  await expect.poll(() => seen.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
  const label = { name: 'label.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') }
  await desk.view.locator('input[type=file]').setInputFiles([label])
  await desk.view.getByRole('list', { name: 'Chosen files' }).getByText('label.pdf').waitFor()
  await desk.reply('We send you a **new one**. Here is the label.')
  await chat.shows('label.pdf')
  await desk.view.getByRole('button', { name: 'Close conversation' }).click()

  // Rated, and kept as a text.
  await chat.panel.getByText('This conversation is closed.').waitFor()
  await chat.panel.getByRole('radio', { name: '5 of 5: very good' }).check()
  await button('Send rating').tap()
  await chat.panel.getByText('Thank you for your rating.').waitFor()
  await desk.log.getByText('Rated 5 of 5').last().waitFor()
  await button('More').tap()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    chat.panel.getByRole('menuitem', { name: 'As text' }).tap(),
  ])
  const transcript = await readFile(await file.path(), 'utf8')
  for (const said of [
    'Where is my order?',
    'Trail jacket',
    'The zip is torn',
    'jacket.png',
    'label.pdf',
    'Rated 5 of 5',
  ])
    expect(transcript).toContain(said)
})
