/** The shop's sign-in by identifier: a visitor on its page "Authenticator", the approver on the chat server's page. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { firstRequest, startAuthenticator } from './support/authenticator.ts'
import { useBrowser } from './support/browser.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

/** Follows the shop's link: makes the browser an authenticator, connects it, and returns to the shop. */
async function connect(page: Page): Promise<string> {
  await page.goto(`${demo.shopUrl}/authenticator`)
  await page.getByTestId('authenticator-link').click()
  await page.getByRole('button', { name: 'Set up this device' }).click()
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  await page.getByLabel('I have saved them').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Connect to Northwind?' }).waitFor()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('heading', { name: 'Connected to Northwind' }).waitFor()
  const identifier = (await page.locator('identifier-card .digits').textContent())!.replace(/\D/g, '')
  await page.getByRole('link', { name: /^Back to / }).click()
  await page.waitForURL(`${demo.shopUrl}/authenticator`)
  return identifier
}

/** Asks on the shop's page; returns the code that it shows. */
async function ask(page: Page, identifier: string): Promise<string> {
  await page.getByTestId('authenticator-identifier').fill(identifier)
  await page.getByTestId('authenticator-submit').click()
  const code = page.getByTestId('authenticator-code')
  await code.waitFor()
  return (await code.textContent())!
}

describe('"Sign in with your authenticator"', () => {
  it('[AR2] [AR3] [AR12] [AR13] [ID15] signs in whom the chat asked to, and the chat goes on', async () => {
    const approver = await browser.page({ viewport: { width: 390, height: 844 } })
    const identifier = await connect(approver)
    await approver.goto(`${demo.chatUrl}/authenticator/`)

    const page = await browser.page()
    await page.goto(demo.shopUrl)
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('Where is my order?')
    await chat.log.getByRole('button', { name: 'Sign in' }).click()
    await page.getByTestId('login-by-authenticator').click()
    const code = await ask(page, identifier)
    await page.reload()
    await expect.poll(() => page.getByTestId('authenticator-code').textContent()).toBe(code)

    await approver.getByText('Northwind shop').waitFor()
    await approver.getByLabel('Code shown where you asked').fill(code)
    await approver.getByRole('button', { name: 'Approve', exact: true }).click()
    await approver.getByRole('heading', { name: 'Approved', exact: true }).waitFor()

    await page.getByTestId('customer').getByText(identifier).waitFor()
    await chat.open()
    await chat.shows(/no order under your name/)
    expect((await stateOf(page)).identity).toMatchObject({ userIdentifier: identifier })
    expect(await approver.context().cookies(), 'the approver is nobody in the shop').toEqual([])
    expect(await shopOn(page).entries('set-user').count()).toBe(1)
  })

  it('a denial is said, and nobody is signed in', async () => {
    const device = await startAuthenticator({ url: demo.chatUrl })
    onTestFinished(() => device.close())
    const page = await browser.page()
    await page.goto(`${demo.shopUrl}/authenticator`)
    await ask(page, device.identifier)
    await device.answer(await firstRequest(device), 'denied')
    await page.getByText('The sign-in was denied.').waitFor()
    expect(await page.getByTestId('authenticator-identifier').isVisible()).toBe(true)
    expect((await (await page.request.get(`${demo.shopUrl}/me`)).json()).customer).toBeNull()
  })

  it('whoever has not connected is told to', async () => {
    const page = await browser.page()
    await page.goto(`${demo.shopUrl}/authenticator`)
    await page.getByTestId('authenticator-identifier').fill('000 000 0000')
    await page.getByTestId('authenticator-submit').click()
    await page.getByText('could not be asked. Have you connected it').waitFor()
  })

  it('what is taken back leaves the authenticator', async () => {
    const device = await startAuthenticator({ url: demo.chatUrl })
    onTestFinished(() => device.close())
    const page = await browser.page()
    await page.goto(`${demo.shopUrl}/authenticator`)
    await ask(page, device.identifier)
    await firstRequest(device)
    await page.getByTestId('authenticator-cancel').click()
    await expect.poll(() => device.ended.map(({ status }) => status)).toEqual(['canceled'])
    expect(await page.getByTestId('authenticator-waiting').isVisible()).toBe(false)
  })
})
