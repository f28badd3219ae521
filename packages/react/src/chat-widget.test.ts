import type { ChatWidgetElement, LoginButtonEvent, WidgetReadyEvent } from '@chat-widget/widget'
import { createRef, createElement as h, StrictMode, Suspense, useState, version } from 'react'
import { flushSync } from 'react-dom'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, inject, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { ChatWidget, type ChatWidgetProps } from './chat-widget.ts'
import { cleanUpAfterEach, render } from './render.testing.ts'

cleanUpAfterEach()

const chatOf = (container: Element) => container.querySelector('chat-widget') as ChatWidgetElement
const widget = (props: Partial<ChatWidgetProps> = {}) =>
  h(ChatWidget, { app: 'shop', server: inject('chatServer'), storage: 'none', ...props })
const attributesOf = (element: Element) =>
  Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]))
const customer = (userIdentifier: string) => ({
  userIdentifier,
  requestContextProvider: vi.fn(() => ({ for: userIdentifier })),
})
const identity = (chat: ChatWidgetElement) => {
  const state = chat.getState().identity
  return 'userIdentifier' in state ? `${state.status} ${state.userIdentifier}` : state.status
}

describe(`<ChatWidget> with React ${version}`, () => {
  it('sets attributes and properties before the first event, and children as slots', async () => {
    const ready = vi.fn<(event: WidgetReadyEvent, attributes: object, slots: string) => void>()
    const strings = { title: 'Ask us' }
    const delegate = {}
    const { container, render: again } = render(
      widget({
        mode: 'inline',
        pageTitle: 'unchanged',
        mergePolicy: 'separate',
        connect: 'eager',
        strings,
        delegate,
        className: 'chat',
        style: { color: 'red' },
        hidden: false,
        'aria-label': 'Chat',
        onWidgetReady: (event) =>
          ready(event, attributesOf(event.currentTarget), event.currentTarget.innerHTML),
        children: h('img', { slot: 'header-logo', alt: '' }),
      }),
    )
    await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce())
    expect(ready).toHaveBeenCalledWith(
      expect.any(CustomEvent),
      {
        app: 'shop',
        server: inject('chatServer'),
        storage: 'none',
        mode: 'inline',
        'page-title': 'unchanged',
        'merge-policy': 'separate',
        connect: 'eager',
        class: 'chat',
        style: 'color: red;',
        'aria-label': 'Chat',
      },
      '<img slot="header-logo" alt="">',
    )
    const chat = chatOf(container)
    expect(chat.strings).toBe(strings)
    expect(chat.delegate).toBe(delegate)
    again(widget({ hidden: true }))
    expect(Object.keys(attributesOf(chat)).sort()).toEqual(['app', 'hidden', 'server', 'storage'])
    expect(chat.strings).toEqual({})
    expect(chat.delegate).toBeNull()
  })

  it('takes away what is not given any more', () => {
    const global = { id: 'help', lang: 'de', title: 'Help', dir: 'rtl', tabIndex: -1, theme: 'dark' } as const
    const { container, render: again } = render(widget({ ...global, 'aria-label': 'Help' }))
    const chat = chatOf(container)
    expect(attributesOf(chat)).toMatchObject({
      id: 'help',
      lang: 'de',
      title: 'Help',
      dir: 'rtl',
      tabindex: '-1',
    })
    again(widget({ lang: undefined, title: undefined }))
    expect(Object.keys(attributesOf(chat)).sort()).toEqual(['app', 'server', 'storage'])
  })

  it('gives the element to an object and to a function', () => {
    const ref = createRef<ChatWidgetElement>()
    const refs: (ChatWidgetElement | null)[] = []
    const rendered = render(h('div', null, h(ChatWidget, { app: 'shop', ref })))
    expect(ref.current).toBe(chatOf(rendered.container))
    rendered.render(h('div', null, h(ChatWidget, { app: 'shop', ref: (chat) => void refs.push(chat) })))
    expect(ref.current).toBeNull()
    rendered.unmount()
    expect(refs).toHaveLength(2)
    expect(refs[1]).toBeNull()
  })

  it('calls the newest handler, listens once, and calls none once unmounted', async () => {
    const listened = vi.spyOn(HTMLElement.prototype, 'addEventListener')
    const first = vi.fn()
    const second = vi.fn()
    const rendered = render(h(StrictMode, null, widget({ onUnreadChange: first, onWidgetOpen: first })))
    const listeners = listened.mock.calls.length
    rendered.render(h(StrictMode, null, widget({ onUnreadChange: second })))
    expect(listened.mock.calls).toHaveLength(listeners)
    const chat = chatOf(rendered.container)
    chat.dispatchEvent(new CustomEvent('unread-change'))
    chat.dispatchEvent(new CustomEvent('widget-open'))
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledOnce()
    rendered.unmount()
    chat.dispatchEvent(new CustomEvent('unread-change'))
    expect(second).toHaveBeenCalledOnce()
  })

  it('hears each event once in StrictMode', async () => {
    vi.spyOn(console, 'warn').mockReturnValue()
    const ready = vi.fn()
    const failed = vi.fn()
    render(h(StrictMode, null, widget({ app: '', onWidgetReady: ready, onWidgetError: failed })))
    await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce())
    expect(failed).toHaveBeenCalledOnce()
    expect(failed.mock.calls[0]?.[0].detail.code).toBe('app-missing')
  })

  it('hears what happens while its tree is suspended', async () => {
    let isSuspended = false
    const never = new Promise(() => {})
    const Sibling = () => {
      if (isSuspended) throw never
      return null
    }
    const heard = vi.fn()
    const tree = () => h(Suspense, { fallback: 'wait' }, h(Sibling), widget({ onUnreadChange: heard }))
    const rendered = render(tree())
    const chat = chatOf(rendered.container)
    isSuspended = true
    rendered.render(tree())
    expect(rendered.container.textContent).toBe('wait')
    expect(chat.isConnected).toBe(true)
    chat.dispatchEvent(new CustomEvent('unread-change'))
    expect(heard).toHaveBeenCalledOnce()
  })

  it('is opened and closed by `open`, and follows the visitor', async () => {
    const Page = () => {
      const [open, setOpen] = useState(false)
      return h(
        'div',
        null,
        h('button', { type: 'button', onClick: () => setOpen(true) }, open ? 'it is open' : 'ask us'),
        widget({ open, onWidgetOpen: () => setOpen(true), onWidgetClose: () => setOpen(false) }),
      )
    }
    const { container } = render(h(Page))
    const button = container.querySelector('button') as HTMLButtonElement
    flushSync(() => button.click())
    const chat = chatOf(container)
    expect(chat.open).toBe(true)
    await expect.poll(() => chat.shadowRoot?.querySelector('[part~=panel]')).toBeTruthy()
    await page.getByRole('button', { name: 'Close chat' }).last().click()
    await expect.poll(() => button.textContent).toBe('ask us')
    expect(chat.open).toBe(false)
  })

  it('renders nothing on a server, and is hydrated without a warning', async () => {
    const container = document.body.appendChild(document.createElement('main'))
    const ready = vi.fn()
    const ref = createRef<ChatWidgetElement>()
    const tree = h(
      StrictMode,
      null,
      h('h1', null, 'Shop'),
      h(ChatWidget, { app: 'shop', ref, onWidgetReady: ready }),
    )
    container.innerHTML = renderToString(tree)
    expect(container.innerHTML).toBe('<h1>Shop</h1>')
    render(tree, { container, root: hydrateRoot(container, tree) })
    await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce())
    expect(ref.current).toBe(chatOf(container))
  })

  it('[ID2] tells the element of another customer, not of another provider', async () => {
    const first = customer('ada')
    const { container, render: again } = render(widget({ user: undefined }))
    const chat = chatOf(container)
    const set = vi.spyOn(chat, 'user', 'set')
    again(widget({ user: first }))
    const second = customer('ada')
    again(widget({ user: { ...second } }))
    again(widget({ user: undefined }))
    expect(set).toHaveBeenCalledOnce()
    await chat.connect()
    expect(identity(chat)).toBe('identified ada')
    expect(first.requestContextProvider).not.toHaveBeenCalled()
    expect(second.requestContextProvider).toHaveBeenCalledOnce()
    expect(second.requestContextProvider).toHaveBeenCalledWith(false, { signal: expect.any(AbortSignal) })

    again(widget({ user: customer('grace') }))
    await expect.poll(() => identity(chat)).toBe('identified grace')
    again(widget({ user: null }))
    await expect.poll(() => identity(chat)).toBe('anonymous')
    expect(set).toHaveBeenCalledTimes(3)
  })

  it('[ID6] lets the host set the same customer again after "Sign in again"', async () => {
    let isSignedIn = false
    const user = { userIdentifier: 'ada', requestContextProvider: () => (isSignedIn ? { for: 'ada' } : {}) }
    const { container } = render(widget({ user: { ...user } }))
    const chat = chatOf(container)
    await chat.connect()
    expect(identity(chat)).toBe('reauthentication-required ada')
    isSignedIn = true
    // biome-ignore lint/correctness/noSelfAssign: setting it again is a sign-in
    chat.user = chat.user
    await expect.poll(() => identity(chat)).toBe('identified ada')
  })

  it('[ID2] keeps the tree of a host whose user is malformed, and reports it', async () => {
    vi.spyOn(console, 'warn').mockReturnValue()
    const failed = vi.fn()
    const malformed = () => widget({ user: { userIdentifier: undefined } as never, onWidgetError: failed })
    const { container, render: again } = render(malformed())
    again(malformed())
    expect(failed).toHaveBeenCalledOnce()
    expect(failed.mock.calls[0]?.[0].detail.code).toBe('user-malformed')
    expect(chatOf(container).isConnected).toBe(true)
  })

  it('[ID15] lets the host sign the visitor in when the login button is tapped', async () => {
    const tapped = vi.fn()
    const Page = () => {
      const [user, setUser] = useState<ReturnType<typeof customer> | null>(null)
      return widget({
        user,
        open: true,
        onLoginButton(event: LoginButtonEvent) {
          tapped(event.detail.reason)
          setUser(customer('ada'))
        },
      })
    }
    const { container } = render(h(StrictMode, null, h(Page)))
    const chat = chatOf(container)
    await chat.sendMessage('pay')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect.poll(() => identity(chat)).toBe('identified ada')
    expect(tapped.mock.calls).toEqual([['message']])
  })
})
