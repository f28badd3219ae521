/** Identity of a call: each call reaches the client in its place among sign-outs, whether the chat is loaded or not. */
import type { ChatClientApi } from '@chat-widget/client'
import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatWidgetElement } from './chat-widget-element.ts'
import {
  ALEX,
  createFakeClient,
  type FakeClient,
  textMessage,
  withItems,
} from './engine/fake-client.testing.ts'
import { ask, type PanelRequest } from './engine/panel-request.ts'
import type { EngineModule } from './engine-contract.ts'
import { find } from './looking.testing.ts'
import type { ChatUser } from './public-types.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'

const userOf = (userIdentifier: string): ChatUser => ({ userIdentifier, requestContextProvider: () => ({}) })
const ADA = userOf('ada')
const BOB = userOf('bob')
const CEM = userOf('cem')

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  cleanUp()
  vi.restoreAllMocks()
})

type Act = (element: ChatWidgetElement) => unknown
type Case = readonly [name: string, act: Act, reaches: readonly unknown[]]

const METHODS: readonly Case[] = [
  ['sendMessage()', (element) => element.sendMessage('x'), ['send', 'x']],
  ['newConversation()', (element) => element.newConversation(), ['newConversation']],
  ['showConversation()', (element) => element.showConversation('c'), ['showConversation', 'c']],
  ['logout()', (element) => element.logout(), ['logout', undefined]],
  ['user = C', (element) => void Object.assign(element, { user: CEM }), ['user', CEM]],
  ['cancelLogin()', (element) => element.cancelLogin('r'), ['cancelLogin', 'r']],
  ['failLogin()', (element) => element.failLogin('r', 'no'), ['failLogin', 'r', 'no']],
]
const request =
  (detail: object): Act =>
  (element) =>
    ask(find(element, 'chat-widget-panel') as HTMLElement, detail as PanelRequest)
const TAPS: readonly Case[] = [
  ['sending', request({ type: 'send', message: 'x' }), ['send', 'x']],
  ['typing', request({ type: 'typing', typing: true }), ['setTyping', true]],
  ['a draft', request({ type: 'draft', text: 'half' }), ['draft', 'half']],
  ['a retry', request({ type: 'retry', clientId: 'c' }), ['retry', 'c']],
  ['a discard', request({ type: 'discard', clientId: 'c' }), ['discard', 'c']],
  ['a new conversation', request({ type: 'new-conversation' }), ['newConversation']],
  [
    'what a later part asks',
    request({ type: 'use', use: (client: ChatClientApi) => void client.showConversation('c' as never) }),
    ['showConversation', 'c'],
  ],
  [
    'a tap on a card',
    request({ type: 'login', messageId: 'm', reason: 'message' }),
    ['requestLogin', { reason: 'message', messageId: 'm' }],
  ],
  ['going on as a guest', request({ type: 'continue-as-guest' }), ['logout', undefined]],
]
const DEPARTURES: readonly Case[] = [
  ['logout()', (element) => element.logout(), ['logout', undefined]],
  ['user = null', (element) => void Object.assign(element, { user: null }), ['user', null]],
  ['user = B', (element) => void Object.assign(element, { user: BOB }), ['user', BOB]],
  ['removal', (element) => element.remove(), ['close']],
]
const LATER: Readonly<Record<string, () => Promise<unknown>>> = {
  'in the same task': async () => {},
  'a microtask later': () => Promise.resolve(),
  'a frame later': () => new Promise((resolve) => requestAnimationFrame(resolve)),
}

const codeOf = (answer: unknown) =>
  Promise.resolve(answer).then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** Calls of the client, without its setup. */
const askedOf = ({ calls }: FakeClient) => calls.filter(([name]) => name !== 'connect' && name !== 'markRead')

async function play(element: ChatWidgetElement, act: Act, leave: Act, when: string) {
  const answer = codeOf(act(element))
  // An `await` alone is a microtask already.
  if (when !== 'in the same task') await LATER[when]?.()
  const left = codeOf(leave(element))
  return { answer, left }
}

const TABLE = (acts: readonly Case[]) =>
  acts.flatMap((act) =>
    DEPARTURES.flatMap((departure) =>
      Object.keys(LATER).map((when) => [act[0], departure[0], when, act, departure] as const),
    ),
  )

describe('[ID12] loaded, A’s', () => {
  it.each(TABLE([...METHODS, ...TAPS]))(
    '%s is before %s %s',
    async (_name, _what, when, [, act, reaches], departure) => {
      const { element, client } = await openWidget()
      element.user = ADA
      const { answer, left } = await play(element, act, departure[1], when)
      expect(await answer).toBe('done')
      expect(await left).toBe('done')
      await vi.waitFor(() => expect(askedOf(client)).toContainEqual(departure[2]))
      expect(askedOf(client).slice(0, 3)).toEqual([['user', ADA], reaches, departure[2]])
    },
  )
})

