/** A visitor on a phone who has closed the chat, an agent's answer, and what each sees of the other's messages. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addAgent } from './support/agent-account.ts'
import { recordAnnouncements } from './support/announcements.ts'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { pageWithWidget, startHostSite } from './support/host-site.ts'
import { startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { conversationOf, widgetOn } from './support/widget-page.ts'

let server: Awaited<ReturnType<typeof startServerHere>>
let host: Awaited<ReturnType<typeof startHostSite>>
beforeAll(async () => {
  server = await startServerHere(shopConfig())
  host = await startHostSite()
})
afterAll(async () => {
  await host.close()
  await server.close()
})
const browser = useBrowser()

it('[DL16] [HP10] [HP12] an answer waits beside the launcher; each side sees how far a message has come', async () => {
  const agent = await addAgent(server)
  const visitor = await browser.page({ viewport: { width: 390, height: 844 } })
  // As in Safari and Firefox, whose back button asks no dialog to close.
  await visitor.addInitScript(() => Reflect.deleteProperty(globalThis, 'CloseWatcher'))
  const steps: string[] = []
  await visitor.exposeFunction('stepped', (state: string) => steps.push(state))
  await visitor.goto(host.page('/', pageWithWidget(server.url)))
  await visitor.evaluate(() =>
    addEventListener('popstate', () =>
      (globalThis as unknown as { stepped(state: string): void }).stepped(JSON.stringify(history.state)),
    ),
  )
  const chat = widgetOn(visitor)
  await chat.open()
  await chat.say('is my tent on its way?')
  await chat.isSent()
  const desk = await signInToConsole(await browser.page(), `${server.url}/console/`, agent)
  // The console lists it, and nobody has looked at it.
  await chat.shows('Delivered')
  await desk.openConversation(await conversationOf(visitor))
  await chat.shows('Read')

  await visitor.evaluate(() => history.back())
  await chat.panel.waitFor({ state: 'hidden' })
  const announced = await recordAnnouncements(visitor)
  await desk.reply('It is **on its way**.')
  const preview = chat.element.locator('[part~=preview]')
  await preview.getByText('It is on its way.').waitFor()
  await desk.log.getByText('Delivered').waitFor()
  const answers = (await announced()).filter((text) => text.includes('on its way'))
  expect(answers).toEqual([`${agent.name}: It is on its way.`])
  await preview.getByRole('button', { name: agent.name }).click()
  await chat.shows('on its way')
  await desk.log.getByText('Read').last().waitFor()
  await preview.waitFor({ state: 'detached' })
  await chat.panel.getByRole('button', { name: 'Close chat' }).click()
  await chat.panel.waitFor({ state: 'hidden' })
  await expect.poll(() => visitor.evaluate(() => history.state)).toBeNull()
  // Chromium tells the page of steps back all the same: of its own address and state, each time.
  expect([steps.filter((state) => state !== 'null'), new URL(visitor.url()).pathname]).toEqual([[], '/'])
})
