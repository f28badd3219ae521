/** Messages that come while the chat is closed: beside the launcher, by sound and notification. */
import type { ChatState } from '@chat-widget/client'
import type { Message, OwnConversation } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  ALEX,
  CONVERSATION,
  createFakeClient,
  pending,
  stored,
  textMessage,
  VISITOR,
  withItems,
} from './engine/fake-client.testing.ts'
import { deepActive, find, findAll, finishTransitions, textOf } from './looking.testing.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'
import './proactive.ts'

beforeEach(() => page.viewport(1280, 800))
afterEach(cleanUp)

const OTHER = '00000000-0000-4000-8000-000000000002' as typeof CONVERSATION

/** A state with these messages, of which the last one is not read. */
function unread(...messages: readonly Message[]): Partial<ChatState> {
  const lastMessage = messages.at(-1) as Message
  const own: OwnConversation = { id: CONVERSATION, status: 'open', unread: 1, lastMessage }
  return { ...withItems(messages.map((one) => stored(one))), conversations: [own], unread: 1 }
}

async function closedWidget(attributes: Readonly<Record<string, string>> = {}) {
  const widget = await openWidget({ client: createFakeClient(withItems([])), attributes })
  widget.element.hide()
  return widget
}

const preview = (element: HTMLElement) => find(element, '[part=preview]')
const hello = (seq = 2) => textMessage(seq, ALEX, `**Hello** number ${seq}`)

describe('[HP10] the newest unread message', () => {
  it('is beside the launcher while the chat is closed, in words, and opens the chat', async () => {
    const { element, client } = await closedWidget()
    client.setState(unread(textMessage(1, VISITOR, 'Hi'), hello()))
    await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('Alex Hello number 2'))
    client.setState(unread(hello(2), hello(3)))
    await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('Alex Hello number 3'))
    await expect(element).to.be.accessible()
    await userEvent.click(find(element, '.preview-open')!)
    await vi.waitFor(() => expect(find(element, 'dialog')?.matches(':popover-open')).toBe(true))
    expect(preview(element)).toBeNull()
    element.hide()
    client.setState({ unread: 0 })
    expect(preview(element)).toBeNull()
  })

  it('[WH7] takes the place of a proactive message, which does not come back', async () => {
    const { element, client } = await closedWidget()
    const proactive = document.createElement('chat-widget-proactive')
    proactive.setAttribute('message', 'Need a hand?')
    proactive.setAttribute('name', 'before an answer')
    element.after(proactive)
    onTestFinished(() => proactive.remove())
    proactive.show()
    const isShown = () => find(proactive, '.bubble')!.checkVisibility()
    expect(isShown()).toBe(true)
    client.setState(unread(textMessage(1, VISITOR, 'Hi'), hello()))
    await vi.waitFor(() => expect(preview(element)).not.toBeNull())
    expect(isShown()).toBe(false)
    proactive.setAttribute('name', 'after an answer')
    expect(proactive.show()).toBe(false)
    expect(isShown()).toBe(false)
  })

  it('is announced once, by the launcher, and is no live region itself', async () => {
    const { element, client } = await closedWidget()
    const news: string[] = []
    const status = find(element, '[role=status]')!
    const observer = new MutationObserver(() => status.textContent && news.push(status.textContent))
    observer.observe(status, { childList: true, characterData: true, subtree: true })
    client.setState(unread(hello()))
    client.emit('message-received', hello())
    await vi.waitFor(() => expect(preview(element)).not.toBeNull())
    client.setState({ typing: null })
    await vi.waitFor(() => expect(news).toEqual(['Alex: Hello number 2']))
    observer.disconnect()
    const live = '[aria-live], [role=status], [role=alert], [role=log]'
    expect(preview(element)?.querySelector(live) ?? preview(element)?.closest(live)).toBeNull()
  })

  it('can be closed, by button and by Escape, until the next one', async () => {
    const { element, client } = await closedWidget()
    client.setState(unread(hello()))
    await vi.waitFor(() => expect(preview(element)).not.toBeNull())
    await userEvent.click(find(element, '.preview-close')!)
    expect(preview(element)).toBeNull()
    client.setState({ typing: ALEX })
    expect(preview(element)).toBeNull()
    expect(deepActive()).toBe(find(element, '[part=launcher]'))
    client.setState(unread(hello(), hello(3)))
    await vi.waitFor(() => expect(preview(element)).not.toBeNull())
    const keys = vi.fn()
    document.addEventListener('keydown', keys)
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}{Escape}')
    document.removeEventListener('keydown', keys)
    expect(preview(element)).toBeNull()
    expect(keys.mock.calls.map(([{ key }]) => key)).not.toContain('Escape')
  })

  it('of another conversation opens that one', async () => {
    const { element, client } = await closedWidget()
    const lastMessage = { ...hello(7), conversationId: OTHER }
    const other: OwnConversation = { id: OTHER, status: 'open', unread: 2, lastMessage }
    client.setState({ ...withItems([stored(hello())]), conversations: [other], unread: 2 })
    await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('Alex Hello number 7'))
    await userEvent.click(find(element, '.preview-open')!)
    await vi.waitFor(() => expect(client.calls).toContainEqual(['showConversation', OTHER]))
    expect(element.open).toBe(true)
  })

  it('is nowhere for an event, in place, or where the host wants it so', async () => {
    const { element, client } = await closedWidget({ alerts: 'off' })
    client.setState(unread(hello()))
    await vi.waitFor(() => expect(document.title).toMatch(/^\(1\)/))
    expect(preview(element)).toBeNull()
    element.alerts = 'preview'
    await vi.waitFor(() => expect(preview(element)).not.toBeNull())
    element.mode = 'inline'
    await vi.waitFor(() => expect(preview(element)).toBeNull())
    element.remove()
    await vi.waitFor(() => expect(document.title).not.toMatch(/^\(1\)/))
  })

  it.each(['ltr', 'rtl'] as const)('fits a page of 320 px, read %s', async (dir) => {
    await page.viewport(320, 568)
    const { element, client } = await closedWidget({ locale: dir === 'rtl' ? 'ar' : 'en' })
    client.setState(unread(textMessage(2, ALEX, 'A long sentence that goes on. '.repeat(20))))
    await vi.waitFor(() => expect(preview(element)).not.toBeNull())
    finishTransitions()
    const { left, right, top } = preview(element)!.getBoundingClientRect()
    expect([left >= 0, right <= 320, top >= 0]).toEqual([true, true, true])
    for (const button of findAll(preview(element)!, 'button'))
      expect(button.getBoundingClientRect().height).toBeGreaterThanOrEqual(24)
    expect(document.documentElement.scrollWidth).toBe(320)
  })
})

