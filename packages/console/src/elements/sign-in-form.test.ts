import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { takeKeptAddress } from '../routing/kept-address.ts'
import { hasFocus, mount, movedFor, settled, text } from '../testing/render.testing.ts'
import type { SignInEvent } from './console-events.ts'

it('renders', async () => {
  await mount('sign-in-form')
  await expect.element(page.getByRole('heading', { name: 'Sign in to the inbox' })).toBeVisible()
  await expect.poll(() => hasFocus(page.getByLabelText('Email'))).toBe(true)
})

it('is accessible', async () => {
  const element = await mount('sign-in-form', {
    error: 'Email or password is wrong.',
    notice: 'Your session ended.',
  })
  await expect(element).to.be.accessible()
})

it('hands email and password on', async () => {
  const element = await mount('sign-in-form')
  const sent: SignInEvent[] = []
  element.addEventListener('console-sign-in', (event) => sent.push(event))
  await userEvent.fill(page.getByLabelText('Email'), 'robin@example.com')
  await userEvent.fill(page.getByLabelText('Password'), 'secret')
  await userEvent.keyboard('{Enter}')
  expect(sent.map(({ detail }) => detail)).toEqual([{ email: 'robin@example.com', password: 'secret' }])
})

it('says which field is empty and goes there', async () => {
  const element = await mount('sign-in-form')
  const sent: SignInEvent[] = []
  element.addEventListener('console-sign-in', (event) => sent.push(event))
  await userEvent.fill(page.getByLabelText('Email'), 'robin@example.com')
  await userEvent.click(page.getByRole('button', { name: 'Sign in' }))
  await expect.element(page.getByRole('alert')).toHaveTextContent('Enter your password.')
  await expect.poll(() => hasFocus(page.getByLabelText('Password'))).toBe(true)
  expect(sent).toEqual([])
  // It ends when both are there, while the answer is under way.
  await userEvent.fill(page.getByLabelText('Password'), 'secret')
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('alert')).toHaveTextContent('')
  expect(sent).toHaveLength(1)
})

it('[HP18] sends nothing twice while an answer is under way', async () => {
  const element = await mount('sign-in-form')
  const sent: SignInEvent[] = []
  element.addEventListener('console-sign-in', (event) => sent.push(event))
  await userEvent.fill(page.getByLabelText('Email'), 'robin@example.com')
  await userEvent.fill(page.getByLabelText('Password'), 'secret')
  element.busy = true
  await settled(element)
  expect(text(element)).toContain('Signing in…')
  expect(movedFor(element)).toEqual([4_200])
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual([])
})

const issuer = { name: 'Northwind' }

it('[AG7] leads to the single sign-on, and keeps the address that the agent came for', async () => {
  history.replaceState(null, '', '#/team')
  const element = await mount('sign-in-form', { methods: { passwords: 'all', issuer } })
  const link = page.getByRole('link', { name: 'Sign in with Northwind' })
  await expect.element(link).toHaveAttribute('href', 'oidc/start')
  await expect.poll(() => hasFocus(link)).toBe(true)
  await expect.element(page.getByLabelText('Password')).toBeVisible()
  element.addEventListener('click', (event) => event.preventDefault())
  await userEvent.click(link)
  expect(takeKeptAddress()).toBe('#/team')
  expect(takeKeptAddress()).toBeNull()
  history.replaceState(null, '', '#/')
})

it('[AG10] shows passwords on demand where they are for owners, and why a single sign-on failed', async () => {
  const element = await mount('sign-in-form', {
    methods: { passwords: 'owners', issuer: { name: 'A company with a very long name '.repeat(4) } },
    problem: 'unreachable',
  })
  await expect
    .element(page.getByText('The sign-in service does not answer. Try again in a moment.'))
    .toBeVisible()
  await expect.element(page.getByLabelText('Password')).not.toBeVisible()
  await expect(element).to.be.accessible()
  await userEvent.click(page.getByText('Sign in with a password'))
  await expect.element(page.getByLabelText('Password')).toBeVisible()
  await expect(element).to.be.accessible()
  expect(element.scrollWidth).toBeLessThanOrEqual(element.clientWidth)
})
