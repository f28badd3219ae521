import type { Agent, AgentTeam } from '@chat-widget/client/agent'
import {
  type AgentId,
  type AgentSessionInfo,
  type AuditEntry,
  ChatError,
  type TeamMember,
} from '@chat-widget/protocol'
import { fixtureCleanup } from '@open-wc/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakeAgentClient } from '../testing/fake-agent-client.testing.ts'
import { agent, agentState, shop, travel } from '../testing/fixtures.testing.ts'
import { hasFocus, mount, text } from '../testing/render.testing.ts'
import '../define-team.ts'

beforeEach(() => page.viewport(1280, 800))
afterEach(() => {
  fixtureCleanup()
  history.replaceState(null, '', '#/')
})

const idOf = (number: number) => `00000000-0000-4000-8000-00000000000${number}` as AgentId
const owner: Agent = { ...agent, role: 'owner' }
const member = (number: number, more: Partial<TeamMember> = {}): TeamMember => ({
  ...{ id: idOf(number), name: 'Sam', email: `sam${number}@example.com`, role: 'agent' },
  ...{ isManaged: true, isLinked: false, ...more },
})
const session = (id: string, more: Partial<AgentSessionInfo> = {}): AgentSessionInfo => ({
  ...{ id, createdAt: '2026-11-01T10:00:00Z', seenAt: '2026-11-01T12:00:00Z', method: 'password' },
  ...{ device: 'Firefox, Linux', isOwn: false, ...more },
})

/** A team in memory. `fail`: code of the next call's error. */
function keep(...members: TeamMember[]) {
  const calls: unknown[] = []
  const state = {
    fail: null as ChatError['code'] | null,
    sessions: [session('a', { isOwn: true }), session('b')],
  }
  const act = (...call: unknown[]) => {
    const { fail } = state
    state.fail = null
    if (fail !== null) throw new ChatError(fail, 'no')
    calls.push(call)
  }
  const team: AgentTeam = {
    list: async () => [...members],
    async add({ apps: _, ...added }) {
      act('add', added)
      members.push(member(9, added))
      return 'temporary-password'
    },
    change: async (id, access) => act('change', id, access),
    async resetPassword(id) {
      act('resetPassword', id)
      return 'another-password'
    },
    async remove(id) {
      act('remove', id)
      members.splice(0, members.length, ...members.filter((one) => one.id !== id))
    },
    sessions: async () => state.sessions,
    async signOut(_id, ended) {
      act('signOut', ended)
      state.sessions = state.sessions.filter(({ id, isOwn }) => (ended === null ? isOwn : id !== ended))
    },
    async changePassword(present, next) {
      act('changePassword', present, next)
      state.sessions = state.sessions.filter(({ isOwn }) => isOwn)
    },
    async audit(cursor) {
      act('audit', cursor)
      return cursor === null ? { entries: [ROLE], cursor: 'next' } : { entries: [GONE], cursor: null }
    },
  }
  return { team, calls, state }
}

const ROLE: AuditEntry = {
  ...{
    id: '1',
    at: '2026-11-01T10:00:00Z',
    kind: 'agent-role',
    app: null,
    details: { from: 'agent', to: 'admin' },
  },
  by: { kind: 'agent', agent: { id: idOf(1), name: 'Robin', email: 'robin@example.com' } },
  about: { id: idOf(2), name: 'Sam', email: 'sam2@example.com' },
}
const GONE: AuditEntry = {
  ...{ id: '2', at: '2026-10-01T10:00:00Z', kind: 'user-erased', app: shop.id, details: {} },
  ...{ by: { kind: 'key', agent: null }, about: null },
}

const button = (name: string | RegExp) => page.getByRole('button', { name })

it('[AG2] [AG6] shows the team, namesakes by their email, and gives what may be changed a button', async () => {
  const { team } = keep(
    member(2),
    member(3, { apps: [travel.id], isManaged: false, hasTemporaryPassword: true }),
  )
  const element = await mount('team-page', { team, apps: [shop, travel], agent: owner })
  await expect.element(page.getByText('sam3@example.com')).toBeVisible()
  expect(text(element)).toMatch(
    /sam2@example.com.*All apps.*sam3@example.com · temporary password.*Contoso Travel/,
  )
  expect(button(/^Manage/).elements()).toHaveLength(1)
  await expect.element(button('Manage Sam, sam2@example.com')).toBeVisible()
  await expect(element).to.be.accessible()
})

it('[AG5] adds an agent, whose temporary password is shown once', async () => {
  const { team, calls } = keep(member(2))
  const element = await mount('team-page', { team, apps: [shop, travel], agent: owner })
  await button('Add agent').click()
  await page.getByLabelText('Name').fill('Kim')
  await page.getByLabelText('Email').fill('kim@example.com')
  await page.getByLabelText('Role').selectOptions('admin')
  await page.getByLabelText('All apps').click()
  await button('Add agent').last().click()
  await expect.element(page.getByText('Choose at least one app.')).toBeVisible()
  await page.getByLabelText('Contoso Travel').click()
  await expect(element).to.be.accessible()
  await button('Add agent').last().click()
  await expect.element(page.getByText('temporary-password')).toBeVisible()
  expect(calls).toEqual([['add', { name: 'Kim', email: 'kim@example.com', role: 'admin' }]])
  await expect(element).to.be.accessible()
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByText('temporary-password')).not.toBeVisible()
  await expect.element(button('Manage Kim, kim@example.com')).toBeVisible()
})

