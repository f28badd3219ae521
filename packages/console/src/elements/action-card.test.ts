import type { AgentActionOutcome } from '@chat-widget/protocol'
import { expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { actionRun, runId } from '../testing/fixtures.testing.ts'
import { find, mount, text } from '../testing/render.testing.ts'

const ORDERS = { orders: [{ id: 'NW-1042', item: 'Trail jacket', returnable: true }] }
const MANY = { orders: Array.from({ length: 30 }, (_, index) => ({ id: `NW-${index}` })) }
const result = (body: unknown, status = 200): AgentActionOutcome => ({
  kind: 'result',
  ok: status < 300,
  status,
  body,
})

it('[ID16] renders how far an action is, in words', async () => {
  const words: readonly (readonly [AgentActionOutcome | null, RegExp])[] = [
    [null, /orders\s+Running…/],
    [result(ORDERS), /Answered \(200\).*"id": "NW-1042".*Only agents see this/],
    [result(null, 404), /Refused \(404\)/],
    [result(null, 401), /Refused \(401\).*sign-in was not accepted/],
    [{ kind: 'login-needed' }, /Login needed.*A login card was sent/],
    [{ kind: 'failed', reason: 'unreachable', status: 0 }, /Failed.*cannot be reached/],
    [{ kind: 'failed', reason: 'too-large', status: 200 }, /Failed \(200\).*too large/],
    [{ kind: 'no-answer' }, /No answer.*may have run/],
  ]
  for (const [outcome, expected] of words) {
    expect(text(await mount('action-card', { run: actionRun(outcome) }))).toMatch(expected)
  }
  const refused = actionRun(null, { state: { status: 'refused', code: 'rate-limited' } })
  expect(text(await mount('action-card', { run: refused }))).toMatch(/Not run.*Too many attempts/)
})

it('is accessible in every state', async () => {
  const outcomes = [null, result(ORDERS), result(MANY, 500), { kind: 'login-needed' } as const]
  for (const outcome of outcomes) {
    await expect(await mount('action-card', { run: actionRun(outcome) })).to.be.accessible()
  }
})

it('folds a long answer away, and scrolls it by keyboard within bounds', async () => {
  const element = await mount('action-card', { run: actionRun(result(MANY)) })
  const answer = page.getByLabelText('Answer')
  await expect.element(answer).not.toBeVisible()
  await userEvent.click(page.getByText(/^Answer, \d+ lines$/))
  await expect.element(answer).toBeVisible()
  const pre = find(element, 'pre')
  expect(pre.clientHeight).toBeLessThan(pre.scrollHeight)
  expect(pre.tabIndex).toBe(0)
  await expect(element).to.be.accessible()
})

it('shows an answer as text, never as markup', async () => {
  const element = await mount('action-card', { run: actionRun(result('<img src=x onerror=alert(1)>')) })
  expect(find(element, 'pre').textContent).toBe('"<img src=x onerror=alert(1)>"')
  expect(element.shadowRoot?.querySelector('img')).toBeNull()
})

it('gives the answer to the reply in plain lines, and goes when it is dismissed', async () => {
  const element = await mount('action-card', { run: actionRun(result(ORDERS)) })
  const heard = vi.fn()
  element.addEventListener('reply-insert', ({ detail }) => heard(detail.text))
  element.addEventListener('run-dismiss', ({ detail }) => heard(detail.runId))
  await userEvent.click(page.getByRole('button', { name: 'Use in reply' }))
  await userEvent.click(page.getByRole('button', { name: 'Dismiss' }))
  expect(heard.mock.calls.flat()).toEqual([
    'orders:\nid: NW-1042\nitem: Trail jacket\nreturnable: true',
    runId(1),
  ])
})

it('offers nothing to use or to dismiss while it runs', async () => {
  const element = await mount('action-card', { run: actionRun(null) })
  expect(element.shadowRoot?.querySelectorAll('button')).toHaveLength(0)
})

it('copies the answer, and says so', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  await mount('action-card', { run: actionRun(result(ORDERS)) })
  await userEvent.click(page.getByRole('button', { name: 'Copy' }))
  await expect.element(page.getByRole('status')).toHaveTextContent('Copied to the clipboard')
  expect(write).toHaveBeenCalledWith(JSON.stringify(ORDERS, null, 2))
  write.mockRestore()
})