describe('[HP10] a message that could not be sent', () => {
  const sending = { status: 'sending' } as const
  const failed = { status: 'failed', code: 'internal' } as const
  const written = (state: typeof sending | typeof failed, text = 'My tent') =>
    withItems([stored(hello()), pending('p-1', text, state)])

  async function closedWhileSending(attributes = {}) {
    const widget = await closedWidget(attributes)
    const news: string[] = []
    const status = find(widget.element, '[role=status]')!
    new MutationObserver(() => status.textContent && news.push(status.textContent)).observe(status, {
      childList: true,
    })
    widget.client.setState(written(sending))
    return { ...widget, news }
  }

  it('while the chat is closed stands beside the launcher, whatever the host wants of alerts, and is said once', async () => {
    for (const alerts of ['preview', 'off']) {
      const { element, client, news } = await closedWhileSending({ alerts })
      client.setState(written(failed))
      await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('! Not sent. My tent'))
      client.setState({ typing: ALEX })
      expect(news).toEqual(['Not sent. My tent'])
      await expect(element).to.be.accessible()
      await userEvent.click(find(element, '.preview-open')!)
      await vi.waitFor(() => expect(find(element, 'dialog')?.matches(':popover-open')).toBe(true))
      expect(preview(element)).toBeNull()
      cleanUp()
    }
  })

  it('gives way to an unread answer, can be closed, and goes when it is sent', async () => {
    const { element, client } = await closedWhileSending()
    client.setState(written(failed))
    await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('! Not sent. My tent'))
    client.setState({ ...unread(hello(3)), timeline: written(failed).timeline })
    await vi.waitFor(() => expect(textOf(preview(element)!)).toContain('Alex'))
    client.setState({ ...written(failed), conversations: [], unread: 0 })
    await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('! Not sent. My tent'))
    await userEvent.click(find(element, '.preview-close')!)
    client.setState({ typing: null })
    expect(preview(element)).toBeNull()
    expect(deepActive()).toBe(find(element, '[part=launcher]'))
    const other = pending('p-2', 'Another', failed)
    client.setState(withItems([pending('p-1', 'My tent', failed), other]))
    await vi.waitFor(() => expect(textOf(preview(element)!)).toBe('! Not sent. Another'))
    client.setState(withItems([stored(textMessage(1, VISITOR, 'Another'))]))
    await vi.waitFor(() => expect(preview(element)).toBeNull())
  })

  it('is nothing beside an open chat, whose list says it', async () => {
    const { element, client } = await openWidget({ client: createFakeClient(withItems([])) })
    client.setState(written(sending))
    await vi.waitFor(() => expect(find(element, '.row.pending')).not.toBeNull())
    client.setState(written(failed))
    const list = find(element, '[part=messages]')!.getRootNode() as ShadowRoot
    const said = () => [...list.querySelectorAll('[aria-live=polite] p')].map(textOf)
    await vi.waitFor(() => expect(said().at(-1)).toBe('Not sent. My tent'))
    expect([preview(element), textOf(find(element, '.news')!)]).toEqual([null, ''])
  })
})

