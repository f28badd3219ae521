/** The chat's own login, end to end: a visitor in one browser, the person who is asked in another, an agent in a third. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { firstRequest, startAuthenticator } from './support/authenticator.ts'
import { useBrowser } from './support/browser.ts'
import { signInToConsole } from './support/console-page.ts'
import { type Demo, openDemo } from './support/demo.ts'
import { linkTo } from './support/mailbox.ts'
import { until } from './support/wait.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

/** A visitor whom the bot asks to sign in, on a page whose shop leaves the sign-in to the chat. */
async function askedToSignIn() {
  const page = await browser.page()
  await page.goto(demo.shopUrl)
  await page.getByTestId('login-handler').selectOption('chat')
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('Where is my order?')
  await chat.log.getByRole('button', { name: 'Sign in' }).click()
  return { page, chat, sheet: page.locator('chat-widget-sign-in') }
}

type Visitor = Awaited<ReturnType<typeof askedToSignIn>>

async function askBy(visitor: Visitor, method: 'Email' | 'Identifier', address: string): Promise<string> {
  const { sheet } = visitor
  await sheet.getByRole('radio', { name: method }).check({ force: true })
  await sheet.getByRole('textbox').fill(address)
  await sheet.getByRole('button', { name: 'Continue' }).click()
  return codeOn(visitor)
}

async function codeOn({ sheet }: Pick<Visitor, 'sheet'>): Promise<string> {
  const code = sheet.locator('[part~=sign-in-code]')
  await code.waitFor()
  const digits = ((await code.textContent()) ?? '').replaceAll(/\D/g, '').slice(0, 6)
  expect(digits).toMatch(/^\d{6}$/)
  return digits
}

async function openMail(email: string): Promise<Page> {
  const page = await browser.page({ viewport: { width: 390, height: 844 } })
  await page.goto(await linkTo(demo.chatUrl, email))
  return page
}

const hasStatus = (page: Page, status: string) =>
  until(`the visitor is ${status}`, async () => (await stateOf(page)).identity.status === status)

