import type { OwnConversation } from '@chat-widget/protocol'
import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  ALEX,
  CONNECTED,
  CONVERSATION,
  createFakeClient,
  loginMessage,
  stored,
  textMessage,
  withItems,
} from './engine/fake-client.testing.ts'
import { useFakeClient } from './fake-widget.testing.ts'
import { deepActive, find, textOf } from './looking.testing.ts'
import type { ChatUser } from './public-types.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'

const USER: ChatUser = { userIdentifier: 'ada', requestContextProvider: () => ({}) }

let warn: ReturnType<typeof vi.spyOn>

beforeEach(async () => {
  await page.viewport(1280, 800)
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  cleanUp()
  vi.restoreAllMocks()
})

describe('<chat-widget>', () => {
  it('renders a launcher and loads nothing before it is needed', async () => {
    const { element, loads } = mountWidget()
    await oneEvent(element, 'widget-ready')
    const launcher = find(element, '[part=launcher]')
    expect(launcher?.getAttribute('aria-expanded')).toBe('false')
    expect(launcher?.getAttribute('aria-haspopup')).toBe('dialog')
    expect(launcher?.getAttribute('aria-label')).toBe('Open chat')
    expect(launcher?.getBoundingClientRect()).toMatchObject({ width: 60, height: 60 })
    expect(loads()).toBe(0)
  })

  it('has the browser read how dates are written while the file of the chat is on its way', async () => {
    const created = vi.spyOn(Intl, 'DateTimeFormat')
    const attributes = { locale: 'ja' }
    const { element } = mountWidget({ attributes, load: () => new Promise(() => {}) })
    await oneEvent(element, 'widget-ready')
    expect(created).not.toHaveBeenCalled()
    element.show()
    await vi.waitFor(() => expect(created).toHaveBeenCalledWith('ja'))
  })

  it('is accessible, closed and open', async () => {
    const { element } = await openWidget()
    await expect(document.body).to.be.accessible()
    element.hide()
    await vi.waitFor(() => expect(find(element, 'dialog')?.matches(':popover-open')).toBe(false))
    await expect(document.body).to.be.accessible()
  })

  it('opens by click with focus in the composer, closes by Escape with focus on the launcher', async () => {
    const { element } = mountWidget()
    const opened = oneEvent(element, 'widget-open')
    await userEvent.click(find(element, '[part=launcher]')!)
    await opened
    expect(element.open).toBe(true)
    expect(element.hasAttribute('open')).toBe(true)
    expect(find(element, '[part=launcher]')?.getAttribute('aria-expanded')).toBe('true')
    expect(deepActive()?.getAttribute('part')).toBe('input')
    const closed = oneEvent(element, 'widget-close')
    await userEvent.keyboard('{Escape}')
    await closed
    expect(element.hasAttribute('open')).toBe(false)
    expect(deepActive()?.getAttribute('part')).toBe('launcher')
  })

  it('does not take focus when it is open from the start', async () => {
    const field = document.createElement('input')
    document.body.append(field)
    field.focus()
    const { element } = mountWidget({ attributes: { open: '' } })
    await oneEvent(element, 'widget-open')
    expect(deepActive()).toBe(field)
  })

  it('sends what is written and shows it', async () => {
    const { client } = await openWidget()
    await userEvent.keyboard('Hello{Enter}')
    expect(client.calls).toContainEqual(['send', 'Hello'])
  })

  it('answers sendMessage with the acknowledged message, and refuses what is no text', async () => {
    const { element, client } = mountWidget()
    expect(await element.sendMessage({ text: 'Hi' })).toMatchObject({ text: 'Hi', seq: 1 })
    expect(client.calls).toContainEqual(['send', 'Hi'])
    const reply = { reply: { to: 2, value: 'yes' } }
    await element.sendMessage(reply)
    expect(client.calls).toContainEqual(['send', reply])
    await element.sendMessage(Object('As an object'))
    expect(client.calls).toContainEqual(['send', 'As an object'])
    for (const none of ['  ', { text: '' }, { text: 7 }, {}, null, undefined, 7])
      await expect(element.sendMessage(none as never)).rejects.toThrow(TypeError)
  })

  it('[ID2] throws a TypeError naming the field of a malformed user, and changes nothing', async () => {
    const { element, client } = await openWidget()
    element.user = USER
    const errors: unknown[] = []
    element.addEventListener('widget-error', ({ detail }) => errors.push(detail.code))
    expect(() => {
      element.user = { userIdentifier: 7 } as unknown as ChatUser
    }).toThrow(/userIdentifier/)
    expect(element.user).toEqual(USER)
    expect(client.calls.filter(([name]) => name === 'user')).toEqual([['user', USER]])
    expect(errors).toEqual(['user-malformed'])
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('user-malformed'))
    await vi.waitFor(() => expect(textOf(element)).toContain('We could not sign you in'))
  })

  it('picks up properties set before it was defined', async () => {
    const { client } = useFakeClient()
    // Cloned from a template, an element is not upgraded until it is inserted, like one that is not defined yet.
    const template = document.createElement('template')
    const early = template.content.ownerDocument.createElement('chat-widget')
    const delegate = { didTapUserLoginButton: vi.fn() }
    Object.assign(early, { app: 'shop', user: USER, theme: 'dark', delegate, connect: 'eager' })
    expect(Object.hasOwn(early, 'user')).toBe(true)
    document.body.append(early)
    expect(early.user).toEqual(USER)
    expect(early.getAttribute('app')).toBe('shop')
    expect(early.getAttribute('theme')).toBe('dark')
    expect(early.getAttribute('connect')).toBe('eager')
    expect(Object.hasOwn(early, 'connect')).toBe(false)
    expect(early.delegate).toBe(delegate)
    await vi.waitFor(() => expect(client.calls).toContainEqual(['user', USER]))
  })

  it('tells of a tapped login button by event and by delegate', async () => {
    const client = createFakeClient(withItems([stored(loginMessage(1))]))
    const { element } = await openWidget({ client })
    const delegate = { didTapUserLoginButton: vi.fn() }
    element.delegate = delegate
    await vi.waitFor(() => expect(find(element, '[part=login-button]')).not.toBeNull())
    const tapped = oneEvent(document.body, 'login-button')
    await userEvent.click(find(element, '[part=login-button]')!)
    const event = await tapped
    const detail = {
      requestId: 'r-1',
      reason: 'message',
      conversationId: expect.any(String),
      messageId: 'm-1',
    }
    expect(event.detail).toEqual(detail)
    expect(event).toMatchObject({ cancelable: true, bubbles: true, composed: true })
    expect(event.constructor.name).toBe('LoginButtonEvent')
    expect(delegate.didTapUserLoginButton).toHaveBeenCalledWith(detail)
    await vi.waitFor(() => expect(textOf(element)).toContain('Waiting for sign-in…'))
  })

  it('hands the client’s events to the page in the documented shapes', async () => {
    const { element, client } = await openWidget()
    const seen: [string, unknown][] = []
    for (const name of [
      'identity-change',
      'connection-change',
      'message-sent',
      'message-received',
      'widget-error',
    ])
      document.addEventListener(name, (event) => seen.push([event.type, (event as CustomEvent).detail]), {
        once: true,
      })
    const message = textMessage(1, ALEX, 'Hi')
    client.emit('identity-change', { identity: { status: 'anonymous' } })
    client.emit('connection-change', { status: 'reconnecting', attempt: 2 })
    client.emit('message-sent', message)
    client.emit('message-received', message)
    expect(seen).toEqual([
      ['identity-change', { identity: { status: 'anonymous' } }],
      ['connection-change', { status: 'reconnecting' }],
      ['message-sent', { message }],
      ['message-received', { message }],
    ])
    expect(element.getState()).toEqual({
      connection: { status: 'connected' },
      identity: { status: 'anonymous' },
      conversation: null,
      conversations: [],
      unread: 0,
      open: true,
    })
  })

  it('gives a copy of its state, which a host may sort and change', async () => {
    const one: OwnConversation = {
      ...{ id: CONVERSATION, status: 'open', unread: 0 },
      lastMessage: textMessage(1, ALEX, 'Hi'),
    }
    const client = createFakeClient({ ...CONNECTED, conversations: [one] })
    const { element } = await openWidget({ client })
    // Of plain JavaScript, which knows no `readonly`.
    const conversations = element.getState().conversations as OwnConversation[]
    Object.assign(conversations[0] ?? {}, { unread: 9 })
    conversations.push(one)
    expect(element.getState().conversations).toEqual([one])
    expect(client.getState().conversations).toEqual([one])
  })

  it('tells of unread messages, shows their count on the launcher and says it', async () => {
    const { element, client } = mountWidget()
    await element.sendMessage('wake up')
    const told = oneEvent(element, 'unread-change')
    client.emit('unread-change', 120)
    expect((await told).detail).toEqual({ count: 120 })
    expect(find(element, '[part=badge]')?.textContent).toBe('99+')
    expect(find(element, '[part=launcher]')?.getAttribute('aria-label')).toBe(
      'Open chat, 120 unread messages',
    )
  })

  it('words no count while nothing is unread: the browser’s first format takes as long as a first paint', async () => {
    const unread = vi.fn((count: number) => `${count} new`)
    const { element, client } = mountWidget()
    element.strings = { unread }
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    element.hide()
    expect(unread).not.toHaveBeenCalled()
    const label = () => find(element, '[part=launcher]')?.getAttribute('aria-label')
    client.emit('unread-change', 2)
    expect(label()).toBe('Open chat, 2 new')
    client.emit('unread-change', 0)
    expect([label(), find(element, '[part=badge]')?.textContent]).toEqual(['Open chat', ''])
  })

  it('counts no message as unread that is seen as it arrives', async () => {
    const { element, client } = await openWidget()
    const counts: unknown[] = []
    element.addEventListener('unread-change', ({ detail }) => counts.push(detail.count))
    client.emit('unread-change', 1)
    expect(client.calls).toContainEqual(['markRead'])
    client.emit('unread-change', 0)
    expect(counts).toEqual([])
  })

  it('has its box where the launcher is, and leaves hiding it to the page', () => {
    const { element } = mountWidget()
    const box = element.getBoundingClientRect()
    const { x, y, width, height } = find(element, '[part=launcher]')?.getBoundingClientRect() ?? new DOMRect()
    expect(box).toMatchObject({ x, y, width, height })
    expect(getComputedStyle(element).pointerEvents).toBe('none')
    const style = document.createElement('style')
    style.textContent = 'chat-widget { display: none }'
    document.head.append(style)
    expect(find(element, '[part=launcher]')?.checkVisibility()).toBe(false)
    style.remove()
  })

  it('marks messages read only while they can be seen', async () => {
    const client = createFakeClient(withItems([stored(textMessage(1, ALEX, 'Hi'))], { unread: 1 }))
    const { element } = mountWidget({ client })
    await element.sendMessage('wake up')
    client.setState({ unread: 2 })
    expect(client.calls).not.toContainEqual(['markRead'])
    element.show()
    await oneEvent(element, 'widget-open')
    expect(client.calls).toContainEqual(['markRead'])
  })

  it('says once that the app is missing, to developer and visitor', async () => {
    const errors: unknown[] = []
    const collect = (event: Event) => errors.push((event as CustomEvent).detail)
    document.addEventListener('widget-error', collect)
    const { element } = await openWidget({ attributes: { app: '' } })
    document.removeEventListener('widget-error', collect)
    expect(errors).toEqual([{ code: 'app-missing', message: 'The app attribute is missing.' }])
    expect(warn).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/app-missing: .*<chat-widget app=/))
    expect(textOf(element)).toContain('The chat is not set up correctly on this site.')
    element.app = 'shop'
    await vi.waitFor(() => expect(find(element, 'textarea')).not.toBeNull())
  })

  it('waits for attributes that a framework sets after inserting', async () => {
    useFakeClient()
    const element = document.createElement('chat-widget')
    document.body.append(element)
    element.setAttribute('app', 'shop')
    await oneEvent(element, 'widget-ready')
    expect(warn).not.toHaveBeenCalled()
  })

  it('says that the engine could not be loaded, and tries another address', async () => {
    const attempts: number[] = []
    const { element } = mountWidget({
      load: async (attempt, module) => {
        attempts.push(attempt)
        if (attempt === 0) throw new Error('offline')
        return module
      },
    })
    await oneEvent(element, 'widget-ready')
    const failed = oneEvent(element, 'widget-error')
    element.show()
    expect((await failed).detail).toEqual({ code: 'load-failed', message: 'offline' })
    await vi.waitFor(() =>
      expect(find(element, '[role=alert]')?.textContent).toContain('could not be loaded'),
    )
    expect(element.open).toBe(false)
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    expect(attempts).toEqual([0, 1])
    expect(find(element, '[part=notice]')?.checkVisibility()).toBe(false)
  })

  it('is loaded for a customer who came without a connection, as soon as there is one', async () => {
    let isOnline = false
    const { element, client } = mountWidget({
      attributes: { connect: 'eager' },
      load: async (_attempt, module) => {
        if (!isOnline) throw new Error('offline')
        return module
      },
    })
    const failed = oneEvent(element, 'widget-error')
    element.user = USER
    await failed
    isOnline = true
    window.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(client.calls).toContainEqual(['user', USER]))
    expect(element.open).toBe(false)
  })

  it('says once that a file could not be loaded, however many calls waited for it', async () => {
    const { element } = mountWidget({ load: () => Promise.reject(new Error('offline')) })
    const errors: unknown[] = []
    element.addEventListener('widget-error', ({ detail }) => errors.push(detail.code))
    const calls = [element.sendMessage('one'), element.sendMessage('two'), element.newConversation()]
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(errors).toEqual(['load-failed'])
  })

  it('survives being moved in the document', async () => {
    const { element, client } = await openWidget()
    const elsewhere = document.createElement('section')
    document.body.append(elsewhere)
    elsewhere.append(element)
    await Promise.resolve()
    expect(client.calls).not.toContainEqual(['close'])
    element.remove()
    await vi.waitFor(() => expect(client.calls).toContainEqual(['close']))
  })

  it('renders in place with mode=inline, without launcher', async () => {
    const { element } = mountWidget({ attributes: { mode: 'inline' } })
    await vi.waitFor(() => expect(find(element, 'textarea')).not.toBeNull())
    expect(element.getBoundingClientRect().height).toBe(600)
    expect(find(element, '[part=launcher]')?.checkVisibility()).toBe(false)
    expect(find(element, '[part=close]')).toBeNull()
    await expect(document.body).to.be.accessible()
  })

  it('is right-to-left in a right-to-left language, in its own words', async () => {
    const { element } = await openWidget({ attributes: { locale: 'ar' } })
    expect(find(element, 'dialog')?.dir).toBe('rtl')
    expect(find(element, 'textarea')?.getAttribute('placeholder')).toBe('اكتب رسالة…')
    expect(find(element, '[part=launcher]')?.getAttribute('aria-label')).toBe('إغلاق المحادثة')
    const launcher = find(element, '[part=launcher]')!.getBoundingClientRect()
    expect(launcher.left).toBe(20)
  })

  it('follows the page’s language and the host’s own words', async () => {
    document.body.lang = 'de-AT'
    const { element } = await openWidget()
    expect(textOf(element)).toContain('Wie können wir helfen?')
    element.strings = { emptyTitle: 'Servus!' }
    await vi.waitFor(() => expect(textOf(element)).toContain('Servus!'))
    document.body.removeAttribute('lang')
  })

  it('wakes up by itself where a session is stored, and shows what was unread', async () => {
    localStorage.setItem('chat-widget:shop:hint', '2')
    const { element, loads } = mountWidget()
    expect(find(element, '[part=badge]')?.textContent).toBe('2')
    await vi.waitFor(() => expect(loads()).toBe(1))
  })

  it.each([
    ['persistent', 1, 0],
    ['session', 0, 1],
    ['none', 0, 0],
  ])('stores its hint according to storage=%s', async (storage, local, session) => {
    const { client } = await openWidget({ attributes: { storage } })
    client.setState(withItems([stored(textMessage(1, ALEX, 'Hi'))]))
    expect([localStorage.length, sessionStorage.length]).toEqual([local, session])
  })

  it('stores nothing before the visitor’s first action with storage=on-interaction', async () => {
    const { element, client } = mountWidget({ attributes: { storage: 'on-interaction', open: '' } })
    await oneEvent(element, 'widget-open')
    client.setState(withItems([stored(textMessage(1, ALEX, 'Hi'))]))
    expect(localStorage.length).toBe(0)
    await userEvent.click(find(element, 'textarea')!)
    await userEvent.keyboard('H')
    expect(localStorage.length).toBe(1)
  })

  it('[ID13] signs out through the client, and resolves at once where there was never a session', async () => {
    const { element, client, loads } = mountWidget()
    await element.logout()
    expect(loads()).toBe(0)
    element.user = USER
    await element.logout({ everywhere: true })
    expect(client.calls).toContainEqual(['logout', { everywhere: true }])
    expect(element.user).toBeNull()
  })

  it.each([true, false])(
    '[ID13] a user set while another signs out is the next one, the chat being loaded: %s',
    async (isLoaded) => {
      const { element, client } = await (isLoaded ? openWidget() : mountWidget())
      const next = { ...USER, userIdentifier: 'next@example.com' }
      element.user = USER
      const left = element.logout()
      expect(element.user).toBeNull()
      element.user = next
      await left
      expect(element.user).toEqual(next)
      const told = client.calls.filter(([name]) => name === 'logout' || name === 'user')
      expect(told.slice(-2)).toEqual([
        ['logout', undefined],
        ['user', next],
      ])
    },
  )

  it.each([
    ['unknown-app', 'The chat is not set up correctly on this site.'],
    ['origin-refused', 'The chat is not set up correctly on this site.'],
    ['protocol-version', 'The chat has been updated. Please reload the page.'],
  ] as const)('has a plain sentence for %s', async (code, sentence) => {
    const { element, client } = await openWidget()
    client.setState({ connection: { status: 'closed', reason: code } })
    await vi.waitFor(() => expect(textOf(element)).toContain(sentence))
    expect(find(element, 'textarea')).toBeNull()
  })
})
