/** The cases in which a closed chat is loaded and connects: `connect`, and `connect()`. */
import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatWidgetElement } from './chat-widget-element.ts'
import {
  ALEX,
  createFakeClient,
  pending,
  stored,
  textMessage,
  withItems,
} from './engine/fake-client.testing.ts'
import { find } from './looking.testing.ts'
import { cleanUp, mountWidget, openWidget, type TestWidgetOptions } from './widget.testing.ts'

const HINT = 'chat-widget:shop:hint'
const ADA = { userIdentifier: 'ada', requestContextProvider: () => ({}) }
const BOB = { userIdentifier: 'bob', requestContextProvider: () => ({}) }
const ADA_SET = ['user', expect.objectContaining(ADA)]

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  cleanUp()
  vi.restoreAllMocks()
})

/** Waits until the page has painted and is idle, so that anything it does by itself has happened. */
const isQuiet = async () => {
  await new Promise(requestAnimationFrame)
  await new Promise((idle) => requestIdleCallback(idle))
}

async function mountReady(options: TestWidgetOptions = {}) {
  const widget = mountWidget(options)
  await oneEvent(widget.element, 'widget-ready')
  return widget
}

describe('[ID18] a user who is set while the chat is closed and nothing waits', () => {
  it('is authenticating, and nothing is loaded until the chat is opened', async () => {
    const { element, client, loads } = await mountReady()
    element.user = ADA
    await isQuiet()
    expect(loads()).toBe(0)
    expect(element.getState()).toMatchObject({
      identity: { status: 'authenticating', userIdentifier: 'ada' },
      connection: { status: 'closed' },
    })
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    expect(loads()).toBe(1)
    expect(client.calls.slice(0, 2)).toEqual([ADA_SET, ['connect']])
  })

  it.each<[string, (element: ChatWidgetElement) => Promise<unknown>, readonly unknown[]]>([
    ['connect', (element) => element.connect(), ['connect']],
    ['sendMessage', (element) => element.sendMessage('Hi'), ['send', 'Hi']],
    ['newConversation', (element) => element.newConversation(), ['newConversation']],
    ['logout', (element) => element.logout(), ['logout', undefined]],
  ])('is told to the chat before %s(), which needs it', async (_name, call, asked) => {
    const { element, client, loads } = await mountReady()
    element.user = ADA
    await call(element)
    expect(loads()).toBe(1)
    expect(client.calls.slice(0, 2)).toEqual([ADA_SET, asked])
  })

  it('may change, and leave, without anything being loaded', async () => {
    const { element, client, loads } = await mountReady()
    element.user = ADA
    element.user = BOB
    expect(element.getState().identity).toMatchObject({ userIdentifier: 'bob' })
    element.user = null
    expect(element.getState().identity).toEqual({ status: 'anonymous' })
    await isQuiet()
    expect(loads()).toBe(0)
    element.user = BOB
    await element.connect()
    expect(client.calls.filter(([name]) => name === 'user')).toEqual([
      ['user', expect.objectContaining({ userIdentifier: 'bob' })],
    ])
  })

  it('is still the user after the element was taken out and put back', async () => {
    const { element, client, loads } = await mountReady()
    element.user = ADA
    element.remove()
    await isQuiet()
    const ready = oneEvent(element, 'widget-ready')
    document.body.append(element)
    await ready
    await isQuiet()
    expect(loads()).toBe(0)
    expect(element.getState().identity).toMatchObject({ userIdentifier: 'ada' })
    await element.connect()
    expect(client.calls[0]).toEqual(ADA_SET)
  })

  it('is not told to the chat for a session in which nothing was said', async () => {
    localStorage.setItem(HINT, '')
    const { element, loads } = await mountReady()
    element.user = ADA
    await isQuiet()
    expect(loads()).toBe(0)
  })

  it('is told to the chat once another tab has stored something', async () => {
    const { element, client } = await mountReady()
    element.user = ADA
    await isQuiet()
    expect(client.calls).toEqual([])
    localStorage.setItem(HINT, '0')
    // The event by which the browser tells the other tabs.
    window.dispatchEvent(new StorageEvent('storage', { key: HINT, newValue: '0' }))
    await vi.waitFor(() => expect(client.calls).toContainEqual(ADA_SET))
  })
})

describe('[ID18] a chat that is closed is loaded at once', () => {
  it('for a user where this browser holds something', async () => {
    localStorage.setItem(HINT, '2')
    const { element, client } = await mountReady()
    element.user = ADA
    expect(find(element, '[part=badge]')?.textContent).toBe('2')
    await vi.waitFor(() => expect(client.calls).toContainEqual(ADA_SET))
    expect(element.open).toBe(false)
  })

  it.each([true, false])('with connect="eager", a user being set: %s', async (isUser) => {
    const { element, client } = await mountReady({ attributes: { connect: 'eager' } })
    if (isUser) element.user = ADA
    await vi.waitFor(() => expect(client.calls).toContainEqual(['connect']))
    expect(client.calls.slice(0, -1)).toEqual(isUser ? [ADA_SET] : [])
    expect(element.open).toBe(false)
  })

  it('when connect becomes "eager", as a property too', async () => {
    const { element, client } = await mountReady()
    element.user = ADA
    await isQuiet()
    expect(client.calls).toEqual([])
    element.connect = 'eager'
    expect(element.getAttribute('connect')).toBe('eager')
    await vi.waitFor(() => expect(client.calls).toContainEqual(ADA_SET))
    element.connect = null
    expect(element.hasAttribute('connect')).toBe(false)
    await element.connect()
  })
})

describe('[ID18] this browser holds something', () => {
  const nothing = createFakeClient().getState()
  const entry = pending('c-1', 'Hi', { status: 'waiting', for: 'connection' })
  const login = {
    ...{ requestId: 'r-1', reason: 'expired', conversationId: null, messageId: null },
    state: { status: 'requested' },
  } as never

  it.each([
    ['a connection alone', nothing, ''],
    ['a conversation in which nothing was said', withItems([]), ''],
    ['a conversation', withItems([stored(textMessage(1, ALEX, 'Hi'))]), '0'],
    ['a message that is not sent', withItems([entry], { conversation: null }), '0'],
    ['a login request', { ...nothing, logins: [login] }, '0'],
  ])('with %s: %#', async (_what, state, hint) => {
    const { client } = await openWidget()
    client.setState(state)
    expect(localStorage.getItem(HINT)).toBe(hint)
  })
})

describe('connect()', () => {
  it('rejects as the connection does, and where the element is not in the page', async () => {
    const { element, client } = await mountReady()
    client.connectAnswer = () => Promise.reject(Object.assign(new Error('refused'), { code: 'unknown-app' }))
    await expect(element.connect()).rejects.toMatchObject({ code: 'unknown-app' })
    element.remove()
    await isQuiet()
    await expect(element.connect()).rejects.toMatchObject({ code: 'closed' })
  })
})