/** A browser that records sounds and notifications, in a page that is looked at or not. */
function listen(visibility: 'visible' | 'hidden') {
  const shown: { title: string; options: NotificationOptions; click(): void; closed: boolean }[] = []
  let tones = 0
  class FakeNotification {
    static permission = 'granted'
    static requestPermission = async () => 'granted'
    onclick: (() => void) | null = null
    readonly #entry
    constructor(title: string, options: NotificationOptions) {
      this.#entry = { title, options, click: () => this.onclick?.(), closed: false }
      shown.push(this.#entry)
    }
    close() {
      this.#entry.closed = true
    }
  }
  class FakeAudio {
    state = 'running'
    currentTime = 0
    destination = {}
    createGain = () => ({
      gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
      connect: (to: unknown) => to,
    })
    createOscillator() {
      tones += 0.5
      return { frequency: {}, connect: (to: unknown) => to, start() {}, stop() {} }
    }
    async close() {}
  }
  vi.stubGlobal('Notification', FakeNotification)
  vi.stubGlobal('AudioContext', FakeAudio)
  const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibility)
  return { shown, seen, tones: () => tones }
}

const choose = (choices: object) => localStorage.setItem('chat-widget:shop:choices', JSON.stringify(choices))
const now = () => new Date().toISOString()
/** Of an id of its own: the lock by which tabs agree on one of them is kept for a while. */
const fresh = (seq: number): Message => ({
  ...textMessage(seq, ALEX, `News ${seq}`, now()),
  id: crypto.randomUUID() as string as Message['id'],
})

describe('[HP11] sound and notifications', () => {
  afterEach(() => void vi.useRealTimers())

  /** Closed, with everything loaded, and the timers in the test's hands. */
  async function quietWidget(alerts: string) {
    const { element, client } = await closedWidget({ alerts })
    client.setState(unread(hello(1)))
    await vi.waitFor(() => expect(document.title).toMatch(/^\(\d\)/))
    return { element, client }
  }
  const holdTimers = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  /** Longer than any of them waits; locks are answered in the order of the requests. */
  const settle = async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    await navigator.locks.request('settled', async () => {})
    await vi.advanceTimersByTimeAsync(1)
  }

  it('are off until the visitor switches them on, and where the page is looked at', async () => {
    const browser = listen('hidden')
    const { client } = await quietWidget('all')
    holdTimers()
    client.setState(unread(fresh(2)))
    await settle()
    choose({ sound: true, notifications: true })
    browser.seen.mockReturnValue('visible')
    client.setState(unread(fresh(3)))
    await settle()
    expect([browser.tones(), browser.shown]).toEqual([0, []])
    browser.seen.mockReturnValue('hidden')
    client.setState(unread(fresh(4)))
    await settle()
    expect(browser.tones()).toBe(1)
    expect(browser.shown).toMatchObject([{ title: 'Northwind', options: { body: 'Alex: News 4' } }])
  })

  it('come once, from one of several tabs, and a notification opens the chat and goes when it is read', async () => {
    const browser = listen('hidden')
    choose({ sound: true, notifications: true })
    const widgets = [await quietWidget('all'), await quietWidget('all')]
    holdTimers()
    const news = unread(fresh(2))
    for (const { client } of widgets) client.setState(news)
    await settle()
    expect([browser.tones(), browser.shown.length]).toEqual([1, 1])
    vi.useRealTimers()
    browser.shown[0]?.click()
    await vi.waitFor(() => expect(widgets.some(({ element }) => element.open)).toBe(true))
    for (const { client } of widgets) client.setState({ unread: 0 })
    expect(browser.shown[0]?.closed).toBe(true)
  })

  it('are silent about a message that one of the tabs shows', async () => {
    const browser = listen('visible')
    choose({ sound: true, notifications: true })
    const [seen, hidden] = [await quietWidget('all'), await quietWidget('all')]
    holdTimers()
    const news = unread(fresh(2))
    seen.client.setState(news)
    browser.seen.mockReturnValue('hidden')
    hidden.client.setState(news)
    await settle()
    expect([browser.tones(), browser.shown]).toEqual([0, []])
  })

  it.each([
    ['sound', 1, 0],
    ['preview', 0, 0],
    ['off', 0, 0],
  ] as const)('are no more than the host allows by alerts="%s"', async (alerts, tones, shown) => {
    const browser = listen('hidden')
    choose({ sound: true, notifications: true })
    const { client } = await quietWidget(alerts)
    holdTimers()
    client.setState(unread(fresh(2)))
    await settle()
    expect([browser.tones(), browser.shown.length]).toEqual([tones, shown])
  })
})

