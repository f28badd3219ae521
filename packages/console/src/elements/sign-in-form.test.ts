import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { hasFocus, mount, settled, text } from '../testing/render.testing.ts'
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
})

it('sends nothing twice while an answer is under way', async () => {
  const element = await mount('sign-in-form')
  const sent: SignInEvent[] = []
  element.addEventListener('console-sign-in', (event) => sent.push(event))
  await userEvent.fill(page.getByLabelText('Email'), 'robin@example.com')
  await userEvent.fill(page.getByLabelText('Password'), 'secret')
  element.busy = true
  await settled(element)
  expect(text(element)).toContain('Signing in…')
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual([])
})
