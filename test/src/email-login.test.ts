/**
 * The shop's second login, "Email me a link": a visitor in one browser, the approver in another; and the switch between
 * the shop's and the chat's sign-in.
 */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { type Demo, openDemo, shopOn } from './support/demo.ts'
import { linkTo } from './support/mailbox.ts'
import { later } from './support/wait.ts'
import { isConnected, stateOf, widgetOn } from './support/widget-page.ts'

const browser = useBrowser({ reuses: true })
let demo: Demo
beforeAll(async () => {
  demo = await openDemo()
})
afterAll(() => demo?.close())

/** The chat asks the visitor to sign in, and they ask for a mail to this address. */
async function askForMail(email: string) {
  const page = await browser.page()
  await page.goto(demo.shopUrl)
  const chat = widgetOn(page)
  await chat.open()
  await isConnected(page)
  await chat.say('Where is my order?')
  await chat.log.getByRole('button', { name: 'Sign in' }).click()
  const dialog = page.getByTestId('login-dialog')
  await dialog.getByTestId('login-email').fill(email)
  await dialog.getByTestId('login-by-email').click()
  const shown = dialog.getByTestId('login-email-code')
  await expect.poll(() => shown.textContent()).toMatch(/^\d{6}$/)
  return { page, chat, dialog, code: (await shown.textContent())! }
}

/** The approver's browser, on the page linked by the newest mail to the address. */
async function openMail(email: string): Promise<Page> {
  const page = await browser.page({ viewport: { width: 390, height: 844 } })
  await page.goto(await linkTo(demo.chatUrl, email))
  return page
}

describe('"Email me a link"', () => {
  it('[AR2] [AR3] [AR8] signs in whoever reads the mail and types the code, and the chat goes on', async () => {
    const visitor = await askForMail('alex@example.com')
    const approver = await openMail('alex@example.com')
    await approver.getByText('Northwind shop').first().waitFor()
    await approver.getByRole('textbox').fill(visitor.code)
    await approver.getByRole('button', { name: 'Approve', exact: true }).click()
    await approver.getByRole('heading', { name: 'Approved' }).waitFor()

    await visitor.page.getByTestId('customer').getByText('alex@example.com').waitFor()
    await visitor.chat.shows(/NW-1042/)
    expect((await stateOf(visitor.page)).identity).toMatchObject({ userIdentifier: 'alex@example.com' })
    expect(await approver.context().cookies(), 'the approver is nobody in the shop').toEqual([])
    expect(await shopOn(visitor.page).entries('login-button').count()).toBe(1)
  })

  it('a denial is said, and nobody is signed in', async () => {
    const visitor = await askForMail('sam@example.com')
    const approver = await openMail('sam@example.com')
    await approver.getByRole('button', { name: 'Deny', exact: true }).click()
    await visitor.dialog.getByText('The sign-in was denied.').waitFor()
    expect((await stateOf(visitor.page)).identity.status).toBe('anonymous')
    expect(await visitor.page.getByTestId('customer').isVisible()).toBe(false)
  })

  it('[AR3] another browser cannot take the approval', async () => {
    const answer = await fetch(`${demo.shopUrl}/login/email/state`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'northwind_person_login=guessed' },
      body: '{}',
    })
    expect(await answer.json()).toMatchObject({ state: 'over' })
    expect(answer.headers.getSetCookie().join()).not.toContain('northwind_session')
  })
})

describe('"Who handles sign-in"', () => {
  /** Resolves with true if the page handles the sign-in instead of the chat. */
  const tapSignIn = async (page: Page) => {
    const told = later(
      page.evaluate(
        () =>
          new Promise<boolean>((resolve) => {
            const settled = (event: Event) => queueMicrotask(() => resolve(event.defaultPrevented))
            document.addEventListener('login-button', settled, { once: true })
          }),
      ),
    )
    await widgetOn(page).log.getByRole('button', { name: 'Sign in' }).click()
    return told
  }

  it('[ID15] is the shop, or where one says so the chat itself, also after a reload', async () => {
    const page = await browser.page()
    await page.goto(demo.shopUrl)
    const chat = widgetOn(page)
    await chat.open()
    await isConnected(page)
    await chat.say('Where is my order?')
    const dialog = page.getByTestId('login-dialog')
    expect(await tapSignIn(page)).toBe(true)
    await dialog.waitFor()
    await dialog.getByTestId('login-cancel').click()

    await page.getByTestId('login-handler').selectOption('chat')
    await page.reload()
    expect(await page.getByTestId('login-handler').inputValue()).toBe('chat')
    await chat.open()
    await isConnected(page)
    expect(await tapSignIn(page)).toBe(false)
    await shopOn(page).entries('login-left').waitFor()
    expect(await dialog.isVisible()).toBe(false)
  })
})
