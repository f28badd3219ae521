/** The widget as a visitor uses it: by visible content and accessible names. */
import type { Locator, Page } from 'playwright'
import { until } from './wait.ts'

export interface WidgetPage {
  readonly element: Locator
  readonly launcher: Locator
  readonly panel: Locator
  readonly log: Locator
  readonly input: Locator
  readonly send: Locator
  /** Opens the panel and waits until the composer is usable. */
  open(): Promise<void>
  /** Writes a message and sends it by Enter; does not wait for the server. */
  say(text: string): Promise<void>
  /** Resolves when a text is in the list. */
  shows(text: string | RegExp): Promise<void>
  /** Resolves when all messages of the visitor are stored. */
  isSent(): Promise<void>
  /** The bubbles, top to bottom; in a long conversation only those near the screen. */
  texts(): Promise<readonly string[]>
}

export function widgetOn(page: Page): WidgetPage {
  const element = page.locator('chat-widget')
  const panel = element.getByRole('dialog')
  const log = panel.getByRole('log')
  const input = panel.getByRole('textbox')
  return {
    element,
    launcher: element.locator('[part~=launcher]'),
    panel,
    log,
    input,
    send: panel.getByRole('button', { name: 'Send' }),
    async open() {
      await element.getByRole('button', { name: 'Open chat' }).click()
      await input.waitFor({ state: 'visible' })
    },
    async say(text) {
      await input.fill(text)
      await input.press('Enter')
      await until('the composer has let it go', async () => (await input.inputValue()) === '')
    },
    async shows(text) {
      await log.getByText(text).first().waitFor()
    },
    async isSent() {
      // The word alone may belong to an earlier message.
      await log.locator('.pending, .failed').first().waitFor({ state: 'detached' })
      await log.getByText(/^(Sent|Delivered|Read)$/).waitFor()
    },
    async texts() {
      const texts = await log.locator('[part~=bubble]').allInnerTexts()
      return texts.map((text) => text.trim())
    },
  }
}

/** The state that the element reports. */
export const stateOf = (page: Page) =>
  page.evaluate(() =>
    (
      document.querySelector('chat-widget') as unknown as {
        getState(): {
          connection: { status: string }
          identity: { status: string; userIdentifier?: string }
          conversation: { id: string; headSeq: number } | null
          conversations: { id: string }[]
          unread: number
          open: boolean
        }
      }
    ).getState(),
  )

/** The id of the current conversation, once there is one. */
export async function conversationOf(page: Page): Promise<string> {
  await until('there is a conversation', async () => (await stateOf(page)).conversation !== null)
  return (await stateOf(page)).conversation!.id
}

export const isConnected = (page: Page): Promise<void> =>
  until('the widget is connected', async () => (await stateOf(page)).connection.status === 'connected')

/** Call it before the page is opened; the result returns the `widget-error`s since then. */
export async function widgetErrors(
  page: Page,
): Promise<() => Promise<readonly { readonly code: string; readonly message: string }[]>> {
  await page.addInitScript(() => {
    const widgetErrors: unknown[] = []
    Object.assign(globalThis, { widgetErrors })
    document.addEventListener('widget-error', (event) => widgetErrors.push((event as CustomEvent).detail))
  })
  return () =>
    page.evaluate(
      () => (globalThis as unknown as { widgetErrors: { code: string; message: string }[] }).widgetErrors,
    )
}

/** The focused element, through every shadow root: its name, else its text, else its tag; empty for none. */
export const focusedIn = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element: Element | null | undefined = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    if (!element || element === document.body) return ''
    return element.getAttribute('aria-label') || element.textContent?.trim() || element.localName
  })
