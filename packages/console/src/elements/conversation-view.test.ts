import { expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  agent,
  conversationId,
  openConversation,
  serverEntry,
  stored,
  summary,
  textMessage,
} from '../testing/fixtures.testing.ts'
import { find, hasFocus, mount, settled, text } from '../testing/render.testing.ts'

const ada = { verified: true, userIdentifier: 'ada@example.com', claims: [] } as const
const verified = openConversation({
  summary: summary(1, { visitor: ada, online: true, handler: 'bot' }),
  items: [stored(textMessage(1, 'Hello'))],
})
const anonymous = openConversation({ summary: summary(2) })

it('renders who it is and how that is known', async () => {
  const element = await mount('conversation-view', { conversation: verified, agent, appName: 'Northwind' })
  await expect.element(page.getByRole('heading', { name: 'ada@example.com' })).toBeVisible()
  await expect.element(page.getByText('Verified', { exact: true })).toBeVisible()
  expect(text(element)).toMatch(/Online.*Bot answers.*Northwind/)
  element.conversation = anonymous
  await settled(element)
  await expect.element(page.getByRole('heading', { name: 'Anonymous visitor' })).toBeVisible()
  await expect.element(page.getByText('Anonymous', { exact: true })).toBeVisible()
})

it('[PD5] of a customer who was erased has no name, and nothing can be written', async () => {
  const erased = openConversation({ summary: summary(1, { erased: true, status: 'closed' }) })
  const element = await mount('conversation-view', { conversation: erased, agent })
  await expect.element(page.getByRole('heading', { name: 'Deleted by request' })).toBeVisible()
  await expect.element(page.getByText('This customer was erased.')).toBeVisible()
  expect(element.renderRoot.querySelector('reply-composer, identity-badge')).toBeNull()
  await expect(element).to.be.accessible()
})

it('[OP9] gives a reader nothing to answer, hand over or close with', async () => {
  const reader = { ...agent, role: 'reader' } as const
  const element = await mount('conversation-view', { conversation: verified, agent: reader, hasBot: true })
  await expect.element(page.getByText('Your account may read only.')).toBeVisible()
  expect(element.renderRoot.querySelector('reply-composer')).toBeNull()
  const buttons = [...element.renderRoot.querySelectorAll('header button')]
  expect(buttons.map((button) => button.getAttribute('aria-label'))).toEqual([
    'Back to conversations',
    'Identity history',
  ])
  await expect(element).to.be.accessible()
  for (const role of ['agent', 'admin', 'owner'] as const) {
    element.agent = { ...agent, role }
    await settled(element)
    expect([role, element.renderRoot.querySelector('reply-composer') !== null]).toEqual([role, true])
  }
})

it('[CV10] leads to the transcript in each form, in the language and time zone of the agent, for readers too', async () => {
  for (const role of ['agent', 'reader'] as const) {
    const element = await mount('conversation-view', { conversation: verified, agent: { ...agent, role } })
    const button = page.getByRole('button', { name: 'Transcript' })
    const links = page.getByRole('group', { name: 'Transcript' })
    await userEvent.click(button)
    await expect.element(links).toBeVisible()
    const found = links
      .getByRole('link')
      .elements()
      .filter((link) => link instanceof HTMLAnchorElement)
    const zone = encodeURIComponent(new Intl.DateTimeFormat().resolvedOptions().timeZone)
    expect(found.map(({ href }) => href)).toEqual(
      ['html', 'text', 'json'].map((format) =>
        expect.stringMatching(
          new RegExp(
            `/v1/apps/shop/conversations/${conversationId(1)}/transcript\\?format=${format}&locale=en[^&]*&time_zone=${zone}$`,
          ),
        ),
      ),
    )
    // The page opens in a tab of its own; the others are downloads.
    expect(found.map((link) => [link.target, link.hasAttribute('download')])).toEqual([
      ['_blank', false],
      ['', true],
      ['', true],
    ])
    await expect(element).to.be.accessible()
    await userEvent.keyboard('{Escape}')
    await expect.element(links).not.toBeInTheDocument()
    expect(hasFocus(button)).toBe(true)
  }
})

it('[ID9] shows what is known of a verified visitor, as it changes, and nothing of an anonymous one', async () => {
  const withClaims = (value: string) =>
    openConversation({
      summary: summary(1, {
        visitor: { ...ada, claims: [{ label: 'Plan', value, verified: false }] },
      }),
    })
  const element = await mount('conversation-view', { conversation: withClaims('gold'), agent })
  const about = page.getByRole('group', { name: 'About the visitor' })
  await expect.element(about).toHaveTextContent(/Plan\s*gold\s*Not verified/)
  await expect(element).to.be.accessible()
  element.conversation = withClaims('silver')
  await expect.element(about).toHaveTextContent(/Plan\s*silver\s*Not verified/)
  for (const conversation of [verified, anonymous]) {
    element.conversation = conversation
    await expect.element(about).not.toBeInTheDocument()
  }
})

it('[AR16] shows how far a login has come as it goes on, and then who it is and by what', async () => {
  const at = new Date().toISOString()
  const login = { method: 'email', status: 'pending', at } as const
  const element = await mount('conversation-view', {
    conversation: openConversation({ summary: summary(1, { login }) }),
    agent,
  })
  const progress = page.getByRole('status').filter({ hasText: 'Sign-in by email' })
  await expect.element(progress).toHaveTextContent('waiting for approval')
  const region = progress.query()
  await expect(element).to.be.accessible()
  element.conversation = openConversation({
    summary: summary(1, { visitor: { ...ada, method: 'email' }, login: { ...login, status: 'approved' } }),
  })
  await expect.element(progress).toHaveTextContent('approved')
  expect(progress.query()).toBe(region)
  await expect.element(page.getByText('Verified by email')).toBeVisible()
  // Switching to another conversation is no news: its own line is not announced as a change.
  element.conversation = openConversation({ summary: summary(2, { login }), id: conversationId(2) })
  await expect.element(progress).toHaveTextContent('waiting for approval')
  expect(progress.query()).not.toBe(region)
})