it('[AG2] [AG4] changes role and apps, gives a new password, ends sessions, and removes after asking', async () => {
  const { team, calls, state } = keep(member(2, { apps: [shop.id] }))
  await mount('team-page', { team, apps: [shop, travel], agent: owner })
  const manage = button('Manage Sam, sam2@example.com')
  await manage.click()
  await page.getByLabelText('Role').selectOptions('reader')
  await page.getByLabelText('All apps').click()
  await button('Save').click()
  expect(calls.splice(0)).toEqual([['change', idOf(2), { role: 'reader', apps: null }]])

  await manage.click()
  await button(/^Sign out: Firefox, Linux/).click()
  await expect.element(button(/^Sign out: /)).not.toBeInTheDocument()
  await button('New temporary password').click()
  await button('New temporary password').click()
  await expect.element(page.getByText('another-password')).toBeVisible()
  await button('Close').last().click()
  await manage.click()
  await button('Remove account').click()
  expect(calls.splice(0)).toEqual([
    ['signOut', 'b'],
    ['resetPassword', idOf(2)],
  ])
  state.fail = 'conflict'
  await button('Remove account').click()
  await expect.element(page.getByText('The last owner stays one. Make another owner first.')).toBeVisible()
  await button('Remove account').click()
  await expect.element(manage).not.toBeInTheDocument()
  expect(calls).toEqual([['remove', idOf(2)]])
})

it('[AG2] an administrator of one app gives no more than they have', async () => {
  const { team } = keep()
  await mount('team-page', { team, apps: [shop], agent: { ...agent, role: 'admin', apps: [shop.id] } })
  await button('Add agent').click()
  const roles = page.getByLabelText('Role').element() as HTMLSelectElement
  expect([...roles.options].map(({ value }) => value)).toEqual(['agent', 'reader'])
  await expect.element(page.getByLabelText('All apps')).not.toBeInTheDocument()
  await expect.element(page.getByLabelText('Northwind')).toBeChecked()
})

it('[AG4] [AG5] one’s own account: password and sessions', async () => {
  const { team, calls, state } = keep()
  const element = await mount('account-page', { team, agent: { ...agent, hasTemporaryPassword: true } })
  await expect.element(button(/^Sign out: Firefox, Linux/)).toBeVisible()
  await expect.element(page.getByText('Your password is temporary. Choose one of your own.')).toBeVisible()
  await page.getByLabelText('Current password').fill('temporary-password')
  await page.getByLabelText('New password').fill('a better one')
  state.fail = 'forbidden'
  await button('Change password').click()
  await expect.element(page.getByRole('alert').getByText('The current password is wrong.')).toBeVisible()
  await button('Change password').click()
  await expect
    .element(page.getByText('The password is changed. Your other sessions have ended.'))
    .toBeVisible()
  await expect.element(page.getByText('Your password is temporary.')).not.toBeInTheDocument()
  expect(calls).toEqual([['changePassword', 'temporary-password', 'a better one']])
  await expect.element(page.getByText('this session')).toBeVisible()
  // Those that the change has ended.
  await expect.element(button(/^Sign out: /)).not.toBeInTheDocument()
  await expect(element).to.be.accessible()
})

it('[AG1] the security log says who did what to whom, and pages back', async () => {
  const { team, calls } = keep()
  const element = await mount('security-log', { team })
  await expect.element(page.getByText('Role of Sam (sam2@example.com): Administrator')).toBeVisible()
  await expect.element(page.getByText('Robin (robin@example.com)')).toBeVisible()
  await button('Load earlier entries').click()
  await expect.element(page.getByText('A person’s data was erased')).toBeVisible()
  expect(text(element)).toMatch(/A key of the app · shop/)
  expect(calls).toEqual([
    ['audit', null],
    ['audit', 'next'],
  ])
  await expect.element(button('Load earlier entries')).not.toBeInTheDocument()
  await expect(element).to.be.accessible()
})

it('[AG2] the console leads those who manage to the pages, by keyboard and on a phone, and others to their own', async () => {
  const client = createFakeAgentClient({ session: { status: 'signed-in', agent: owner } })
  const element = await mount('chat-console', { client })
  await page.getByRole('link', { name: 'Team' }).click()
  const heading = page.getByRole('heading', { name: 'Team' })
  await expect.element(heading).toBeVisible()
  await expect.poll(() => hasFocus(heading)).toBe(true)
  await expect(element).to.be.accessible()
  await page.viewport(360, 700)
  await expect.element(page.getByRole('list', { name: 'Conversations' })).not.toBeInTheDocument()
  await page.getByRole('link', { name: 'Back to conversations' }).click()
  await expect.element(page.getByRole('link', { name: 'Security log' })).toBeVisible()
  client.set({ ...agentState(), session: { status: 'signed-in', agent } })
  await expect.element(page.getByRole('link', { name: 'Team' })).not.toBeInTheDocument()
  await page.getByRole('link', { name: 'Robin' }).click()
  await expect.element(page.getByRole('heading', { name: 'Your account' })).toBeVisible()
})
