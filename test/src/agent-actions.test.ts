/** An agent looks up a visitor's orders in the console, with the visitor's own sign-in, in the real demo. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { storedText } from './support/browser-storage.ts'
import { signInToConsole } from './support/console-page.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { conversationOf, isConnected, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

/** A visitor who asked for a person, and an agent with the conversation open; `heard`: all events of the console. */
async function meet() {
  const visitor = await browser.page()
  await visitor.goto(demo.shopUrl)
  const chat = widgetOn(visitor)
  await chat.open()
  await isConnected(visitor)
  await chat.say('A person, please')
  await chat.shows(/passing you on/)
  const page = await browser.page()
  const heard: string[] = []
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))))
  const desk = await signInToConsole(page, demo.consoleUrl, demo.agent)
  await desk.openConversation(await conversationOf(visitor))
  return { chat, desk, shop: shopOn(visitor), heard }
}

describe('[ID16] an agent', () => {
  it('[ID15] runs an action for an anonymous visitor, who gets a login card; after the sign-in the answer comes once, and is used in a reply', async () => {
    const { chat, desk, shop, heard } = await meet()
    await desk.runAction('orders')
    await desk.runs.getByText('Login needed', { exact: true }).waitFor()
    const signIn = chat.log.getByRole('button', { name: 'Sign in' })
    await signIn.click()
    await shop.entries('login-button').getByText('reason: action').waitFor()
    await shop.fillIn(demo.customers[1]!)
    await chat.shows('You are signed in.')

    await desk.runs.getByText('Answered (200)', { exact: true }).waitFor()
    // Two orders make a long answer.
    await desk.runs.getByText(/^Answer, \d+ lines$/).click()
    await desk.runs.getByText('Ridge backpack').waitFor()
    expect(await desk.runs.count()).toBe(1)
    expect(await signIn.count()).toBe(0)
    expect((await chat.texts()).join()).not.toContain('NW-1057')
    expect(heard.join()).toContain('NW-1057')
    expect(heard.join(), 'no token reaches the console').not.toContain('eyJ')

    await desk.view.getByText('Verified').first().waitFor()
    await desk.runAction('orders')
    await expect.poll(() => desk.runs.getByText('Answered (200)', { exact: true }).count()).toBe(2)
    await desk.runs.last().getByRole('button', { name: 'Use in reply' }).click()
    await desk.view.getByRole('button', { name: 'Send', exact: true }).click()
    await chat.shows(/id: NW-1057/)
    expect(await shop.entries('login-button').count()).toBe(1)
  })
})

it('[DL1] [DL5] an agent’s reply without a connection goes once, and a draft is there, after the page was closed', async () => {
  const { chat, desk } = await meet()
  const context = desk.page.context()
  await context.setOffline(true)
  await desk.reply('written on a train')
  await desk.view.getByText('Sending…').waitFor()
  await desk.view.getByRole('textbox', { name: 'Reply' }).fill('half a thought')
  // A browser that closes a page at once may not have stored the latest text.
  await expect.poll(() => storedText(desk.page)).toContain('half a thought')
  const { hash } = new URL(desk.page.url())
  await desk.page.close()
  await context.setOffline(false)

  const next = await context.newPage()
  await next.goto(demo.consoleUrl + hash)
  await chat.shows('written on a train')
  const view = next.getByRole('region', { name: 'Conversation' })
  await expect.poll(() => view.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('half a thought')
  await view.getByText('Sending…').waitFor({ state: 'detached' })
  expect(await view.getByText('written on a train').count()).toBe(1)
})
