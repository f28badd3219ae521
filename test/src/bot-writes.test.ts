/** A bot that writes its answer as it goes: a visitor with two tabs sees it grow, and hears it once. */
import { expect, it, onTestFinished } from 'vitest'
import { recordTree } from './support/accessibility-tree.ts'
import { useBrowser } from './support/browser.ts'
import { startFakeBot } from './support/fake-bot.ts'
import { pageWithWidget, startHostSite } from './support/host-site.ts'
import { startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { isConnected, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()

function createStep() {
  let go = () => {}
  const done = new Promise<void>((resolve) => {
    go = resolve
  })
  return { done, go: () => go() }
}

it('[BO2] the text grows in each tab, and its message takes its place, announced once', async () => {
  const steps = [createStep(), createStep()] as const
  const bot = await startFakeBot(async function* () {
    yield { delta: 'Your **order** is' }
    await steps[0].done
    yield { delta: ' on its way' }
    await steps[1].done
    yield { messages: [{ text: 'Your **order** is on its way.' }] }
  })
  onTestFinished(() => bot.close())
  const server = await startServerHere(shopConfig({ bot }))
  onTestFinished(() => server.close())
  const site = await startHostSite()
  onTestFinished(() => site.close())
  const url = site.page('/', pageWithWidget(server.url))
  const page = await browser.page()
  await page.goto(url)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  const announced = await recordTree(page)
  await chat.say('Where is my order?')
  await chat.shows('Your order is')
  await chat.log.locator('strong').getByText('order').waitFor()
  const second = await page.context().newPage()
  await second.goto(url)
  const other = widgetOn(second)
  await other.open()
  steps[0].go()
  for (const tab of [chat, other]) await tab.shows('Your order is on its way')
  expect(announced().join()).not.toContain('on its way')
  steps[1].go()
  for (const tab of [chat, other]) {
    await tab.shows('Your order is on its way.')
    await tab.log.locator('[aria-hidden=true] .bubble').waitFor({ state: 'detached' })
    await expect.poll(() => tab.texts()).toEqual(['Where is my order?', 'Your order is on its way.'])
  }
  await expect
    .poll(() => announced().filter((text) => text.includes('on its way')))
    .toEqual(['Assistant: Your order is on its way.'])
})
