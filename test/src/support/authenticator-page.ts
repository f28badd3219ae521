/** The authenticator's page as the addressee uses it. */

import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'

export interface AuthenticatorPage {
  readonly page: Page
  /** Ten digits. */
  readonly identifier: string
  /** Cards of requests that are pending or over. */
  readonly cards: Locator
  /** The only request's card. */
  readonly card: Locator
}

/** Sets up a new person on the page that a link opened, and confirms that the codes are saved. */
async function setUp(page: Page, link: string, deviceName: string): Promise<AuthenticatorPage> {
  await page.goto(link)
  await page.getByRole('button', { name: 'Set up this device' }).click()
  await page.getByRole('textbox', { name: 'Name of this device' }).fill(deviceName)
  await page.getByRole('button', { name: 'Set up', exact: true }).click()
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
  await codes.first().waitFor()
  expect(await codes.count()).toBe(8)
  await page.getByRole('checkbox', { name: 'I have saved them' }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  return authenticatorOn(page)
}

/** As `setUp`, and connects the app that the link names. */
export async function setUpConnected(
  page: Page,
  link: string,
  deviceName: string,
): Promise<AuthenticatorPage> {
  const authenticator = await setUp(page, link, deviceName)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('heading', { name: 'Connected to Northwind' }).waitFor()
  return authenticator
}

export async function authenticatorOn(page: Page): Promise<AuthenticatorPage> {
  const shown = page.getByRole('region', { name: 'Your identifier' }).locator('.digits')
  const cards = page.getByRole('article')
  return {
    page,
    identifier: ((await shown.textContent()) ?? '').replaceAll(/\D/g, ''),
    cards,
    card: cards.first(),
  }
}
