/** The authenticator's page with a real server, and with the SDK of a caller. */
import { createAuthenticationClient } from '@chat-widget/authentication-requests'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticatorOn, setUpConnected } from './support/authenticator-page.ts'
import { consoleOf, useBrowser } from './support/browser.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { API_KEY, shopConfig } from './support/shop.ts'

const browser = useBrowser({ reuses: true })
const CALLBACK = 'http://localhost:5999/account'

let server: ServerHere
let client: ReturnType<typeof createAuthenticationClient>

beforeAll(async () => {
  server = await startServerHere(shopConfig())
  client = createAuthenticationClient({
    server: server.url,
    app: 'shop',
    apiKey: API_KEY,
    applicationTitle: 'Northwind support',
  })
})

afterAll(async () => {
  client?.close()
  await server?.close()
})

const ask = (identifier: string, options: object = {}) =>
  client.authentication().request(identifier, { async: true, userName: 'Alex Kim', ...options })
const link = () => client.authentication().generateDeepLink(CALLBACK)

describe('whoever is asked', () => {
  it('[AR11] [AR12] sets a device up by the app’s link, approves with the mouse, and denies by keyboard', async () => {
    const page = await browser.page()
    const errors = consoleOf(page, 'error')
    const { identifier, card } = await setUpConnected(page, link(), 'Laptop')
    expect(identifier).toMatch(/^\d{10}$/)
    expect(page.url(), 'nothing of the link stays in the address').toBe(`${server.url}/authenticator/`)
    expect(await page.getByRole('link', { name: 'Back to localhost:5999' }).getAttribute('href')).toBe(
      CALLBACK,
    )
    await page.getByRole('button', { name: 'Done' }).click()

    const first = await ask(identifier)
    await card.waitFor()
    const said = card.getByRole('region', { name: 'What the requester says' })
    expect(await said.textContent()).toContain('Alex Kim')
    expect(await page.title()).toBe('(1) Authenticator')
    await card.getByRole('button', { name: 'Approve' }).click()
    const approved = await client.authentication().waitFor(first.cid)
    expect(approved).toMatchObject({ accepted: true, selfID: identifier })
    await page.getByRole('article', { name: 'Northwind Approved' }).waitFor()

    // The key belongs to this browser for good.
    await page.reload()
    await page.getByRole('region', { name: 'Your identifier' }).waitFor()
    expect(await page.evaluate(exportKey)).toBe('InvalidAccessError')
    const second = await ask(identifier)
    await card.waitFor()
    await card
      .getByRole('button', { name: 'Deny', exact: true })
      .and(card.locator('[aria-disabled="false"]'))
      .waitFor()
    const isOnDeny = () =>
      page.evaluate(() => {
        let focused = document.activeElement
        while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
        return focused?.classList.contains('deny') ?? false
      })
    for (let tabs = 0; tabs < 10 && !(await isOnDeny()); tabs += 1) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await client.authentication().waitFor(second.cid)).toMatchObject({ accepted: false })
    await page.getByRole('article', { name: 'Northwind Denied' }).waitFor()
    expect(errors, 'nothing that the policy of the page refuses').toEqual([])
  })

  it('[AR2] types the code that is shown where it was asked', async () => {
    const { page, identifier, card } = await setUpConnected(await browser.page(), link(), 'Phone')
    const { cid, bindingCode } = await ask(identifier, { binding: 'code' })
    const code = card.getByRole('textbox', { name: 'Code shown where you asked' })
    await code.fill(bindingCode === '000000' ? '000001' : '000000')
    await card.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('That is not the code. 4 tries are left.').waitFor()
    await code.fill(bindingCode ?? '')
    await page.keyboard.press('Enter')
    expect((await client.authentication().waitFor(cid)).isAccepted()).toBe(true)
  })

  it('[AR13] adds a second device by a link; the first answer wins; a device that is removed is told', async () => {
    const laptop = await setUpConnected(await browser.page(), link(), 'Laptop')
    await laptop.page.getByRole('button', { name: 'Add a device' }).click()
    const invitation = await laptop.page
      .getByRole('textbox', { name: 'Link for the other device' })
      .inputValue()
    const other = await browser.page()
    await other.goto(invitation)
    await other.getByRole('textbox', { name: 'Name of this device' }).fill('Phone')
    await other.getByRole('button', { name: 'Add this device' }).click()
    const phone = await authenticatorOn(other)
    expect(phone.identifier).toBe(laptop.identifier)
    await laptop.page.getByText('Phone has been added.').waitFor()
    await laptop.page.getByRole('button', { name: 'Close' }).click()

    const { cid } = await ask(laptop.identifier)
    await laptop.card.waitFor()
    await phone.card.getByRole('button', { name: 'Deny', exact: true }).click()
    expect(await client.authentication().waitFor(cid)).toMatchObject({ accepted: false })
    await laptop.page.getByRole('article', { name: 'Northwind Denied elsewhere' }).waitFor()

    await laptop.page.getByRole('button', { name: 'Remove Phone' }).click()
    await laptop.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await phone.page.getByRole('heading', { name: 'This device was removed' }).waitFor()
    await phone.page.reload()
    await phone.page.getByRole('heading', { name: 'This device was removed' }).waitFor()
  })

  it('[AR11] is one device in two tabs, and a reload loses neither the link nor the word about the codes', async () => {
    const context = await browser.context()
    const [page, other] = [await context.newPage(), await context.newPage()]
    const setUpButton = (tab: typeof page) => tab.getByRole('button', { name: 'Set up this device' })
    await other.goto(`${server.url}/authenticator/`)
    await page.goto(link())
    await setUpButton(other).waitFor()
    await page.bringToFront()
    // The link is removed from the URL, and yet kept across a reload.
    await page.getByText('First set up this device').waitFor()
    await page.reload()
    await page.getByText('First set up this device').waitFor()

    await setUpButton(page).click()
    await page.getByRole('button', { name: 'Set up', exact: true }).click()
    await page.getByRole('list', { name: 'Recovery codes' }).waitFor()
    const { identifier } = await authenticatorOn(other)
    expect(identifier).toMatch(/^\d{10}$/)

    await page.reload()
    expect((await authenticatorOn(page)).identifier).toBe(identifier)
    await page.getByText('Your recovery codes were not saved').waitFor()
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'New codes' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click()
    await page.getByRole('checkbox', { name: 'I have saved them' }).check()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('8 of 8 left').waitFor()
    for (const tab of [page, other]) {
      await tab.getByText('Your recovery codes were not saved').waitFor({ state: 'hidden' })
      expect(await tab.getByRole('heading', { name: 'Connect to Northwind?' }).count()).toBe(0)
    }
  })
})

/** Runs in the page: tries to export the key. */
async function exportKey(): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('chat-authenticator')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const record = await new Promise<{ keys: CryptoKeyPair }>((resolve, reject) => {
    const request = database.transaction('device').objectStore('device').get('this-device')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  database.close()
  return crypto.subtle.exportKey('pkcs8', record.keys.privateKey).then(
    () => 'exported',
    (error: Error) => error.name,
  )
}