describe('[HP11] the menu of the panel', () => {
  const labels = (element: HTMLElement) => findAll(element, '[part=menu] button').map((item) => textOf(item))
  const openMenu = async (element: HTMLElement) => {
    await vi.waitFor(() => expect(find(element, '[part=menu-button]')).not.toBeNull())
    await userEvent.click(find(element, '[part=menu-button]')!)
    await vi.waitFor(() => expect(find(element, '[part=menu]')).not.toBeNull())
  }

  it.each([
    ['all', ['Sound for new messages', 'Notifications from your browser', 'Send with Enter']],
    ['sound', ['Sound for new messages', 'Send with Enter']],
    ['off', ['Send with Enter']],
  ] as const)('offers what the host allows by alerts="%s"', async (alerts, expected) => {
    listen('visible')
    const { element } = await openWidget({ attributes: { alerts } })
    await openMenu(element)
    expect(labels(element)).toEqual(expected)
    await expect(element).to.be.accessible()
  })

  it('is not there where nothing may be kept, as it would be empty', async () => {
    const { element } = await openWidget({ attributes: { storage: 'none', alerts: 'all' } })
    expect(find(element, '[part=menu-button]')).toBeNull()
  })

  it('switches by keyboard, keeps the choice, and is closed by Escape alone', async () => {
    const browser = listen('visible')
    const { element } = await openWidget({ attributes: { alerts: 'all' } })
    await openMenu(element)
    const checked = () => findAll(element, '[part=menu] button').map((item) => item.ariaChecked)
    expect(checked()).toEqual(['false', 'false', 'true'])
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(checked()).toEqual(['true', 'false', 'true']))
    expect(browser.tones()).toBe(1)
    await userEvent.keyboard('{ArrowDown}{Enter}{ArrowDown}{Enter}')
    await vi.waitFor(() => expect(checked()).toEqual(['true', 'true', 'false']))
    expect(JSON.parse(localStorage.getItem('chat-widget:shop:choices')!)).toEqual({
      ...{ sound: true, notifications: true, enterSends: false },
    })
    await userEvent.keyboard('{Escape}')
    expect(find(element, '[part=menu]')).toBeNull()
    expect([element.open, deepActive()]).toEqual([true, find(element, '[part=menu-button]')])
  })

  it('[HP13] lets Enter begin a line, and Ctrl+Enter send; the Enter of a composition sends nothing', async () => {
    const { element, client } = await openWidget()
    await openMenu(element)
    await userEvent.click(findAll(element, '[part=menu] button').at(-1)!)
    const field = find<HTMLTextAreaElement>(element, 'textarea')!
    const keys = vi.fn()
    document.addEventListener('keydown', keys)
    await userEvent.click(field)
    await userEvent.keyboard('one{Enter}two')
    document.removeEventListener('keydown', keys)
    const sent = () => client.calls.filter(([name]) => name === 'send').map(([, text]) => text)
    expect([field.value, field.enterKeyHint, sent()]).toEqual(['one\ntwo', 'enter', []])
    expect(keys).not.toHaveBeenCalled()
    const composing = { key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true, composed: true }
    field.dispatchEvent(new KeyboardEvent('keydown', { cancelable: true, ...composing }))
    expect(sent()).toEqual([])
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(sent()).toEqual(['one\ntwo'])
    await userEvent.click(find(element, '[part=menu-button]')!)
    await userEvent.click(findAll(element, '[part=menu] button').at(-1)!)
    await userEvent.click(field)
    await userEvent.keyboard('three{Enter}')
    expect([sent().at(-1), field.enterKeyHint]).toEqual(['three', 'send'])
  })

  it('says that the browser blocks notifications', async () => {
    listen('visible')
    const requestPermission = vi.fn(async () => 'denied')
    Object.assign(Notification, { permission: 'denied', requestPermission })
    const { element } = await openWidget({ attributes: { alerts: 'all' } })
    await openMenu(element)
    expect(labels(element)[1]).toBe('Notifications from your browser Blocked in your browser’s settings')
    const item = findAll(element, '[part=menu] button')[1]!
    item.click()
    expect([item.ariaDisabled, item.ariaChecked]).toEqual(['true', 'false'])
    expect(requestPermission).not.toHaveBeenCalled()
  })
})

it('closed widgets load nothing for attention before there is an unread message', () => {
  const { element } = mountWidget()
  expect(preview(element)).toBeNull()
})
