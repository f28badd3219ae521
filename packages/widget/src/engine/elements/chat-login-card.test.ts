import type { LoginRequest } from '@chat-widget/client'
import type { LoginRequestId, MessageId } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { find, textOf } from '../../looking.testing.ts'
import { CONVERSATION, loginMessage } from '../fake-client.testing.ts'
import type { ChatLoginCard } from './chat-login-card.ts'
import './chat-login-card.ts'
import { mount } from './element.testing.ts'

const message = loginMessage(4)

const request = (state: LoginRequest['state']): LoginRequest => ({
  requestId: 'r-1' as LoginRequestId,
  reason: 'message',
  conversationId: CONVERSATION,
  messageId: 'm-4' as MessageId,
  state,
})

const setup = async (properties: Partial<ChatLoginCard> = {}) => {
  const mounted = mount<ChatLoginCard>('chat-widget-login-card', { message, ...properties })
  await mounted.element.updateComplete
  return mounted
}

describe('<chat-widget-login-card>', () => {
  it('renders its text and its button', async () => {
    const { element } = await setup()
    expect(textOf(element)).toBe('Please sign in to see your orders. Sign in')
  })

  it('is accessible in every state', async () => {
    await setup()
    for (const state of [
      { status: 'requested' },
      { status: 'signed-in' },
      { status: 'canceled' },
      { status: 'failed', reason: 'No account' },
      { status: 'timed-out' },
    ] as const)
      await setup({ request: request(state) })
    await expect(document.body).to.be.accessible()
  })

  it('[ID15] asks to sign in for its message', async () => {
    const { element, requests } = await setup()
    await userEvent.click(find(element, '[part=login-button]')!)
    expect(requests).toMatchObject([{ type: 'login', messageId: 'm-4', reason: 'message' }])
  })

  it('[ID15] waits, and can be canceled', async () => {
    const { element, requests } = await setup({ request: request({ status: 'requested' }) })
    expect(textOf(element)).toContain('Waiting for sign-in…')
    expect(find(element, '[part=login-button]')).toBeNull()
    await userEvent.click(find(element, 'button')!)
    expect(requests).toEqual([{ type: 'cancel-login', requestId: 'r-1' }])
  })

  it.each([
    [{ status: 'canceled' }, 'Sign-in was canceled.', 'Sign in'],
    [{ status: 'failed', reason: 'No account.' }, 'Sign-in did not work: No account.', 'Try again'],
    [{ status: 'timed-out' }, 'Sign-in took too long.', 'Try again'],
  ] as const)('[ID15] says what came of it and offers another try: %o', async (state, text, button) => {
    const { element } = await setup({ request: request(state) })
    expect(textOf(element)).toContain(text)
    expect(find(element, '[part=login-button]')?.textContent?.trim()).toBe(button)
  })

  it.each([{ done: true }, { request: request({ status: 'signed-in' }) }])(
    '[ID15] has no button any more after sign-in',
    async (properties) => {
      const { element } = await setup(properties)
      expect(textOf(element)).toContain('You are signed in.')
      expect(find(element, 'button')).toBeNull()
    },
  )
})
