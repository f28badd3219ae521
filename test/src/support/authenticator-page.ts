/** The authenticator as the person who is asked uses it. */

import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'

export interface AuthenticatorPage {
  readonly page: Page
  /** Ten digits. */
  readonly identifier: string
  /** Requests that wait for an answer or are over, as cards. */
  readonly cards: Locator
  /** The one request that there is. */
  readonly card: Locator
}

/** Sets a new person up on the page that a link opened; the codes are said to be saved. */
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

/** As `setUp`, and connected to the app that the link names. */
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