describe('login inside the chat', () => {
  it('[AR14] [AR15] [AR2] [AR3] by email: reloaded while waiting, approved elsewhere, and signed in in every tab', async () => {
    const email = 'alex@example.com'
    const visitor = await askedToSignIn()
    const { page } = visitor
    const code = await askBy(visitor, 'Email', email)
    await page.reload()
    await visitor.chat.open()
    expect(await codeOn(visitor)).toBe(code)
    const other = await page.context().newPage()
    await other.goto(demo.shopUrl)
    await widgetOn(other).open()
    await isConnected(other)

    const approver = await openMail(email)
    await approver.getByText('Seen by our server').waitFor()
    await approver.getByRole('textbox').fill(code)
    await approver.getByRole('button', { name: 'Approve', exact: true }).click()
    await approver.getByRole('heading', { name: 'Approved' }).waitFor()
    expect(await approver.context().cookies(), 'the approver is nobody here').toEqual([])

    await hasStatus(page, 'identified')
    const identity = { userIdentifier: email, method: 'email' }
    expect((await stateOf(page)).identity).toMatchObject(identity)
    await visitor.chat.shows(/NW-1042/)
    await visitor.chat.shows('Where is my order?')
    await visitor.chat.shows('You are signed in.')
    await hasStatus(other, 'identified')
    expect((await stateOf(other)).identity).toMatchObject(identity)
    expect(await page.getByTestId('customer').isVisible(), 'the shop has no user').toBe(false)

    await page.reload()
    await visitor.chat.open()
    await hasStatus(page, 'identified')
    await visitor.chat.shows(/NW-1042/)

    await page.evaluate(() =>
      (document.querySelector('chat-widget') as unknown as { logout(): Promise<void> }).logout(),
    )
    await hasStatus(other, 'anonymous')
    await page.reload()
    await visitor.chat.open()
    await isConnected(page)
    expect((await stateOf(page)).identity.status).toBe('anonymous')
    // The shop's greeting is for everybody.
    const own = (await visitor.chat.texts()).filter((text) => !text.startsWith('Welcome to Northwind'))
    expect(own).toEqual([])
  })

  it('[AR14] [AR16] a denial is said on the card, the agent sees it, and nothing else changes', async () => {
    const visitor = await askedToSignIn()
    const agent = await signInToConsole(await browser.page(), demo.consoleUrl, demo.agent)
    await agent.openConversation((await stateOf(visitor.page)).conversation!.id)
    await askBy(visitor, 'Email', 'sam@example.com')
    await agent.view.getByText(/waiting for approval/).waitFor()
    const approver = await openMail('sam@example.com')
    await approver.getByRole('button', { name: 'Deny', exact: true }).click()
    await visitor.chat.shows(/Sign-in did not work/)
    await agent.view.getByText(/: denied/).waitFor()
    expect(await agent.page.getByText('sam@example.com').count(), 'nobody has proved to be Sam').toBe(0)
    expect((await stateOf(visitor.page)).identity.status).toBe('anonymous')
    await visitor.chat.say('still here')
    await visitor.chat.isSent()
  })

  it('[AR13] [AR14] [AR15] by identifier: the authenticator is told what the server saw, and types the code', async () => {
    const device = await startAuthenticator({ url: demo.chatUrl })
    onTestFinished(() => device.close())
    const visitor = await askedToSignIn()
    const code = await askBy(visitor, 'Identifier', device.identifier)
    const request = await firstRequest(device)
    expect(request).toMatchObject({
      claimedBy: 'server',
      binding: 'code',
      claims: { userIp: '127.0.0.1', userOrigin: new URL(demo.shopUrl).host },
    })
    const wrong = code === '000000' ? '111111' : '000000'
    expect(await device.answer(request, 'approved', { code: wrong })).toMatchObject({ kind: 'wrong-code' })
    expect(await device.answer(request, 'approved', { code })).toMatchObject({ kind: 'decided' })
    await hasStatus(visitor.page, 'identified')
    expect((await stateOf(visitor.page)).identity).toMatchObject({
      userIdentifier: device.identifier,
      method: 'identifier',
    })
  })

  it('[AR6] [AR7] nobody by that identifier looks like somebody who does not answer; it is taken back, and said when somebody may be asked again', async () => {
    const visitor = await askedToSignIn()
    await askBy(visitor, 'Identifier', '1112223334')
    await visitor.sheet.getByRole('button', { name: 'Cancel' }).click()
    await visitor.chat.shows('Sign-in was canceled.')
    expect((await stateOf(visitor.page)).identity.status).toBe('anonymous')

    for (const _ of [1, 2, 3]) {
      await visitor.chat.log.getByRole('button', { name: 'Sign in' }).click()
      await askBy(visitor, 'Email', 'kim@example.com')
      await visitor.sheet.getByRole('button', { name: 'Cancel' }).click()
    }
    await visitor.chat.log.getByRole('button', { name: 'Sign in' }).click()
    await visitor.sheet.getByRole('textbox').fill('kim@example.com')
    await visitor.sheet.getByRole('button', { name: 'Continue' }).click()
    await visitor.sheet.getByText('Too many requests. Try again in a minute.').waitFor()
    expect((await stateOf(visitor.page)).identity.status).toBe('anonymous')
  })

  it('[AR14] hears after a while offline that it was approved', async () => {
    const email = 'robin@example.com'
    const visitor = await askedToSignIn()
    const code = await askBy(visitor, 'Email', email)
    const approver = await openMail(email)
    await visitor.page.context().setOffline(true)
    await visitor.sheet.getByText('Waiting for a connection…').first().waitFor()
    await approver.getByRole('textbox').fill(code)
    await approver.getByRole('button', { name: 'Approve', exact: true }).click()
    await approver.getByRole('heading', { name: 'Approved' }).waitFor()
    expect((await stateOf(visitor.page)).identity.status).toBe('anonymous')
    await visitor.page.context().setOffline(false)
    await hasStatus(visitor.page, 'identified')
  })
})