it('is accessible in every state', async () => {
  const id = conversationId(1)
  const states = [
    null,
    { status: 'loading', id } as const,
    { status: 'failed', id, code: 'not-found' } as const,
    verified,
    anonymous,
  ]
  for (const conversation of states) {
    const element = await mount('conversation-view', { conversation, agent })
    await expect(element).to.be.accessible()
  }
})

it('[BT1] hands the conversation back to the bot and over to the agents, where the app has one', async () => {
  const element = await mount('conversation-view', { conversation: anonymous, agent })
  const back = page.getByRole('button', { name: 'Hand back to the bot' })
  await expect.element(back).not.toBeInTheDocument()
  element.hasBot = true
  const handed: unknown[] = []
  element.addEventListener('conversation-hand', ({ detail }) => handed.push(detail))
  await userEvent.click(back)
  element.conversation = openConversation({ summary: summary(1, { handler: 'bot' }) })
  await userEvent.click(page.getByRole('button', { name: 'Take over from the bot' }))
  expect(handed).toEqual(['bot', 'agents'])
  await expect(element).to.be.accessible()
})

it('closes an open conversation, and offers no login card to a verified user', async () => {
  const element = await mount('conversation-view', { conversation: verified, agent })
  const closed = vi.fn()
  element.addEventListener('conversation-close', closed)
  await userEvent.click(page.getByRole('button', { name: 'Close conversation' }))
  expect(closed).toHaveBeenCalledOnce()
  await expect.element(page.getByRole('button', { name: 'Send login card' })).not.toBeInTheDocument()
  element.conversation = openConversation({ summary: summary(1, { status: 'closed' }) })
  await settled(element)
  await expect.element(page.getByRole('button', { name: 'Close conversation' })).not.toBeInTheDocument()
})

const bring = (target: EventTarget, type: 'paste' | 'dragover' | 'drop', ...names: readonly string[]) => {
  const data = new DataTransfer()
  for (const name of names) data.items.add(new File(['x'], name, { type: 'text/plain' }))
  const init = { bubbles: true, composed: true, cancelable: true }
  const event =
    type === 'paste'
      ? new ClipboardEvent(type, { ...init, clipboardData: data })
      : new DragEvent(type, { ...init, dataTransfer: data })
  target.dispatchEvent(event)
  return event
}
const limits = { maxBytes: 1_000, types: ['text/plain'] as const }

it('[SH7] takes files that are pasted or dropped anywhere on the conversation', async () => {
  const element = await mount('conversation-view', { conversation: anonymous, agent, files: limits })
  const log = find(element, 'message-log')
  bring(log, 'dragover', 'one.txt')
  const target = page.getByText('Drop files here to send them')
  await expect.element(target).toBeVisible()
  expect(bring(log, 'drop', 'one.txt').defaultPrevented).toBe(true)
  await expect.element(target).not.toBeInTheDocument()
  bring(find(element, 'reply-composer'), 'paste', 'two.txt')
  const list = page.getByRole('list', { name: 'Chosen files' })
  await expect.element(list).toHaveTextContent(/one\.txt.*two\.txt/)
  expect(bring(log, 'paste').defaultPrevented).toBe(false)
  await expect(element).to.be.accessible()
})

it('[SH7] takes none where the app does not, and the browser does not leave the console for it', async () => {
  const element = await mount('conversation-view', { conversation: anonymous, agent })
  expect(bring(find(element, 'message-log'), 'dragover', 'one.txt').defaultPrevented).toBe(true)
  expect(bring(find(element, 'message-log'), 'drop', 'one.txt').defaultPrevented).toBe(true)
  await settled(element)
  expect(element.renderRoot.querySelector('.drop')).toBeNull()
  await expect.element(page.getByRole('list', { name: 'Chosen files' })).not.toBeInTheDocument()
})

it('[CV3] keeps chosen files and offered answers with their conversation', async () => {
  const element = await mount('conversation-view', { conversation: anonymous, agent, files: limits })
  bring(find(element, 'reply-composer'), 'paste', 'one.txt')
  await userEvent.click(page.getByRole('button', { name: 'Suggested answers' }))
  await userEvent.keyboard('Yes{Enter}')
  element.conversation = verified
  await settled(element)
  const files = page.getByRole('list', { name: 'Chosen files' })
  const answers = page.getByRole('list', { name: 'Suggested answers' })
  await expect.element(files).not.toBeInTheDocument()
  await expect.element(answers).not.toBeInTheDocument()
  element.conversation = anonymous
  await expect.element(files).toHaveTextContent('one.txt')
  await expect.element(answers).toHaveTextContent('Yes')
})

it('[ID17] shows how the identity came about when asked, and gives the focus back', async () => {
  const element = await mount('conversation-view', { conversation: verified, agent })
  const shown = vi.fn()
  element.addEventListener('identity-trace-show', (event) => shown(event.detail.shown))
  const button = page.getByRole('button', { name: 'Identity history', exact: true })
  await userEvent.click(button)
  await expect.element(page.getByRole('dialog', { name: 'Identity history' })).toBeVisible()
  element.identityTrace = { status: 'loaded', entries: [serverEntry()] }
  await expect.element(page.getByText('Seen by the server')).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => hasFocus(button)).toBe(true)
  await expect.poll(() => shown.mock.calls).toEqual([[true], [false]])
})
