import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { mount } from '../testing/render.testing.ts'

it('renders with sensible words to begin with', async () => {
  const element = await mount('login-card-dialog')
  element.show()
  await expect.element(page.getByRole('dialog', { name: 'Login card' })).toBeVisible()
  await expect.element(page.getByLabelText('Button label')).toHaveValue('Sign in')
})

it('[AR16] says what the visitor gets, whoever signs them in', async () => {
  const element = await mount('login-card-dialog')
  element.show()
  await expect
    .element(page.getByRole('dialog'))
    .toHaveAccessibleDescription(/by the site’s own sign-in, or by email or identifier/)
})

it('is accessible', async () => {
  const element = await mount('login-card-dialog')
  element.show()
  await expect(element).to.be.accessible()
})
