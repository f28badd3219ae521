/** The agents' console as an agent uses it. */
import type { Locator, Page } from 'playwright'

export interface ConsolePage {
  readonly page: Page
  readonly conversations: Locator
  readonly view: Locator
  readonly log: Locator
  /** Opens a conversation from the list. */
  openConversation(id: string): Promise<void>
  reply(text: string): Promise<void>
  sendLoginCard(): Promise<void>
  /** Runs an action without parameters for the visitor of the open conversation. */
  runAction(name: string): Promise<void>
  /** The actions that agents see, in order. */
  readonly runs: Locator
  texts(): Promise<readonly string[]>
  /** The visitor's claims, one by one. */
  claims(): Promise<readonly string[]>
}

export async function signInToConsole(
  page: Page,
  url: string,
  agent: { readonly email: string; readonly password: string },
): Promise<ConsolePage> {
  await page.goto(url)
  await page.getByLabel('Email').fill(agent.email)
  await page.getByLabel('Password').fill(agent.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  const conversations = page.getByRole('navigation', { name: 'Inbox' }).getByRole('listitem')
  const view = page.getByRole('region', { name: 'Conversation' })
  const log = view.getByRole('log', { name: 'Messages' })
  return {
    page,
    conversations,
    view,
    log,
    async openConversation(id) {
      await conversations.locator(`[data-id="${id}"]`).click()
      // Until it is loaded, the earlier one is still shown.
      await view.locator(`message-log[data-conversation="${id}"]`).waitFor()
    },
    async reply(text) {
      await view.getByRole('textbox', { name: 'Reply' }).fill(text)
      await view.getByRole('button', { name: 'Send', exact: true }).click()
    },
    async sendLoginCard() {
      await view.getByRole('button', { name: 'Send login card' }).click()
      await view.getByRole('dialog').getByRole('button', { name: /^send/i }).click()
    },
    async runAction(name) {
      await view.getByRole('button', { name: 'Actions' }).click()
      const dialog = view.getByRole('dialog', { name: 'Run an action' })
      await dialog.getByRole('combobox', { name: 'Action' }).selectOption(name)
      await dialog.getByRole('button', { name: 'Run' }).click()
    },
    runs: log.locator('action-card'),
    async texts() {
      const texts = await log.locator('.bubble:not(.card)').allInnerTexts()
      return texts.map((text) => text.trim())
    },
    async claims() {
      const about = view.getByRole('group', { name: 'About the visitor' })
      const texts = await about.locator('.claim').allInnerTexts()
      return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim())
    },
  }
}
