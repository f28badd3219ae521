import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createFakeClient, type FakeClient } from '../engine/fake-client.testing.ts'
import { testDefaults, useFakeClient } from '../fake-widget.testing.ts'
import { find } from '../looking.testing.ts'
import { cleanUp } from '../widget.testing.ts'
import type { CommandFunction } from './command-queue.ts'
import { installEmbed } from './install-embed.ts'

const scope = window as Window & { ChatWidget?: CommandFunction }
const USER = { userIdentifier: 'ada', requestContextProvider: () => ({}) }

function script(data: Record<string, string>): HTMLElement {
  const element = document.createElement('script')
  for (const [name, value] of Object.entries(data)) element.setAttribute(`data-${name}`, value)
  return element
}

/** The stub that host pages paste. */
function stub() {
  const collect = (...call: unknown[]) => {
    collect.q.push(call)
  }
  collect.q = [] as Iterable<unknown>[]
  scope.ChatWidget = collect
  return (name: string, ...args: unknown[]) => scope.ChatWidget?.(name, ...args)
}

const install = (data: Record<string, string> = { app: 'shop' }, address = 'https://chat.test/embed.js') => {
  installEmbed(scope, script(data), new URL(address).searchParams, testDefaults())
  return document.querySelector('chat-widget')!
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  delete scope.ChatWidget
  cleanUp()
  vi.restoreAllMocks()
})

describe('[HP5] the element of embed.js stays on the page', () => {
  const openEmbed = async () => {
    const { client } = useFakeClient()
    const element = install()
    await oneEvent(element, 'widget-ready')
    const opened = oneEvent(element, 'widget-open')
    scope.ChatWidget?.('show')
    await opened
    await userEvent.keyboard('half a sen')
    return { element, client }
  }
  const expectAsBefore = async (element: HTMLElement, client: FakeClient) => {
    await vi.waitFor(() => expect(find(element, '[part=input]')?.checkVisibility()).toBe(true))
    expect(document.querySelectorAll('chat-widget')).toHaveLength(1)
    expect(find<HTMLTextAreaElement>(element, 'textarea')?.value).toBe('half a sen')
    expect(client.calls).not.toContainEqual(['close'])
    const closed = oneEvent(element, 'widget-close')
    scope.ChatWidget?.('hide')
    await closed
  }

  it('when the body is replaced', async () => {
    const { element, client } = await openEmbed()
    const body = document.createElement('body')
    document.body.replaceWith(body)
    await expectAsBefore(element, client)
  })

  it('when the content of the body is replaced', async () => {
    const { element, client } = await openEmbed()
    document.body.innerHTML = '<h1>Another page</h1>'
    await expectAsBefore(element, client)
  })

  it('when a copy of the page comes back, in the place of its own copy', async () => {
    const { element, client } = await openEmbed()
    document.body.replaceWith(document.body.cloneNode(true))
    await expectAsBefore(element, client)
  })

  it('until the host removes it', async () => {
    const { element, client } = await openEmbed()
    element.remove()
    await vi.waitFor(() => expect(client.calls).toContainEqual(['close']))
    expect(document.querySelector('chat-widget')).toBeNull()
  })
})

