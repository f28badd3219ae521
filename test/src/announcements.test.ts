/** Announcements of messages of each kind: each of them once, and nothing of the history. */
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { recordTree } from './support/accessibility-tree.ts'
import { useBrowser } from './support/browser.ts'
import { useChatSite } from './support/chat-site.ts'
import { type HostSite, pageWithWidget } from './support/host-site.ts'
import type { ServerHere } from './support/server-here.ts'
import { API_KEY, mintToken } from './support/shop.ts'
import { conversationOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser()
let server: ServerHere
let site: HostSite
useChatSite((started) => {
  server = started.server
  site = started.site
})

/** Signs the visitor in as the page would. */
async function signIn(page: Page): Promise<void> {
  await page.exposeFunction('mint', () => mintToken('ada', 600))
  await page.evaluate(() => {
    const element = document.querySelector('chat-widget') as unknown as { user: unknown }
    const { mint } = globalThis as unknown as { mint(): Promise<string> }
    const requestContextProvider = async () => ({ Auth: { Token: await mint() } })
    element.user = { userIdentifier: 'ada', requestContextProvider }
  })
}

it('[SH4] each kind is announced once, and none of the history', async () => {
  const page = await browser.page()
  await page.goto(site.page('/', pageWithWidget(server.url)))
  const chat = widgetOn(page)
  await chat.open()
  await chat.say('Hello')
  await chat.isSent()
  const announced = await recordTree(page)
  const expected: string[] = []
  /** A step is over when its last words were announced. */
  const hears = async (...texts: readonly string[]) => {
    expected.push(...texts)
    await expect.poll(() => announced()).toEqual(expected)
  }

  const path = `${server.url}/v1/apps/shop/conversations/${await conversationOf(page)}`
  const authorization = `Token ${API_KEY}`
  const call = async (method: string, to: string, body: object = {}) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(`${path}${to}`, {
      ...{ method, headers },
      ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
    })
    expect(answer.status, `${method} ${to}`).toBeLessThan(300)
    return (await answer.json()) as { readonly message: { readonly seq: number } }
  }
  const post = (body: object) => call('POST', '/messages', body)

  // Two at once: the second takes nothing from the first.
  const author = { kind: 'agent', name: 'Alex' }
  const { message } = await post({ text: 'Good morning.', format: 'plain', author })
  await hears('Alex joined', 'Alex: Good morning.')
  await post({ text: '**Bold** [words](https://shop.example)' })
  await hears('Assistant: Bold words')
  await post({ text: 'Which size?', quick_replies: [{ label: 'Small', value: 's' }] })
  await hears('Assistant: Which size?')
  const buttons = [{ label: 'Buy', value: 'buy' }]
  await post({
    cards: [
      { title: 'Tent', text: 'Light', buttons },
      { title: 'Stove', buttons },
    ],
  })
  await hears('Assistant: Tent Light - Buy Stove - Buy')
  const fields = [{ name: 'order', label: 'Order number', type: 'text', required: true }]
  await post({ form: { title: 'Return', fields, submit: 'Send it' } })
  await hears('Assistant: Return - Order number')
  await chat.log.getByLabel('Order number').fill('NW-1042')
  await chat.log.getByRole('button', { name: 'Send it' }).click()
  await hears('Sent')
  const upload = await fetch(`${path}/files?name=notes.txt`, {
    ...{ method: 'POST', headers: { authorization }, body: 'hello' },
  })
  const { id } = (await upload.json()) as { readonly id: string }
  await post({ file: { id }, text: 'Here it is.' })
  await hears('Assistant: Here it is. File: notes.txt')
  await call('PATCH', `/messages/${message.seq}`, { text: 'Good evening.' })
  await hears('Edited: Good evening.')
  await call('DELETE', `/messages/${message.seq}`)
  await hears('This message was deleted')
  await post({ login: {} })
  await hears('Assistant: Please sign in to continue.')
  await chat.log.getByRole('button', { name: 'Sign in' }).click()
  await hears('Waiting for sign-in…')
  await signIn(page)
  await hears('You signed in')

  const later = await page.context().newPage()
  await page.close()
  await later.goto(site.page('/', pageWithWidget(server.url)))
  await signIn(later)
  const announcedLater = await recordTree(later)
  const again = widgetOn(later)
  await again.open()
  await again.log.getByText('Order number', { exact: true }).waitFor()
  await again.log.getByText('You are signed in.').waitFor()
  await call('POST', '/close')
  await expect.poll(() => announcedLater().length).toBeGreaterThan(0)
  expect(announcedLater()).toEqual(['The conversation was closed'])
})
