import { expect, it } from 'vitest'
import { mount, settled, text } from '../testing/render.testing.ts'

it('renders nothing while all is well', async () => {
  const banner = await mount('connection-banner', { connection: { status: 'connected' } })
  expect(text(banner)).toBe('')
})

it('is accessible', async () => {
  const banner = await mount('connection-banner', { connection: { status: 'reconnecting', attempt: 2 } })
  await expect(banner).to.be.accessible()
})

it('says what is wrong', async () => {
  const banner = await mount('connection-banner', { connection: { status: 'reconnecting', attempt: 2 } })
  expect(text(banner)).toBe('Connection lost. Reconnecting…')
  banner.connection = { status: 'offline' }
  await settled(banner)
  expect(text(banner)).toContain('You are offline.')
  banner.connection = { status: 'closed', reason: 'protocol-version' }
  await settled(banner)
  expect(text(banner)).toBe('This page is out of date. Reload it.')
})