describe('[HP6] embed.js', () => {
  it('takes its settings from its address as well, for tag managers that drop data attributes', () => {
    useFakeClient()
    const element = install(
      {},
      'https://chat.test/embed.js?app=shop&merge-policy=separate&page-title=unchanged',
    )
    expect(element).toMatchObject({ app: 'shop', mergePolicy: 'separate', pageTitle: 'unchanged' })
  })

  it('has its commands in place before there is a body, and a stub that somebody kept goes on working', async () => {
    const { client } = useFakeClient()
    const collect = (...call: unknown[]) => {
      const known = scope.ChatWidget as unknown as { q?: { push(call: unknown[]): void } }
      known.q ??= [] as unknown[][]
      known.q.push(call)
    }
    const kept = collect as CommandFunction
    scope.ChatWidget = kept
    const { body } = document
    body.remove()
    const readyState = vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading')
    installEmbed(scope, script({ app: 'shop' }), new URLSearchParams(), testDefaults())
    expect(scope.ChatWidget).not.toBe(kept)
    scope.ChatWidget('sendMessage', 'early')
    document.documentElement.append(body)
    readyState.mockRestore()
    document.dispatchEvent(new Event('DOMContentLoaded'))
    await vi.waitFor(() => expect(client.calls).toContainEqual(['send', 'early']))
    kept('sendMessage', 'late')
    await vi.waitFor(() => expect(client.calls).toContainEqual(['send', 'late']))
  })

  it('[HP6] says that a page has a chat of another app already', async () => {
    useFakeClient()
    const element = install({ app: 'shop' })
    const errors: unknown[] = []
    element.addEventListener('widget-error', ({ detail }) => errors.push(detail))
    install({ app: 'shop' })
    expect(errors).toEqual([])
    install({ app: 'blog' })
    expect(document.querySelectorAll('chat-widget')).toHaveLength(1)
    expect(errors).toEqual([{ code: 'conflict', message: expect.stringContaining('"shop"') }])
    await vi.waitFor(() =>
      expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('<chat-widget app="blog">')),
    )
  })

  it('adds the element with the script tag’s settings', () => {
    useFakeClient()
    const element = install({
      app: 'shop',
      server: 'https://chat.example.com',
      position: 'bottom-start',
      theme: 'dark',
      locale: 'de',
      'merge-policy': 'separate',
      storage: 'session',
    })
    expect(element).toMatchObject({
      app: 'shop',
      server: 'https://chat.example.com',
      position: 'bottom-start',
      theme: 'dark',
      locale: 'de',
      mergePolicy: 'separate',
      storage: 'session',
      mode: 'floating',
    })
    expect(find(element, '[part=launcher]')).not.toBeNull()
  })

  it('takes the server it came from where none is named', () => {
    useFakeClient()
    expect(install().server).toBe('https://chat.test')
  })

  it('runs commands given before it loaded, in order', async () => {
    const { client } = useFakeClient()
    const command = stub()
    const ready = vi.fn()
    command('on', 'widget-ready', ready)
    command('setUser', USER)
    command('sendMessage', 'one')
    command('sendMessage', 'two')
    install()
    await vi.waitFor(() => expect(client.calls).toContainEqual(['send', 'two']))
    expect(ready).toHaveBeenCalledOnce()
    const order = client.calls.filter(([name]) => name === 'user' || name === 'send')
    expect(order).toEqual([
      ['user', USER],
      ['send', 'one'],
      ['send', 'two'],
    ])
  })

  it('[ID18] connects a closed chat by a command, with the user set before, and by its attribute', async () => {
    const { client, loads } = useFakeClient()
    const command = stub()
    command('setUser', USER)
    const element = install({ app: 'shop', connect: 'auto' })
    await new Promise((idle) => requestIdleCallback(idle))
    expect([loads(), element.getAttribute('connect')]).toEqual([0, 'auto'])
    await scope.ChatWidget?.('connect')
    expect(client.calls.slice(0, 2)).toEqual([['user', USER], ['connect']])
  })

  it('[HP6] goes on after a command that is wrong', async () => {
    const { client } = useFakeClient()
    const command = stub()
    const errors: unknown[] = []
    command('on', 'widget-error', (event: CustomEvent) => errors.push(event.detail.code))
    command('setUser', { userIdentifier: '' })
    // The second is a name within the chat, the third one of every object.
    for (const name of ['fly', 'report', 'constructor']) command(name)
    command('sendMessage', 'still here')
    install()
    await vi.waitFor(() => expect(client.calls).toContainEqual(['send', 'still here']))
    await expect(scope.ChatWidget?.('report')).resolves.toBeUndefined()
    expect(errors).toEqual(['user-malformed', ...Array(4).fill('unknown-command')])
    for (const name of ['fly', 'report', 'constructor'])
      expect(console.warn).toHaveBeenCalledWith(expect.stringContaining(`ChatWidget('${name}')`))
  })

  it('answers with the method’s promise once loaded', async () => {
    useFakeClient()
    install()
    await expect(scope.ChatWidget?.('sendMessage', 'Hi')).resolves.toMatchObject({ text: 'Hi' })
    expect(() => scope.ChatWidget?.('setUser', { userIdentifier: 7 })).toThrow(TypeError)
  })

  it('shows, hides, listens and stops listening', async () => {
    useFakeClient()
    const element = install()
    const opened = vi.fn()
    scope.ChatWidget?.('on', 'widget-open', opened)
    scope.ChatWidget?.('show')
    await vi.waitFor(() => expect(opened).toHaveBeenCalledOnce())
    scope.ChatWidget?.('off', 'widget-open', opened)
    scope.ChatWidget?.('hide')
    expect(element.open).toBe(false)
    const again = new Promise((resolve) => element.addEventListener('widget-open', resolve))
    scope.ChatWidget?.('toggle')
    await again
    expect(opened).toHaveBeenCalledOnce()
  })

  it('hands on what becomes of a login', async () => {
    const { client } = useFakeClient({ client: createFakeClient() })
    install()
    await (scope.ChatWidget?.('newConversation') as Promise<void>)
    scope.ChatWidget?.('cancelLogin', 'r-1')
    scope.ChatWidget?.('failLogin', 'r-2', 'No account')
    await (scope.ChatWidget?.('logout', { everywhere: true }) as Promise<void>)
    expect(client.calls).toEqual(
      expect.arrayContaining([
        ['newConversation'],
        ['cancelLogin', 'r-1'],
        ['failLogin', 'r-2', 'No account'],
        ['logout', { everywhere: true }],
      ]),
    )
  })

  it('is harmless loaded twice, and uses an element that is there', () => {
    useFakeClient()
    const present = document.createElement('chat-widget')
    present.setAttribute('app', 'own')
    document.body.append(present)
    install()
    install()
    expect(document.querySelectorAll('chat-widget')).toHaveLength(1)
    expect(present.app).toBe('own')
    expect(scope.ChatWidget?.element).toBe(present)
  })
})