describe('[ID12] while the chat is being loaded, A’s', () => {
  it.each(TABLE(METHODS))(
    '%s is before %s %s',
    async (_name, what, when, [name, act, reaches], departure) => {
      let arrive = () => {}
      const arriving = new Promise<void>((resolve) => {
        arrive = resolve
      })
      const load = (_attempt: number, module: EngineModule) => arriving.then(() => module)
      const { element, client } = mountWidget({ load, attributes: { connect: 'eager' } })
      await oneEvent(element, 'widget-ready')
      element.user = ADA
      const { answer, left } = await play(element, act, departure[1], when)
      if (what === 'removal') {
        const isVoid = name === 'user = C' || name.endsWith('Login()')
        expect(await answer).toBe(isVoid ? 'done' : 'closed')
        arrive()
        await new Promise(requestAnimationFrame)
        expect(client.calls).toEqual([])
        return
      }
      arrive()
      expect(await answer).toBe('done')
      expect(await left).toBe('done')
      const asked = () => askedOf(client)
      if (name === 'user = C')
        // Nothing was called as A: the chat begins with the last user.
        await vi.waitFor(() =>
          expect(asked()).toEqual(
            { 'logout()': [reaches, departure[2]], 'user = B': [departure[2]] }[what] ?? [],
          ),
        )
      else await vi.waitFor(() => expect(asked()).toEqual([['user', ADA], reaches, departure[2]]))
    },
  )

  it('a call whose file does not come is rejected, and the next load begins with the last user', async () => {
    const { element, client } = mountWidget({
      load: async (attempt, module) => {
        if (attempt === 0) throw new Error('offline')
        return module
      },
    })
    await oneEvent(element, 'widget-ready')
    element.user = ADA
    const sent = codeOf(element.sendMessage('x'))
    element.user = BOB
    expect(await sent).toBe('load-failed')
    await element.newConversation()
    expect(askedOf(client)).toEqual([['user', BOB], ['newConversation']])
  })
})

describe('the user', () => {
  it('[ID2] [ID12] is copied: an object that is changed in place is another user when it is set again', async () => {
    const { element, client } = await openWidget()
    const user = { userIdentifier: 'ada', requestContextProvider: () => ({}) }
    element.user = user
    user.userIdentifier = 'bob'
    expect(element.user?.userIdentifier).toBe('ada')
    element.user = user
    expect(askedOf(client)).toMatchObject([
      ['user', { userIdentifier: 'ada' }],
      ['user', { userIdentifier: 'bob' }],
    ])
  })

  it('[ID2] is anonymous with userIdentifier: null', async () => {
    const { element, client } = await openWidget()
    element.user = { userIdentifier: null, requestContextProvider: () => ({}) }
    expect(element.user).toBeNull()
    expect(askedOf(client)).toEqual([['user', null]])
  })
})

describe('a new client', () => {
  it('[DL1] waits until the one before has written: attributes that change, an element taken out and put back', async () => {
    const waited: unknown[] = []
    const { element, client } = await openWidget({ onCreate: (after) => waited.push(after) })
    await element.sendMessage('x')
    let written = () => {}
    client.close = () =>
      new Promise<void>((resolve) => {
        written = resolve
      })
    element.mergePolicy = 'separate'
    await vi.waitFor(() => expect(waited).toHaveLength(2))
    let isOver = false
    void Promise.resolve(waited[1]).then(() => {
      isOver = true
    })
    await new Promise(requestAnimationFrame)
    expect(isOver).toBe(false)
    written()
    await vi.waitFor(() => expect(isOver).toBe(true))

    element.remove()
    await new Promise(requestAnimationFrame)
    document.body.append(element)
    await vi.waitFor(() => expect(waited).toHaveLength(3))
    let isOverAgain = false
    void Promise.resolve(waited[2]).then(() => {
      isOverAgain = true
    })
    await new Promise(requestAnimationFrame)
    expect(isOverAgain).toBe(false)
    written()
    await vi.waitFor(() => expect(isOverAgain).toBe(true))
  })
})

describe('what was unread', () => {
  it('is what the server says, where it was read on another device', async () => {
    localStorage.setItem('chat-widget:shop:hint', '3')
    const client = createFakeClient({
      ...withItems([]),
      connection: { status: 'connecting' },
      conversation: null,
    })
    const { element } = mountWidget({ client })
    const badge = () => find(element, '[part=badge]')
    expect(badge()?.textContent).toBe('3')
    await element.newConversation()
    client.setState({ connection: { status: 'connecting' } })
    expect(badge()?.textContent).toBe('3')
    expect(localStorage.getItem('chat-widget:shop:hint')).toBe('3')
    const told = oneEvent(element, 'unread-change')
    client.setState(withItems([{ kind: 'stored', message: textMessage(1, ALEX, 'Hi'), delivery: null }]))
    expect((await told).detail).toEqual({ count: 0 })
    expect(badge()?.checkVisibility()).toBe(false)
    expect(localStorage.getItem('chat-widget:shop:hint')).toBe('0')
  })

  it('[ID13] is remembered beside what waits, so that a logout on the next page finds it', async () => {
    const client = createFakeClient(withItems([], { connection: { status: 'offline' } }))
    const { element } = await openWidget({ client })
    request({ type: 'draft', text: 'half' })(element)
    expect(localStorage.getItem('chat-widget:shop:hint')).toBe('0')
  })
})
