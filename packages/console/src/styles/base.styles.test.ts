import { expect, it, onTestFinished } from 'vitest'
import { cdp } from 'vitest/browser'
import { mount } from '../testing/render.testing.ts'

it('begins no transition for an agent who wants less motion', async () => {
  const { send } = cdp() as unknown as { send(method: string, params: object): Promise<unknown> }
  const wanting = (value: string) =>
    send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] })
  onTestFinished(() => wanting('') as Promise<void>)
  await wanting('reduce')
  const avatar = await mount('visitor-avatar', { online: true })
  const dot = avatar.shadowRoot?.querySelector<HTMLElement>('.dot') as HTMLElement
  // Nothing starts from nowhere: it has a style to start from.
  expect(getComputedStyle(dot).opacity).toBe('1')
  dot.style.opacity = '0'
  expect(getComputedStyle(dot).opacity).toBe('0')
  expect(dot.getAnimations()).toEqual([])
})
