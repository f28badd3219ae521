import { expect, it } from 'vitest'
import { mount, text } from '../testing/render.testing.ts'

it('renders initials of a verified user, and a dot while they are online', async () => {
  const avatar = await mount('visitor-avatar', {
    visitor: { verified: true, userIdentifier: 'ada.lovelace@example.com', claims: [] },
    online: true,
  })
  expect(text(avatar)).toBe('AL')
  expect(avatar.shadowRoot?.querySelector('.dot')).not.toBeNull()
})

it('is accessible', async () => {
  await expect(await mount('visitor-avatar')).to.be.accessible()
})
