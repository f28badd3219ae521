import type { ConversationLogin } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { find, mount, settled, text } from '../testing/render.testing.ts'

const at = new Date().toISOString()
const login = (status: ConversationLogin['status'], method: ConversationLogin['method'] = 'email') =>
  ({ method, status, at }) satisfies ConversationLogin

const NOBODY = 'cannot be delivered: nobody was asked (the visitor does not see this)'
const WORDS: Readonly<Record<ConversationLogin['status'], string>> = {
  pending: 'waiting for approval',
  approved: 'approved',
  denied: 'denied',
  expired: 'expired without an answer',
  canceled: 'canceled',
  undeliverable: NOBODY,
  unauthorized: NOBODY,
  errored: NOBODY,
}
const STATUSES = Object.keys(WORDS) as ConversationLogin['status'][]

it('renders nothing where there was no login', async () => {
  const element = await mount('login-progress')
  expect(text(element)).toBe('')
  expect(element.getBoundingClientRect().height).toBe(0)
})

it.each(STATUSES)('[AR16] says by which method and how far a login has come: %s', async (status) => {
  const element = await mount('login-progress', { login: login(status) })
  expect(text(element)).toContain(`Sign-in by email: ${WORDS[status]}`)
  expect(find(element, 'time').getAttribute('datetime')).toBe(at)
  element.login = login(status, 'identifier')
  await settled(element)
  expect(text(element)).toContain(`Sign-in by identifier: ${WORDS[status]}`)
})

it('[AR16] says what changes politely, in a region that was there before', async () => {
  const element = await mount('login-progress', { login: login('pending') })
  const region = find(element, '[role=status]')
  element.login = login('approved')
  await settled(element)
  expect(find(element, '[role=status]')).toBe(region)
  expect(region.textContent).toContain('approved')
})

it('says on which day it was, where that is not today', async () => {
  const element = await mount('login-progress', {
    login: { ...login('denied'), at: '2026-03-04T09:00:00.000Z' },
  })
  expect(find(element, 'time').textContent).toContain('2026')
})

it('is accessible in every state', async () => {
  for (const status of STATUSES)
    await expect(await mount('login-progress', { login: login(status) })).to.be.accessible()
})
