import type { LoginRequest } from '@chat-widget/client'
import type { LoginRequestId } from '@chat-widget/protocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { find, textOf } from '../../looking.testing.ts'
import { type ChatBanner, SHOW_AFTER_MS } from './chat-banner.ts'
import './chat-banner.ts'
import { mount } from './element.testing.ts'

const setup = async (properties: Partial<ChatBanner> = {}) => {
  const mounted = mount<ChatBanner>('chat-widget-banner', properties)
  await mounted.element.updateComplete
  if (properties.identity?.status === 'reauthentication-required') {
    // The code of these buttons is loaded with the first of them.
    await vi.waitFor(() => expect(find(mounted.element, 'button')).not.toBeNull())
  }
  return mounted
}

const tap = (state: LoginRequest['state']): LoginRequest => ({
  requestId: 'r-1' as LoginRequestId,
  reason: 'expired',
  conversationId: null,
  messageId: null,
  state,
})
const ended = { status: 'reauthentication-required', userIdentifier: 'ada', code: 'provider-failed' } as const

afterEach(() => vi.useRealTimers())

describe('<chat-widget-banner>', () => {
  it('renders nothing while all is well', async () => {
    const { element } = await setup()
    expect(find(element, '[part=banner]')).toBeNull()
    expect(element.getBoundingClientRect().height).toBe(0)
  })

  it('is accessible', async () => {
    await setup({ identity: ended, guestAllowed: true })
    await setup({ connection: { status: 'offline' } })
    await expect(document.body).to.be.accessible()
  })

  it('says at once that the device is offline', async () => {
    const { element } = await setup({ connection: { status: 'offline' } })
    expect(textOf(element)).toContain('You are offline.')
  })

  it('keeps quiet about a connection that is back within a second', async () => {
    vi.useFakeTimers()
    const { element } = await setup({ connection: { status: 'reconnecting', attempt: 1 } })
    vi.advanceTimersByTime(SHOW_AFTER_MS - 1)
    await element.updateComplete
    expect(textOf(element)).toBe('')
    // Further attempts do not restart the delay.
    element.connection = { status: 'reconnecting', attempt: 2 }
    await element.updateComplete
    vi.advanceTimersByTime(1)
    await element.updateComplete
    expect(textOf(element)).toContain('Reconnecting…')
    element.connection = { status: 'connected' }
    await element.updateComplete
    expect(textOf(element)).toBe('')
  })

  it('[ID6] offers to sign in again, and to go on as a guest where the app allows it', async () => {
    const { element, requests } = await setup({ identity: ended })
    expect(textOf(element)).not.toContain('Continue as guest')
    element.guestAllowed = true
    await element.updateComplete
    for (const button of element.shadowRoot!.querySelectorAll('button')) await userEvent.click(button)
    expect(requests).toMatchObject([
      { type: 'login', messageId: null, reason: 'expired' },
      { type: 'continue-as-guest' },
    ])
  })

  it('[ID6] [ID15] waits after the tap, can be canceled, and says what failed', async () => {
    const { element, requests } = await setup({ identity: ended, login: tap({ status: 'requested' }) })
    expect(textOf(element)).toContain('Waiting for sign-in…')
    await expect(document.body).to.be.accessible()
    await userEvent.click(find(element, 'button')!)
    expect(requests).toEqual([{ type: 'cancel-login', requestId: 'r-1' }])
    element.login = tap({ status: 'failed', reason: 'No account.' })
    await element.updateComplete
    expect(textOf(element)).toContain('Sign-in did not work: No account.')
    expect(textOf(element)).toContain('Sign in again')
    await expect(document.body).to.be.accessible()
  })

  it('[ID6] says once that the visitor is signed in again', async () => {
    const { element } = await setup({ identity: ended })
    const status = find(element, '[role=status]')!
    element.identity = { status: 'authenticating', userIdentifier: 'ada' }
    await element.updateComplete
    element.identity = { status: 'identified', userIdentifier: 'ada', expiresAt: null }
    await element.updateComplete
    expect(textOf(status)).toBe('You are signed in.')
    element.connection = { status: 'offline' }
    await element.updateComplete
    element.connection = { status: 'connected' }
    await element.updateComplete
    expect(textOf(status)).toBe('')
  })

  it.each([
    ['offline', { connection: { status: 'offline' } }, 'You are offline.'],
    [
      'connecting again',
      { connection: { status: 'reconnecting', attempt: 1 }, impatient: true },
      'Reconnecting…',
    ],
    ['in trouble', { problem: 'The chat is busy.' }, 'The chat is busy.'],
    ['signed out by time', { identity: ended }, 'Please sign in again'],
    ['signing out', { identity: { status: 'signing-out', userIdentifier: 'ada' } }, 'Signing out…'],
  ] as const)(
    '[DL5] warns that messages live in this page only, also while %s',
    async (_what, state, said) => {
      const { element } = await setup({ ...state, memoryOnly: true })
      expect(textOf(element)).toContain(said)
      expect(textOf(element)).toContain('Keep this page open')
      await expect(document.body).to.be.accessible()
    },
  )

  it('says that the device is offline beside any other trouble', async () => {
    const { element } = await setup({ connection: { status: 'offline' }, identity: ended })
    expect(textOf(element)).toContain('Please sign in again')
    expect(textOf(element)).toContain('You are offline.')
    element.identity = { status: 'anonymous' }
    element.problem = 'We could not sign you in.'
    await element.updateComplete
    expect(textOf(element)).toContain('We could not sign you in.')
    expect(textOf(element)).toContain('You are offline.')
  })

  it('[DL5] warns where unsent messages are in memory only', async () => {
    const { element } = await setup({ memoryOnly: true })
    expect(textOf(element)).toContain('Keep this page open')
  })
})
