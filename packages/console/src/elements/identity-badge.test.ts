import { expect, it } from 'vitest'
import { mount, settled, text } from '../testing/render.testing.ts'

it('renders', async () => {
  const badge = await mount('identity-badge')
  expect(text(badge)).toBe('Anonymous')
  badge.verified = true
  await settled(badge)
  expect(text(badge)).toBe('Verified')
})

it('[AR15] says where it was not the site that proved it', async () => {
  const badge = await mount('identity-badge', { verified: true, method: 'email' })
  expect(text(badge)).toBe('Verified by email')
  badge.method = 'identifier'
  await settled(badge)
  expect(text(badge)).toBe('Verified by identifier')
  badge.verified = false
  await settled(badge)
  expect(text(badge)).toBe('Anonymous')
})

it('is accessible', async () => {
  for (const verified of [true, false]) {
    await expect(await mount('identity-badge', { verified })).to.be.accessible()
  }
})
