/** The shop's story with all that a chat can hold, as a visitor on a phone and an agent in the console live it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Message } from '@chat-widget/protocol'
import exifr from 'exifr'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { ROOT } from './support/paths.ts'
import { later } from './support/wait.ts'
import { conversationOf, isConnected, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
/** As a phone takes it: with its place, and lying on its side, which EXIF says. */
const TENT = join(ROOT, 'apps/demo/public/img/broken-tent.jpg')
const UPRIGHT = { width: 768, height: 1_024 }

/** The picture of a conversation, as the server has it. */
async function keptPicture(conversationId: string): Promise<Buffer> {
  const headers = { authorization: `Token ${demo.apiKey}` }
  const read = (path: string) => fetch(`${demo.chatUrl}/v1/apps/shop/${path}`, { headers })
  const listed = await read(`conversations/${conversationId}/messages`)
  const { messages } = (await listed.json()) as { readonly messages: readonly Message[] }
  const sent = messages.find((message) => message.kind === 'file')
  if (sent?.kind !== 'file') throw new Error('no picture')
  return Buffer.from(await (await read(`files/${sent.file.id}`)).arrayBuffer())
}

/** The picture's place on the phone's screen, before and after its bytes come, to a visitor who comes back. */
async function placesOnReturn(page: Page) {
  const chat = widgetOn(page)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const asked = page.waitForRequest('**/v1/apps/*/files/*')
  await page.route('**/v1/apps/*/files/*', async (route) => {
    await released
    await route.continue()
  })
  await page.reload()
  await chat.open()
  await chat.shows('Thank you for the picture.')
  await asked
  const picture = chat.log.getByRole('button', { name: /broken-tent\.jpg/ })
  const before = await picture.boundingBox()
  release()
  await chat.log.locator('canvas.drawn').waitFor()
  return { before, after: await picture.boundingBox() }
}

it('[WH3] [MK7] [MK8] [FI5] [FI8] [SH6] [CV4] [CV6] from the greeting to the rating: a broken tent is sent back', async () => {
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
  await shopOn(page).fillIn(demo.customers[1]!)
  await chat.shows(/NW-0988 .*Fell tent.* was delivered/)

  // The form for a return, from the order's card.
  const card = chat.log.getByRole('listitem').filter({ hasText: 'Fell tent' })
  await card.getByRole('button', { name: 'Send it back' }).tap()
  await chat.log.getByText('Send NW-0988 back').waitFor()
  await chat.log.getByRole('combobox', { name: 'What is wrong?' }).selectOption({ label: 'It broke' })
  await chat.log.getByRole('textbox', { name: 'Anything else?' }).fill('A pole snapped and tore the roof')
  await chat.log.getByRole('button', { name: 'Send', exact: true }).tap()
  await chat.shows(/Your return is noted.*picture/)

  // A picture of it hands over to a person.
  const chooser = later(page.waitForEvent('filechooser'))
  await chat.panel.locator('[part=attach]').tap()
  await (await chooser).setFiles(TENT)
  await chat.panel.getByText('broken-tent.jpg', { exact: true }).waitFor()
  await chat.say('This is how it looks')
  await chat.shows('Thank you for the picture.')
  const { before, after } = await placesOnReturn(page)
  expect(after).toEqual(before)
  expect(Math.round((1_000 * after!.width) / after!.height)).toBe((1_000 * UPRIGHT.width) / UPRIGHT.height)

  // An agent answers, with a file.
  const desk = await signInToConsole(await browser.page(), demo.consoleUrl, demo.agent)
  const id = await conversationOf(page)
  await desk.openConversation(id)
  await desk.log.getByText('A pole snapped and tore the roof').waitFor()
  const seen = desk.log.getByRole('img', { name: 'broken-tent.jpg' })
  const size = () =>
    seen.evaluate(({ naturalWidth, naturalHeight }: HTMLImageElement) => ({
      width: naturalWidth,
      height: naturalHeight,
    }))
  await expect.poll(size).toEqual(UPRIGHT)
  expect(await exifr.gps(TENT)).toMatchObject({ latitude: expect.any(Number) })
  expect(await exifr.gps(await keptPicture(id))).toBeUndefined()
  const label = { name: 'label.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') }
  await desk.view.locator('input[type=file]').setInputFiles([label])
  await desk.view.getByRole('list', { name: 'Chosen files' }).getByText('label.pdf').waitFor()
  await desk.reply('We send you a **new tent**. Here is the label for the old one.')
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
    'Fell tent',
    'A pole snapped and tore the roof',
    'broken-tent.jpg',
    'label.pdf',
    'Rated 5 of 5',
  ])
    expect(transcript).toContain(said)
})
