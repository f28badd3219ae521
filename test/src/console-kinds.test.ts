/** An agent and a visitor with more than words: a form and cards from templates, quick replies, a picture, an edit, a deletion. */
import { expect, it } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { useBrowser } from './support/browser.ts'
import { useChatSite } from './support/chat-site.ts'
import { signInToConsole } from './support/console-page.ts'
import { type HostSite, pageWithWidget } from './support/host-site.ts'
import { rest } from './support/rest.ts'
import type { ServerHere } from './support/server-here.ts'
import { API_KEY } from './support/shop.ts'
import { conversationOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let site: HostSite
useChatSite((started) => {
  server = started.server
  site = started.site
})

/** Uploads a picture with the app's key, and sends it. */
async function sendPicture(conversationId: string, picture: Buffer): Promise<void> {
  const uploaded = await fetch(
    `${server.url}/v1/apps/shop/conversations/${conversationId}/files?name=tent.png`,
    { method: 'POST', headers: { authorization: `Token ${API_KEY}` }, body: new Uint8Array(picture) },
  )
  const { id } = (await uploaded.json()) as { id: string }
  const sent = await rest(server.url, 'POST', `/${conversationId}/messages`, { file: { id } })
  expect(sent.status).toBeLessThan(300)
}

it('[MK7] [MK9] [MK12] form and cards from templates are answered, a quick reply taken, a message edited and deleted', async () => {
  const agent = await addAgent(server)
  const visitor = await browser.page()
  await visitor.goto(site.page('/', pageWithWidget(server.url, { attributes: 'app="shop"' })))
  const chat = widgetOn(visitor)
  await chat.open()
  await chat.say('My **tent** is broken')
  const conversationId = await conversationOf(visitor)

  const page = await browser.page()
  const problems: string[] = []
  const desk = await signInToConsole(page, `${server.url}/console/`, agent)
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  await desk.openConversation(conversationId)
  await desk.log.getByText('My **tent** is broken').waitFor()

  const button = (name: string) => desk.view.getByRole('button', { name, exact: true })
  const dialog = desk.view.getByRole('dialog', { name: 'Templates' })
  await button('Templates').click()
  await dialog.getByRole('button', { name: 'New template' }).click()
  await dialog.getByLabel('Name').fill('Return')
  await dialog.getByRole('radio', { name: 'Form' }).check()
  await dialog.getByLabel('Question').fill('Order number')
  await dialog.getByLabel('Required').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('group', { name: 'Preview' }).getByText('Order number').waitFor()
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await desk.log.getByText('Not answered yet').waitFor()

  await chat.log.getByLabel('Order number').fill('NW-1042')
  await chat.log.getByRole('button', { name: 'Send' }).click()
  await desk.log.getByText('Answered', { exact: true }).waitFor()
  await desk.log.locator('dd').getByText('NW-1042').waitFor()

  // Cards, of which the visitor takes one.
  await button('Templates').click()
  await dialog.getByRole('button', { name: 'New template' }).click()
  await dialog.getByLabel('Name').fill('Tents')
  await dialog.getByRole('radio', { name: 'Cards' }).check()
  await dialog.getByLabel('Title').fill('Dome tent')
  await dialog.getByRole('button', { name: 'Add button' }).click()
  await dialog.getByLabel('Button label').fill('This one')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('group', { name: 'Preview' }).getByText('Dome tent').waitFor()
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await chat.log.getByText('Dome tent').waitFor()
  await chat.log.getByRole('button', { name: 'This one' }).click()
  await desk.log.locator('.card-button.taken', { hasText: 'This one' }).waitFor()

  await button('Suggested answers').click()
  await desk.view.getByRole('textbox', { name: 'Add an answer' }).fill('A new one')
  await desk.reply('What do you **wnat**?')
  await chat.log.getByRole('button', { name: 'A new one' }).waitFor()
  await desk.log.getByText('What do you').hover()
  await button('Edit message').last().click()
  await desk.view.getByLabel('Text', { exact: true }).last().fill('What do you **want**?')
  await button('Save').click()
  await chat.log.getByText('want', { exact: true }).waitFor()
  await chat.log.getByText('Edited').waitFor()
  await chat.log.getByRole('button', { name: 'A new one' }).click()
  await desk.log.locator('.taken').getByText('A new one').waitFor()

  await desk.reply('Not for you')
  await chat.shows('Not for you')
  await desk.log.getByText('Not for you').hover()
  await button('Delete message').last().click()
  await desk.view.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await chat.shows('This message was deleted')
  await desk.log.getByText('This message was deleted').waitFor()
  expect(await chat.log.getByText('Not for you').count()).toBe(0)

  await sendPicture(conversationId, await visitor.screenshot())
  const picture = desk.log.getByRole('img', { name: 'tent.png' })
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0)
  expect(problems).toEqual([])
})
