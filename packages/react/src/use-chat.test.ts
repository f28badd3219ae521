import { ChatClient, ChatError, createMemoryStorage } from '@chat-widget/client'
import { createElement as h, StrictMode, version } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, inject, it, vi } from 'vitest'
import { cleanUpAfterEach, render } from './render.testing.ts'
import { type Chat, type UseChatOptions, useChat } from './use-chat.ts'

cleanUpAfterEach()

/** A component that keeps every state it rendered. */
function observed(more: Partial<UseChatOptions> = {}) {
  const options = { app: 'shop', server: inject('chatServer'), storage: createMemoryStorage(), ...more }
  const seen: Chat[] = []
  const Component = (props: Partial<UseChatOptions>) => {
    const chat = useChat({ ...options, ...props })
    seen.push(chat)
    return h('p', null, textsOf(chat).join(', '))
  }
  return {
    Component,
    seen,
    get chat(): Chat {
      return seen.at(-1) ?? expect.fail('not rendered')
    },
  }
}

const textsOf = ({ messages }: Pick<Chat, 'messages'>) =>
  messages.map((item) => (item.kind === 'stored' ? item.message.text : item.text))
const customer = (userIdentifier: string) => ({
  userIdentifier,
  requestContextProvider: vi.fn(() => ({ for: userIdentifier })),
})

describe(`useChat with React ${version}`, () => {
  it('renders the messages that are sent and received', async () => {
    const one = observed()
    const { container } = render(h(StrictMode, null, h(one.Component)))
    expect(one.seen[0]).toMatchObject({ client: null, messages: [], history: 'empty', hasOlder: false })
    const { send } = one.chat
    const sent = send('hello')
    await expect.poll(() => textsOf(one.chat)).toEqual(['hello', 'You said hello'])
    expect(one.chat).toMatchObject({ connection: { status: 'connected' }, identity: { status: 'anonymous' } })
    expect((await sent).text).toBe('hello')
    expect(container.textContent).toBe('hello, You said hello')
    expect(one.chat.send).toBe(send)
  })

  it('renders the same state until something changes', async () => {
    const one = observed({ connect: false })
    const { render: again } = render(h(one.Component))
    const before = one.chat
    again(h(one.Component))
    expect(one.seen.length).toBeGreaterThan(2)
    expect(one.chat).toBe(before)
    expect(before.connection).toEqual({ status: 'closed' })
    await before.send('now')
    expect(one.chat.connection).toEqual({ status: 'connected' })
  })

  it('shares one client between components, and closes it with the last', async () => {
    const closed = vi.spyOn(ChatClient.prototype, 'close')
    const one = observed()
    const other = observed()
    const tree = (...which: readonly (typeof one)[]) =>
      h(StrictMode, null, ...which.map(({ Component }, index) => h(Component, { key: index })))
    const { render: again } = render(tree(one, other))
    await one.chat.send('hello')
    await expect.poll(() => textsOf(other.chat)).toContain('hello')
    const clients = new Set([...one.seen, ...other.seen].map(({ client }) => client))
    expect(clients.size).toBe(2)
    expect(clients).toContain(null)
    again(tree(one))
    await one.chat.send('again')
    expect(closed).not.toHaveBeenCalled()
    again(tree())
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    await expect(one.chat.send('late')).rejects.toMatchObject({ code: 'closed' })
    await expect(one.chat.loadOlder()).rejects.toBeInstanceOf(ChatError)
    expect(one.chat.setTyping(true)).toBeUndefined()
  })

  it('goes on with the same conversation when it is mounted again', async () => {
    const one = observed()
    const { render: again } = render(h(one.Component))
    await one.chat.send('hello')
    await expect.poll(() => one.chat.messages.length).toBe(2)
    const before = one.chat.client
    again(null)
    await null
    again(h(one.Component))
    await expect.poll(() => textsOf(one.chat)).toEqual(['hello', 'You said hello'])
    expect(one.chat.client).not.toBe(before)
  })

  it('reads what is stored once the client before it has stored all', async () => {
    const { close } = ChatClient.prototype
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    vi.spyOn(ChatClient.prototype, 'close').mockImplementation(function (this: ChatClient) {
      return close.call(this).then(() => held)
    })
    const storage = createMemoryStorage()
    const one = observed({ storage })
    const { render: again } = render(h(one.Component))
    await one.chat.send('hello')
    const before = one.chat.client
    again(null)
    const read = vi.spyOn(storage, 'get')
    await new Promise((resolve) => setTimeout(resolve))
    read.mockClear()
    again(h(one.Component))
    await expect.poll(() => one.chat.client).not.toBe(before)
    expect(one.chat.client).not.toBeNull()
    expect(read.mock.calls).toEqual([])
    release()
    await expect.poll(() => textsOf(one.chat)).toContain('hello')
    expect(read).toHaveBeenCalled()
  })

  it('renders an empty chat on a server, and is hydrated without a warning', async () => {
    const made = vi.spyOn(ChatClient.prototype, 'connect')
    const one = observed()
    const tree = h(StrictMode, null, h(one.Component))
    const container = document.body.appendChild(document.createElement('main'))
    container.innerHTML = renderToString(tree)
    expect(one.chat).toMatchObject({ client: null, messages: [], connection: { status: 'closed' } })
    expect(made).not.toHaveBeenCalled()
    render(tree, { container, root: hydrateRoot(container, tree) })
    await expect.poll(() => one.chat.connection.status).toBe('connected')
  })

  it('[ID2] signs the customer in at once, and calls the newest provider', async () => {
    const one = observed()
    const [first, second] = [customer('ada'), customer('ada')]
    const { render: again } = render(h(StrictMode, null, h(one.Component, { user: first })))
    again(h(StrictMode, null, h(one.Component, { user: second })))
    await expect.poll(() => one.chat.identity).toMatchObject({ status: 'identified', userIdentifier: 'ada' })
    expect(first.requestContextProvider).not.toHaveBeenCalled()
    expect(second.requestContextProvider).toHaveBeenCalledOnce()
    const before = one.seen.filter(({ client }) => client !== null).map(({ identity }) => identity.status)
    expect(new Set(before)).toEqual(new Set(['authenticating', 'identified']))
    again(h(StrictMode, null, h(one.Component, { user: null })))
    await expect.poll(() => one.chat.identity.status).toBe('anonymous')
  })

  it('[ID2] throws for a malformed user, and names the field', () => {
    const { Component } = observed()
    const user = { userIdentifier: '' } as never
    expect(() => renderToString(h(Component, { user }))).toThrow(/userIdentifier/)
  })

  it('[ID15] continues after the sign-in that a login card asked for', async () => {
    const one = observed()
    const tree = (user: UseChatOptions['user']) => h(StrictMode, null, h(one.Component, { user }))
    const { render: again } = render(tree(null))
    await one.chat.send('pay')
    await expect.poll(() => textsOf(one.chat)).toContain('Please sign in.')
    const card = one.chat.messages.find((item) => item.kind === 'stored' && item.message.kind === 'login')
    const messageId = card?.kind === 'stored' ? card.message.id : null
    one.chat.requestLogin({ reason: 'message', messageId })
    await expect.poll(() => one.chat.logins).toMatchObject([{ messageId, state: { status: 'requested' } }])
    again(tree(customer('ada')))
    await expect.poll(() => one.chat.logins).toMatchObject([{ state: { status: 'signed-in' } }])
    expect(one.chat.identity).toMatchObject({ status: 'identified', userIdentifier: 'ada' })
  })
})
