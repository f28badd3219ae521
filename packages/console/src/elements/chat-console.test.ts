import { ChatError } from '@chat-widget/protocol'
import { fixtureCleanup } from '@open-wc/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { keepAddress } from '../routing/kept-address.ts'
import { createFakeAgentClient } from '../testing/fake-agent-client.testing.ts'
import {
  actionRun,
  agent,
  agentState,
  conversationId,
  openConversation,
  runId,
  serverEntry,
  stored,
  summary,
  textMessage,
} from '../testing/fixtures.testing.ts'
import { hasFocus, mount, settled } from '../testing/render.testing.ts'

const waiting = summary(1, { headSeq: 3, lastMessage: textMessage(3, 'Hello?') })
const read = summary(2, { headSeq: 1, agentReadSeq: 1, lastMessage: textMessage(1, 'Thanks') })
const list = { ...agentState().list, conversations: [waiting, read] }
const open = openConversation({ summary: waiting, items: [stored(textMessage(3, 'Hello?'))] })

beforeEach(async () => {
  await page.viewport(1280, 800)
})

afterEach(() => {
  fixtureCleanup()
  history.replaceState(null, '', '#/')
})

it('renders the sign-in page, then the inbox', async () => {
  const client = createFakeAgentClient({ session: { status: 'signed-out' } })
  await mount('chat-console', { client })
  await expect.element(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  client.set({ session: { status: 'signed-in', agent }, list })
  await expect.element(page.getByRole('list', { name: 'Conversations' })).toBeVisible()
  await expect.element(page.getByText('No conversation selected')).toBeVisible()
})

it('looks for a sign-in in another window when it gets the focus, unless it is signing in', async () => {
  const client = createFakeAgentClient({ session: { status: 'signed-out' } })
  await mount('chat-console', { client })
  window.dispatchEvent(new Event('focus'))
  expect(client.calls).toEqual([['restore']])
  client.set({ session: { status: 'signed-in', agent }, list })
  window.dispatchEvent(new Event('focus'))
  expect(client.calls.filter(([name]) => name === 'restore')).toHaveLength(1)
})

it('[AG10] says once why a single sign-on failed, in words of its own', async () => {
  history.replaceState(null, '', '#/sign-in/refused')
  const client = createFakeAgentClient(
    { session: { status: 'signed-out' } },
    { passwords: 'all', issuer: { name: 'Northwind' } },
  )
  await mount('chat-console', { client })
  await expect
    .element(page.getByText('You have no account here. Ask an administrator for one.'))
    .toBeVisible()
  expect(location.hash).toBe('#/')
  fixtureCleanup()
  history.replaceState(null, '', '#/sign-in/<b>call 555</b>')
  await mount('chat-console', { client })
  await expect.element(page.getByRole('link', { name: 'Sign in with Northwind' })).toBeVisible()
  expect(page.getByText('555').elements()).toEqual([])
})

it('[AG7] goes back to the page that the agent came for', async () => {
  history.replaceState(null, '', '#/account')
  keepAddress()
  history.replaceState(null, '', '#/')
  await mount('chat-console', { client: createFakeAgentClient({ list }) })
  await expect.element(page.getByRole('heading', { name: 'Your account' })).toBeVisible()
})

it('asks for what a page shows when it is connected, also if the address led to the page', async () => {
  history.replaceState(null, '', '#/team')
  const owner = { ...agent, role: 'owner' } as const
  const client = createFakeAgentClient({
    session: { status: 'signed-in', agent: owner },
    connection: { status: 'connecting' },
  })
  await mount('chat-console', { client })
  await expect.element(page.getByRole('heading', { name: 'Team' })).toBeVisible()
  expect(client.calls).not.toContainEqual(['listAgents'])
  client.set({ connection: { status: 'connected' } })
  await expect.poll(() => client.calls).toContainEqual(['listAgents'])
})

it('is accessible', async () => {
  const client = createFakeAgentClient({ list })
  const element = await mount('chat-console', { client })
  await expect(element).to.be.accessible()
  client.set({ conversation: open, connection: { status: 'reconnecting', attempt: 1 } })
  await settled(element)
  await expect(element).to.be.accessible()
})

it('signs in, and says in a sentence why it did not work', async () => {
  const client = createFakeAgentClient({ session: { status: 'signed-out' } })
  client.failNext(new ChatError('unauthenticated', 'wrong'))
  await mount('chat-console', { client })
  await userEvent.fill(page.getByLabelText('Email'), 'robin@example.com')
  await userEvent.fill(page.getByLabelText('Password'), 'secret')
  await userEvent.click(page.getByRole('button', { name: 'Sign in' }))
  await expect.element(page.getByRole('alert')).toHaveTextContent('Email or password is wrong.')
  expect(client.calls).toContainEqual(['signIn', 'robin@example.com', 'secret'])
})

it('[ID14] tells an agent whose session ended', async () => {
  const client = createFakeAgentClient({ list, conversation: open })
  await mount('chat-console', { client })
  client.set(agentState({ session: { status: 'signed-out', reason: 'session-invalid' } }))
  await expect.element(page.getByRole('status')).toHaveTextContent('Your session ended. Sign in again.')
})

it('opens a conversation by its row: address, watching, focus in the composer', async () => {
  const client = createFakeAgentClient({ list })
  await mount('chat-console', { client })
  await userEvent.click(page.getByRole('button', { name: /Hello\?/ }))
  await expect.poll(() => client.calls).toContainEqual(['open', conversationId(1)])
  expect(location.hash).toBe(`#/conversations/${conversationId(1)}`)
  client.set({ conversation: open })
  await expect.poll(() => hasFocus(page.getByRole('textbox', { name: 'Reply' }))).toBe(true)
  await expect.element(page.getByRole('button', { name: /Hello\?/ })).toHaveAttribute('aria-current', 'true')
})

it('opens the conversation that the address names', async () => {
  history.replaceState(null, '', `#/conversations/${conversationId(2)}`)
  const client = createFakeAgentClient({ list })
  await mount('chat-console', { client })
  expect(client.calls).toContainEqual(['open', conversationId(2)])
})

it('sends, tells typing, marks as read, and closes', async () => {
  const client = createFakeAgentClient({ list, conversation: open })
  await mount('chat-console', { client })
  await expect.poll(() => client.calls).toContainEqual(['markRead'])
  await userEvent.fill(page.getByRole('textbox', { name: 'Reply' }), 'Hi')
  await userEvent.keyboard('{Enter}')
  await userEvent.click(page.getByRole('button', { name: 'Close conversation' }))
  expect(client.calls).toContainEqual(['setTyping', true])
  expect(client.calls).toContainEqual(['send', { text: 'Hi' }])
  expect(client.calls).toContainEqual(['closeConversation'])
})

it('[ID17] asks for the identity history while it is open, and only then', async () => {
  const client = createFakeAgentClient({ list, conversation: open })
  await mount('chat-console', { client })
  expect(client.calls).not.toContainEqual(['showIdentityTrace', true])
  await userEvent.click(page.getByRole('button', { name: 'Identity history', exact: true }))
  client.set({ identityTrace: { status: 'loaded', entries: [serverEntry()] } })
  await expect.element(page.getByText('Seen by the server')).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Close identity history' }))
  await expect.poll(() => client.calls).toContainEqual(['showIdentityTrace', false])
})

it('says so when closing a conversation fails', async () => {
  const client = createFakeAgentClient({ list, conversation: open })
  await mount('chat-console', { client })
  client.failNext(new ChatError('server-unreachable', 'no answer'))
  await userEvent.click(page.getByRole('button', { name: 'Close conversation' }))
  await expect.element(page.getByText('The server cannot be reached.')).toBeVisible()
})

it('keeps a draft for each conversation', async () => {
  const client = createFakeAgentClient({ list, conversation: open })
  await mount('chat-console', { client })
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await userEvent.fill(reply, 'half a thought')
  client.set({ conversation: openConversation({ summary: read }) })
  await expect.element(reply).toHaveValue('')
  client.set({ conversation: open })
  await expect.element(reply).toHaveValue('half a thought')
})

it('shows the number of unread messages in the title, also of conversations that are not loaded', async () => {
  const client = createFakeAgentClient({ list, unread: 120 })
  await mount('chat-console', { client })
  expect(document.title).toBe('(99+) Inbox')
  client.set({ unread: 3 })
  await expect.poll(() => document.title).toBe('(3) Inbox')
  client.set({ unread: 0 })
  await expect.poll(() => document.title).toBe('Inbox')
})

it('shows list and conversation as two screens on a phone, with a way back', async () => {
  await page.viewport(390, 844)
  const client = createFakeAgentClient({ list })
  await mount('chat-console', { client })
  await userEvent.click(page.getByRole('button', { name: /Hello\?/ }))
  await expect.poll(() => client.calls).toContainEqual(['open', conversationId(1)])
  client.set({ conversation: open })
  await expect.element(page.getByRole('textbox', { name: 'Reply' })).toBeVisible()
  expect(page.getByRole('list', { name: 'Conversations' }).query()).toBeNull()
  await expect(document.documentElement).to.be.accessible()
  await userEvent.click(page.getByRole('button', { name: 'Back to conversations' }))
  // Once at the start, as the URL names none, and once now.
  await expect.poll(() => client.calls.filter(([name]) => name === 'leave')).toHaveLength(2)
  client.set({ conversation: null })
  await expect.element(page.getByRole('button', { name: /Hello\?/ })).toBeVisible()
  await expect(document.documentElement).to.be.accessible()
})

it('signs out', async () => {
  const client = createFakeAgentClient({ list })
  await mount('chat-console', { client })
  await userEvent.click(page.getByRole('button', { name: 'Sign out' }))
  expect(client.calls).toContainEqual(['signOut'])
})

it('[ID16] runs an action for the open conversation, and goes on with its answer in the reply', async () => {
  const client = createFakeAgentClient({ list, conversation: open })
  await mount('chat-console', { client })
  await userEvent.click(page.getByRole('button', { name: 'Actions' }))
  await userEvent.click(page.getByRole('button', { name: 'Run' }))
  expect(client.calls).toContainEqual(['runAction', conversationId(1), 'orders', {}])
  const run = actionRun({ kind: 'result', ok: true, status: 200, body: { id: 'NW-1042' } })
  client.set({ conversation: { ...open, items: [...open.items, { kind: 'run', run }] } })
  const reply = page.getByRole('textbox', { name: 'Reply' })
  await userEvent.fill(reply, 'Found it:')
  await userEvent.click(page.getByRole('button', { name: 'Use in reply' }))
  await expect.element(reply).toHaveValue('Found it:\nid: NW-1042')
  await expect.poll(() => hasFocus(reply)).toBe(true)
  await userEvent.click(page.getByRole('button', { name: 'Dismiss' }))
  expect(client.calls).toContainEqual(['dismissRun', runId(1)])
})
