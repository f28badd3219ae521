import type { ChatState } from '@chat-widget/client'
import { ChatError, type ErrorCode, type LoginRequestId } from '@chat-widget/protocol'
import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { WidgetConfig } from '../engine-contract.ts'
import { deepActive, find, finishTransitions, textOf } from '../looking.testing.ts'
import { cleanUp, mountWidget, openWidget } from '../widget.testing.ts'
import { ADVICE } from './advice.ts'
import {
  ALEX,
  CONNECTED,
  createFakeClient,
  pending,
  stored,
  textMessage,
  withItems,
} from './fake-client.testing.ts'
import { createWidgetClient } from './running-client.ts'

let warn: ReturnType<typeof vi.spyOn>

beforeEach(async () => {
  await page.viewport(1280, 800)
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  cleanUp()
  vi.restoreAllMocks()
})

const withState = (change: Partial<ChatState>) => createFakeClient({ ...CONNECTED, ...change })

it('[UM3] tells the client in which language the chat is', async () => {
  const config = { app: 'shop', server: 'http://127.0.0.1:1', locale: 'de-AT', storage: 'none' } as const
  const client = createWidgetClient({ ...config, mergePolicy: 'merge' } as WidgetConfig, Promise.resolve())
  expect(client.parts.options).toMatchObject({ app: 'shop', locale: 'de-AT' })
  await client.close()
})

