import type { AgentWebhooks } from '@chat-widget/client/agent'
import { ChatError, type WebhookDeliveryInfo, type WebhookInfo } from '@chat-widget/protocol'
import { fixtureCleanup } from '@open-wc/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { createFakeAgentClient } from '../testing/fake-agent-client.testing.ts'
import { agent, conversationId, shop, travel } from '../testing/fixtures.testing.ts'
import { hasFocus, mount, text } from '../testing/render.testing.ts'
import '../define-team.ts'

beforeEach(() => page.viewport(1280, 800))
afterEach(() => {
  fixtureCleanup()
  history.replaceState(null, '', '#/')
})

const ADDRESS = 'https://crm.example.com/chat'
const info = (more: Partial<WebhookInfo> = {}): WebhookInfo => ({
  ...{ app: shop.id, address: ADDRESS, events: ['message.created', 'conversation.closed'] },
  ...{ waiting: 3, failing: 1, givenUp: 2, ...more },
})
const delivery = (id: string, more: Partial<WebhookDeliveryInfo> = {}): WebhookDeliveryInfo => ({
  ...{ id, app: shop.id, address: ADDRESS, event: 'message.created', conversationId: conversationId(1) },
  ...{ at: '2026-11-01T10:00:00Z', tries: 98, state: 'given-up', stateAt: '2026-11-02T10:00:00Z' },
  ...{ problem: 'status 503', ...more },
})

/** Webhooks in memory. `fail`: code of the next call's error. */
function keep(givenUp: WebhookDeliveryInfo[], waiting: WebhookDeliveryInfo[] = [], infos = [info()]) {
  const calls: unknown[] = []
  const state = { fail: null as ChatError['code'] | null }
  const act = (...call: unknown[]) => {
    const { fail } = state
    state.fail = null
    if (fail !== null) throw new ChatError(fail, 'no')
    calls.push(call)
  }
  const webhooks: AgentWebhooks = {
    async list() {
      act('list')
      return infos
    },
    async deliveries(shown, cursor) {
      act('deliveries', shown, cursor)
      const all = shown === 'waiting' ? waiting : givenUp
      const from = cursor === null ? 0 : Number(cursor)
      const next = from + 2 < all.length ? String(from + 2) : null
      return { deliveries: all.slice(from, from + 2), cursor: next }
    },
    async replay(id) {
      act('replay', id)
      const before = givenUp.length
      givenUp.splice(0, before, ...givenUp.filter((one) => id !== null && one.id !== id))
      return before - givenUp.length
    },
  }
  return { webhooks, calls, state }
}

const button = (name: string | RegExp) => page.getByRole('button', { name })

it('[WB4] shows webhooks with their deliveries, why each failed, and pages on', async () => {
  const { webhooks } = keep(
    [delivery('1'), delivery('2', { problem: 'not configured any more' }), delivery('3', { problem: null })],
    [
      delivery('4', { state: 'waiting', tries: 2, problem: 'timeout' }),
      delivery('5', {
        state: 'under-way',
        event: 'user.identified',
        conversationId: null,
        tries: 0,
        problem: null,
      }),
    ],
    [info(), info({ app: travel.id, address: 'https://x.example', waiting: 0, failing: 0, givenUp: 0 })],
  )
  const element = await mount('webhooks-page', { webhooks, apps: [shop, travel] })
  await expect.element(page.getByRole('list', { name: 'Webhooks' })).toBeVisible()
  expect(text(element)).toMatch(
    /crm\.example\.com\/chat Northwind · message\.created, conversation\.closed Waiting: 2 Failing: 1 Given up: 2/,
  )
  expect(text(element)).toMatch(/x\.example Contoso Travel · .* Everything is delivered/)
  expect(text(element)).toMatch(/Answered with 503 · Tries: 98 · .*No longer configured/)
  const link = page.getByRole('link', { name: 'Conversation' }).first().element()
  expect(link.getAttribute('href')).toBe(`#/conversations/${conversationId(1)}`)
  const rows = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem')
  expect(rows.elements()).toHaveLength(2)
  await button('Load more').click()
  await expect.poll(() => rows.elements().length).toBe(3)
  await expect.element(button('Load more')).not.toBeInTheDocument()
  await expect(element).to.be.accessible()

  await page.getByLabelText('Waiting', { exact: true }).click()
  await expect.element(page.getByText('No answer in time')).toBeVisible()
  expect(text(element)).toMatch(/Tries: 2 · Next try: .* user\.identified · .* Being sent now/)
  expect(button(/^Send again/).elements()).toHaveLength(1)
  await expect.element(button('Send all again')).not.toBeInTheDocument()
  await expect(element).to.be.accessible()
})

it('[WB4] says that there are more than were counted', async () => {
  const { webhooks } = keep([], [], [info({ waiting: 10_006, failing: 5, givenUp: 10_001 })])
  const element = await mount('webhooks-page', { webhooks, apps: [shop] })
  await expect.element(page.getByRole('list', { name: 'Webhooks' })).toBeVisible()
  expect(text(element)).toMatch(/Waiting: 10,000\+ Failing: 5 Given up: 10,000\+/)
})

it('[WB4] sends one again, or all that were given up, says how many, and keeps the focus in the list', async () => {
  const { webhooks, calls, state } = keep([delivery('1'), delivery('2')])
  await mount('webhooks-page', { webhooks, apps: [shop] })
  const first = button(/^Send again: message\.created/).first()
  await expect.element(first).toBeVisible()
  calls.splice(0)
  state.fail = 'not-found'
  await first.click()
  await expect.element(page.getByRole('alert')).toHaveTextContent('This delivery is done, or being sent now.')
  await button('Try again').click()
  await first.click()
  await expect.element(page.getByText('Being sent again: 1')).toBeVisible()
  expect(calls).toContainEqual(['replay', '1'])
  await expect.poll(() => hasFocus(page.getByRole('heading', { name: 'Deliveries' }))).toBe(true)
  await button('Send all again').click()
  await expect.element(page.getByText('Nothing was given up.')).toBeVisible()
  expect(calls).toContainEqual(['replay', null])
  await expect.element(button(/^Send/)).not.toBeInTheDocument()
})

it('[WB4] says that there are none, and why they could not be loaded', async () => {
  const { webhooks, state } = keep([], [], [])
  state.fail = 'server-unreachable'
  const element = await mount('webhooks-page', { webhooks, apps: [shop] })
  await expect.element(page.getByRole('alert')).toHaveTextContent('The server cannot be reached.')
  await button('Try again').click()
  await expect.element(page.getByText('No webhooks yet')).toBeVisible()
  await expect(element).to.be.accessible()
})

it('[AG2] the console leads to them who manages an app, and nobody else', async () => {
  const client = createFakeAgentClient({
    session: { status: 'signed-in', agent: { ...agent, role: 'admin' } },
  })
  await mount('chat-console', { client })
  const link = page.getByRole('link', { name: 'Webhooks' })
  await link.click()
  const heading = page.getByRole('heading', { name: 'Webhooks' })
  await expect.poll(() => hasFocus(heading)).toBe(true)
  client.set({ session: { status: 'signed-in', agent } })
  await expect.element(link).not.toBeInTheDocument()
})