describe('the engine', () => {
  it.each<[ErrorCode, string]>([
    ['server-unreachable', 'The chat cannot be reached right now.'],
    ['provider-failed', 'We could not sign you in to the chat.'],
    ['context-invalid', 'We could not sign you in to the chat.'],
    ['provider-timeout', 'We could not sign you in to the chat.'],
    ['context-mismatch', 'We could not sign you in to the chat.'],
    ['unavailable', 'The chat is busy at the moment.'],
  ])('tells developer and visitor of %s, each in their words', async (code, sentence) => {
    const { element, client } = await openWidget()
    const errors: unknown[] = []
    element.addEventListener('widget-error', ({ detail }) => errors.push(detail))
    client.emit('error', new ChatError(code, 'What happened.'))
    expect(errors).toEqual([{ code, message: 'What happened.' }])
    await vi.waitFor(() => expect(textOf(element)).toContain(sentence))
    await vi.waitFor(() =>
      expect(warn).toHaveBeenCalledWith(`<chat-widget> ${code}: What happened. ${ADVICE[code]}`),
    )
    expect(textOf(element)).not.toContain('What happened.')
  })

  it('[ID6] shows the site developer what the provider itself threw, and no event holds it', async () => {
    const { element, client } = await openWidget()
    const errors: unknown[] = []
    element.addEventListener('widget-error', ({ detail }) => errors.push(detail))
    const cause = new Error('my endpoint is 500')
    client.emit('error', new ChatError('provider-failed', 'What happened.', { cause }))
    expect(errors).toEqual([{ code: 'provider-failed', message: 'What happened.' }])
    await vi.waitFor(() =>
      expect(warn).toHaveBeenCalledWith(expect.stringContaining('provider-failed: What happened.'), cause),
    )
  })

  it('stays closed where it was closed before its language came', async () => {
    const { element } = mountWidget({ attributes: { locale: 'de' } })
    await oneEvent(element, 'widget-ready')
    element.show()
    // Sent by the engine, which loads the language when it starts.
    await element.sendMessage('Hello')
    element.hide()
    const frame = find(element, 'dialog')
    expect(frame?.lang).toBe('en')
    await vi.waitFor(() => expect(frame?.lang).toBe('de'))
    expect(find(element, 'dialog')?.matches(':popover-open')).toBe(false)
    element.show()
    await oneEvent(element, 'widget-open')
    expect(find(element, 'dialog')?.matches(':popover-open')).toBe(true)
  })

  it('takes a sentence back once its cause is gone', async () => {
    const { element, client } = await openWidget()
    client.emit('error', new ChatError('server-unreachable', 'x'))
    await vi.waitFor(() => expect(find(element, '[part=banner]')).not.toBeNull())
    client.emit('identity-change', { identity: { status: 'anonymous' } })
    // Once this is shown, the sentence would be gone.
    client.setState({ typing: ALEX })
    await vi.waitFor(() => expect(textOf(element)).toContain('Alex is typing…'))
    expect(find(element, '[part=banner]')).not.toBeNull()
    client.emit('connection-change', { status: 'connected' })
    await vi.waitFor(() => expect(find(element, '[part=banner]')).toBeNull())
  })

  it('keeps the conversation in view when the connection ended for good', async () => {
    const client = createFakeClient(
      withItems([stored(textMessage(1, ALEX, 'Hello'))], {
        connection: { status: 'closed', reason: 'origin-refused' },
      }),
    )
    const { element } = await openWidget({ client })
    expect(textOf(element)).toContain('Hello')
    expect(textOf(element)).toContain('not set up correctly')
  })

  it('[ID6] keeps transcript and draft when the identity has ended, and offers two ways on', async () => {
    const client = createFakeClient(
      withItems([stored(textMessage(1, ALEX, 'Hello'))], {
        identity: { status: 'reauthentication-required', userIdentifier: 'ada', code: 'provider-failed' },
      }),
    )
    const { element } = await openWidget({ client })
    element.user = { userIdentifier: 'ada', requestContextProvider: () => ({}) }
    const tapped = vi.fn()
    element.addEventListener('login-button', ({ detail }) => tapped(detail))
    expect(textOf(element)).toContain('Hello')
    await vi.waitFor(() => expect(find(element, '[part=login-button]')).not.toBeNull())
    await expect(document.body).to.be.accessible()
    await userEvent.click(find(element, '[part=login-button]')!)
    expect(tapped).toHaveBeenCalledWith(expect.objectContaining({ reason: 'expired', messageId: null }))
    // The tap is pending: guests wait until it is canceled.
    client.setState({ logins: [] })
    await vi.waitFor(() => expect(textOf(element)).toContain('Continue as guest'))
    const guest = [...find(element, '.buttons')!.querySelectorAll('button')].at(-1)!
    await userEvent.click(guest)
    expect(client.calls).toContainEqual(['logout', undefined])
    expect(element.user).toBeNull()
  })

  it('[ID12] takes what is being written off the screen when its writer has left', async () => {
    const { element, client } = await openWidget()
    const field = find(element, 'textarea') as HTMLTextAreaElement
    await userEvent.type(field, 'half a secret')
    client.draft = ''
    client.setState({})
    await vi.waitFor(() => expect(field.value).toBe(''))
  })

  it('[DL1] retries and discards failed messages', async () => {
    const client = createFakeClient(withItems([pending('p-1', 'Hi', { status: 'failed', code: 'internal' })]))
    const { element } = await openWidget({ client })
    const [retry, discard] = find(element, '[data-key=p-1]')!.querySelectorAll('button')
    await userEvent.click(retry!)
    await userEvent.click(discard!)
    expect(client.calls).toContainEqual(['retry', 'p-1'])
    expect(client.calls).toContainEqual(['discard', 'p-1'])
  })

  it('[DL5] warns of memory-only storage unless the host chose it', async () => {
    const chosen = await openWidget({
      client: withState({ saved: 'memory' }),
      attributes: { storage: 'none' },
    })
    expect(find(chosen.element, '[part=banner]')).toBeNull()
    chosen.element.remove()
    const { element } = await openWidget({ client: withState({ saved: 'memory' }) })
    expect(textOf(element)).toContain('Your browser does not let us save unsent messages.')
  })

  it('keeps the draft through the client', async () => {
    const client = createFakeClient()
    client.draft = 'kept'
    const { element } = await openWidget({ client })
    expect((find(element, 'textarea') as HTMLTextAreaElement).value).toBe('kept')
    await userEvent.keyboard('!')
    expect(client.draft).toBe('kept!')
  })

  it('tells the client that the visitor types', async () => {
    const { client } = await openWidget()
    await userEvent.keyboard('H')
    expect(client.calls).toContainEqual(['setTyping', true])
  })

  it('begins a new conversation, with focus in the composer', async () => {
    const client = createFakeClient(withItems([stored(textMessage(1, ALEX, 'Hello'))]))
    const { element } = await openWidget({ client })
    await userEvent.click(find(element, '[part=new-conversation]')!)
    expect(client.calls).toContainEqual(['newConversation'])
    expect(deepActive()?.tagName).toBe('TEXTAREA')
  })

  it('[ID15] hands the host’s verdict on a login to the client', async () => {
    const { element, client } = await openWidget()
    element.cancelLogin('r-1' as LoginRequestId)
    element.failLogin('r-1' as LoginRequestId, 'No account')
    expect(client.calls).toContainEqual(['cancelLogin', 'r-1'])
    expect(client.calls).toContainEqual(['failLogin', 'r-1', 'No account'])
  })

  it('connects anew when it is pointed at another app', async () => {
    const { element, client } = await openWidget()
    element.app = 'other'
    await vi.waitFor(() => expect(client.calls.filter(([name]) => name === 'connect')).toHaveLength(2))
    expect(client.calls).toContainEqual(['close'])
  })

  it('does not let the elements’ own requests out to the page', async () => {
    const leaked = vi.fn()
    document.addEventListener('chat-request', leaked)
    await openWidget()
    await userEvent.keyboard('Hello{Enter}')
    document.removeEventListener('chat-request', leaked)
    expect(leaked).not.toHaveBeenCalled()
  })

  it('fills a phone’s screen, and keeps focus inside', async () => {
    await page.viewport(390, 844)
    const field = document.createElement('input')
    document.body.append(field)
    const { element } = await openWidget()
    finishTransitions()
    const dialog = find(element, 'dialog')!
    expect(dialog.getBoundingClientRect()).toMatchObject({ x: 0, y: 0, width: 390, height: 844 })
    expect(dialog.matches(':modal')).toBe(true)
    field.focus()
    expect(element.contains(document.activeElement)).toBe(true)
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(element.open).toBe(false))
    expect(deepActive()?.getAttribute('part')).toBe('launcher')
    await page.viewport(1280, 800)
  })

  it('fits a screen 320 px wide without scrolling sideways', async () => {
    await page.viewport(320, 480)
    const { element } = await openWidget({
      client: createFakeClient(withItems([stored(textMessage(1, ALEX, 'word'.repeat(80)))])),
    })
    for (const part of ['panel', 'messages', 'composer', 'title']) {
      const box = find(element, `[part=${part}]`)!
      expect(box.scrollWidth).toBeLessThanOrEqual(Math.max(box.clientWidth, 1))
      expect(box.getBoundingClientRect().right).toBeLessThanOrEqual(320)
    }
    await page.viewport(1280, 800)
  })

  it('has main targets of at least 44 px', async () => {
    const { element } = await openWidget({
      client: createFakeClient(withItems([stored(textMessage(1, ALEX, 'Hello'))])),
    })
    finishTransitions()
    for (const part of ['launcher', 'close', 'new-conversation', 'input', 'send']) {
      const { width, height } = find(element, `[part=${part}]`)!.getBoundingClientRect()
      expect([part, Math.min(width, height) >= 44]).toEqual([part, true])
    }
  })
})
