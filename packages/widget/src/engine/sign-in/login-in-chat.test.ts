import type { ChatState, LoginRequest } from '@chat-widget/client'
import type { LoginMethod, LoginRequestId, MessageId } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { deepActive, find, finishTransitions, textOf } from '../../looking.testing.ts'
import { cleanUp, openWidget, type TestWidgetOptions } from '../../widget.testing.ts'
import {
  ALEX,
  CONNECTED,
  CONVERSATION,
  createFakeClient,
  loginMessage,
  stored,
  textMessage,
  withItems,
} from '../fake-client.testing.ts'
import { createFakeLogin, waiting } from './fake-login.testing.ts'
import { createSignIn } from './login-in-chat.ts'
import type { SignInPart } from './sign-in-part.ts'

let warn: ReturnType<typeof vi.spyOn>

beforeEach(async () => {
  await page.viewport(1280, 800)
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  cleanUp()
  vi.restoreAllMocks()
})

const withMethods = (methods: readonly LoginMethod[]): Partial<ChatState> => ({
  app: { name: 'Northwind', login: { methods, continueAsGuest: true } },
})

const OPEN: LoginRequest = {
  requestId: 'r-0' as LoginRequestId,
  reason: 'message',
  conversationId: CONVERSATION,
  messageId: 'm-1' as MessageId,
  isBuiltIn: true,
  state: { status: 'requested' },
}

interface SetupOptions extends TestWidgetOptions {
  readonly methods?: readonly LoginMethod[]
  readonly state?: Partial<ChatState>
}

/** A conversation whose only message is a card. */
const setup = async ({
  methods = ['host', 'email', 'identifier'],
  state = {},
  ...options
}: SetupOptions = {}) => {
  const login = options.login ?? createFakeLogin()
  const client = createFakeClient(withItems([stored(loginMessage(1))], { ...withMethods(methods), ...state }))
  const { element } = await openWidget({ ...options, client, login })
  await vi.waitFor(() => expect(find(element, '[part=login-card]')).not.toBeNull())
  const tap = () => userEvent.click(find(element, '[part=login-button]')!)
  return { element, client, login, tap }
}

const sheetIn = (element: Element) => find(element, '[part=sign-in]')
const sheetOf = (element: Element) => vi.waitFor(() => expect(sheetIn(element)).not.toBeNull())
const noSheetIn = (element: Element) =>
  vi.waitFor(() => expect(find(element, 'chat-widget-sign-in')).toBeNull())

describe('login inside the chat', () => {
  it('[HP12] on a small screen has the composer’s place, and its code can be seen and copied', async () => {
    await page.viewport(320, 256)
    const login = createFakeLogin()
    const { element, tap } = await setup({ login, methods: ['email'] })
    const composer = find(element, 'chat-widget-composer')!
    await tap()
    await sheetOf(element)
    expect(composer.checkVisibility()).toBe(false)
    login.setState(waiting())
    await vi.waitFor(() => expect(find(element, '[part=sign-in-code]')).not.toBeNull())
    finishTransitions()
    const { top, bottom } = find(element, '[part=sign-in-code]')!.getBoundingClientRect()
    expect([top >= 0, bottom <= 256]).toEqual([true, true])
    const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await userEvent.click(find(element, '[aria-label="Copy code"]')!)
    expect(written).toHaveBeenCalledWith('421709')
    const said = () => find(find(element, 'chat-widget-sign-in')!, '.sr[role=status]')?.textContent
    await vi.waitFor(() => expect(said()).toBe('Code copied'))
    await expect(element).to.be.accessible()
    await page.viewport(1280, 800)
    await vi.waitFor(() => expect(composer.checkVisibility()).toBe(true))
  })

  it('[AR14] asks whom to ask where the host leaves the tap to the chat, which it hears of all the same', async () => {
    const { element, client, tap } = await setup()
    const heard = vi.fn()
    element.addEventListener('login-button', ({ detail }) => heard(detail.requestId))
    await tap()
    await sheetOf(element)
    expect(heard).toHaveBeenCalledWith('r-1')
    expect(client.calls).toContainEqual(['takeLogin', 'r-1'])
    await vi.waitFor(() => expect(deepActive()?.getAttribute('type')).toBe('email'))
    expect(textOf(element)).toContain('Waiting for sign-in…')
    await expect(document.body).to.be.accessible()
  })

  it('[AR14] takes no focus from a visitor who went on writing before its code came', async () => {
    let arrive = () => {}
    const login = createFakeLogin()
    const loadSignIn = () =>
      new Promise<SignInPart>((resolve) => {
        arrive = () => resolve({ createSignIn: (from) => createSignIn(from, () => login) })
      })
    const { element, tap } = await setup({ loadSignIn })
    await tap()
    await vi.waitFor(() => expect(textOf(element)).toContain('Waiting for sign-in…'))
    await userEvent.click(find(element, 'textarea')!)
    await userEvent.keyboard('It is')
    arrive()
    await sheetOf(element)
    expect(deepActive()?.tagName).toBe('TEXTAREA')
  })

  it('[AR14] gives the login request as much time as the code, whenever somebody is asked', async () => {
    const { element, client, login, tap } = await setup()
    await tap()
    await sheetOf(element)
    const taken = () => client.calls.filter(([name]) => name === 'takeLogin')
    expect(taken()).toEqual([['takeLogin', 'r-1']])
    login.setState(waiting())
    login.setState(waiting({ bindingCode: '421710' }))
    expect(taken()).toEqual([1, 2, 3].map(() => ['takeLogin', 'r-1']))
  })

  it('[AR14] leaves the card that was tapped in view', async () => {
    const before = Array.from({ length: 29 }, (_, index) => stored(textMessage(index + 1, ALEX, 'Hello')))
    const { timeline } = withItems([...before, stored(loginMessage(30))])
    const { element, tap } = await setup({ state: { timeline } })
    await tap()
    await sheetOf(element)
    const card = find(element, '[part=login-card]')!
    await vi.waitFor(() => {
      const { bottom } = find(element, '[part=messages]')!.getBoundingClientRect()
      expect(card.getBoundingClientRect().bottom).toBeLessThanOrEqual(bottom)
    })
    expect(find(element, '.pill')).toBeNull()
  })

  it('[ID15] leaves it to a host that prevents it', async () => {
    const { element, client, tap } = await setup()
    element.addEventListener('login-button', (event) => event.preventDefault())
    await tap()
    await vi.waitFor(() => expect(textOf(element)).toContain('Waiting for sign-in…'))
    expect(client.calls.map(([name]) => name)).not.toContain('takeLogin')
    expect(sheetIn(element)).toBeNull()
  })

  it('[ID15] leaves it to a delegate', async () => {
    const { element, client, tap } = await setup()
    const didTapUserLoginButton = vi.fn()
    element.delegate = { didTapUserLoginButton }
    await tap()
    await vi.waitFor(() => expect(textOf(element)).toContain('Waiting for sign-in…'))
    expect(didTapUserLoginButton).toHaveBeenCalledTimes(1)
    expect(client.calls.map(([name]) => name)).not.toContain('takeLogin')
    expect(sheetIn(element)).toBeNull()
  })

  it('[ID15] leaves it to the host where the app has no other method', async () => {
    const { element, client, tap } = await setup({ methods: ['host'] })
    await tap()
    await vi.waitFor(() => expect(textOf(element)).toContain('Waiting for sign-in…'))
    expect(client.calls.map(([name]) => name)).not.toContain('takeLogin')
    expect(sheetIn(element)).toBeNull()
  })

  it('[AR14] is offered for "Sign in again" as well', async () => {
    const { element, login } = await setup({
      state: {
        identity: { status: 'reauthentication-required', userIdentifier: 'ada', code: 'session-invalid' },
      },
    })
    const again = () => find(find(element, 'chat-widget-banner')!, '[part=login-button]')
    await vi.waitFor(() => expect(again()).not.toBeNull())
    await userEvent.click(again()!)
    await sheetOf(element)
    login.setState({ status: 'ended', outcome: 'denied' })
    await noSheetIn(element)
    expect(textOf(element)).toContain('Sign-in did not work: The request was denied.')
    await vi.waitFor(() => expect(deepActive()?.textContent?.trim()).toBe('Sign in again'))
  })

  it('[AR14] shows the code, and asks the person who was named', async () => {
    const { element, login, tap } = await setup()
    await tap()
    await vi.waitFor(() => expect(deepActive()?.getAttribute('type')).toBe('email'))
    await userEvent.keyboard('ada@example.com{Enter}')
    expect(login.calls).toContainEqual(['ask', 'email', 'ada@example.com'])
    login.setState(waiting())
    await vi.waitFor(() => expect(find(element, '[part=sign-in-code]')).not.toBeNull())
    await expect(document.body).to.be.accessible()
  })

  it.each([
    ['denied', 'Sign-in did not work: The request was denied.'],
    ['locked', 'Sign-in did not work: The wrong code was entered too often.'],
    ['expired', 'Sign-in did not work: There was no answer in time.'],
    ['canceled', 'Sign-in was canceled.'],
  ] as const)('[AR14] says on the card that it was %s, and gives focus back', async (outcome, text) => {
    const { element, login, tap } = await setup()
    await tap()
    await vi.waitFor(() => expect(deepActive()?.getAttribute('type')).toBe('email'))
    login.setState(waiting())
    login.setState({ status: 'ended', outcome })
    await noSheetIn(element)
    expect(textOf(find(element, '[part=login-card]')!)).toContain(text)
    await vi.waitFor(() => expect(deepActive()?.getAttribute('part')).toBe('login-button'))
    expect(login.calls).toEqual([['close']])
  })

  it('[AR14] is over when the identity has signed in', async () => {
    const { element, client, login, tap } = await setup()
    await tap()
    await vi.waitFor(() => expect(deepActive()?.getAttribute('type')).toBe('email'))
    login.setState(waiting())
    login.setState({ status: 'signing-in' })
    await vi.waitFor(() => expect(deepActive()?.textContent?.trim()).toBe('Signing you in…'))
    const { isBuiltIn: _, ...done } = OPEN
    client.setState({ logins: [{ ...done, state: { status: 'signed-in' } }] })
    await noSheetIn(element)
    expect(textOf(element)).toContain('You are signed in.')
    await vi.waitFor(() => expect(deepActive()?.getAttribute('part')).toBe('login-card'))
    expect(login.calls).toEqual([['close']])
  })

  it.each(['on the sheet', 'on the card', 'by Escape', 'by the host'])(
    '[AR14] takes the request back when it is canceled %s',
    async (where) => {
      const { element, client, login, tap } = await setup()
      await tap()
      await vi.waitFor(() => expect(deepActive()?.getAttribute('type')).toBe('email'))
      if (where === 'by Escape') await userEvent.keyboard('ada@example.com{Enter}')
      else login.setState(waiting())
      const step = where === 'by Escape' ? '[aria-disabled=true]' : '[part=sign-in-code]'
      await vi.waitFor(() => expect(find(find(element, 'chat-widget-sign-in')!, step)).not.toBeNull())
      if (where === 'by Escape') await userEvent.keyboard('{Escape}')
      else if (where === 'by the host') element.cancelLogin('r-1' as LoginRequestId)
      else {
        const from = find(element, where === 'on the card' ? '[part=login-card]' : '[part=sign-in]')!
        await userEvent.click([...from.querySelectorAll('button')].at(-1)!)
      }
      await noSheetIn(element)
      expect(client.calls).toContainEqual(['cancelLogin', 'r-1'])
      expect(login.calls).toContainEqual(['cancel'])
      expect(textOf(element)).toContain('Sign-in was canceled.')
      expect(element.open).toBe(true)
    },
  )

  it('[AR14] comes back after a reload, without taking focus', async () => {
    const login = createFakeLogin({ status: 'loading' })
    const { element } = await setup({ login, state: { logins: [OPEN] } })
    login.setState(waiting())
    await sheetOf(element)
    expect(textOf(element)).toContain('Code 4 2 1 7 0 9')
    expect(deepActive()?.tagName).toBe('TEXTAREA')
  })

  it('[AR14] goes on when the widget leaves the page', async () => {
    const { element, login } = await setup({ login: createFakeLogin(waiting()), state: { logins: [OPEN] } })
    await sheetOf(element)
    element.remove()
    await vi.waitFor(() => expect(login.calls).toEqual([['close']]))
  })

  it('[AR14] serves two cards by one request', async () => {
    const second = { ...OPEN, requestId: 'r-9' as LoginRequestId, messageId: 'm-2' as MessageId }
    const { element, client, login } = await setup({ state: { logins: [OPEN, second] } })
    await sheetOf(element)
    client.setState({ logins: [{ ...OPEN, state: { status: 'canceled' } }, second] })
    await vi.waitFor(() => expect(textOf(element)).toContain('Sign-in was canceled.'))
    expect(login.calls).toEqual([])
    login.setState({ status: 'ended', outcome: 'denied' })
    await noSheetIn(element)
    expect(client.calls).toContainEqual(['failLogin', 'r-9', 'The request was denied.'])
  })

  it('[AR14] says what the host wants said', async () => {
    const { element, tap } = await setup()
    element.strings = { signInTitle: 'Who are you?', loginAgain: 'Once more' }
    await tap()
    await vi.waitFor(() => expect(textOf(element)).toContain('Who are you?'))
  })

  it('tells of code that cannot be loaded, and lets it be tried again', async () => {
    const loadSignIn = vi.fn(() => Promise.reject(new Error('gone')))
    const { element, tap } = await setup({ loadSignIn })
    const errors = vi.fn()
    element.addEventListener('widget-error', ({ detail }) => errors(detail.code))
    await tap()
    await vi.waitFor(() => expect(textOf(element)).toContain('Sign-in did not work.'))
    expect(errors).toHaveBeenCalledWith('load-failed')
    await tap()
    await vi.waitFor(() => expect(loadSignIn).toHaveBeenCalledTimes(2))
    await vi.waitFor(() => expect(warn).toHaveBeenCalled())
  })

  it('[AR14] waits for a connection to load it, and fails nothing meanwhile', async () => {
    const { connection } = CONNECTED
    const loadSignIn = vi.fn(() => Promise.reject(new Error('offline')))
    const { element, client } = await setup({
      loadSignIn,
      state: { logins: [OPEN], connection: { status: 'offline' } },
    })
    client.setState({})
    await vi.waitFor(() => expect(loadSignIn).toHaveBeenCalled())
    expect(client.calls.map(([name]) => name)).not.toContain('failLogin')
    client.setState({ connection })
    await vi.waitFor(() => expect(client.calls).toContainEqual(['failLogin', 'r-0', '']))
    expect(textOf(element)).toContain('Sign-in did not work.')
  })

  it('fits a phone whose keyboard leaves little room', async () => {
    await page.viewport(320, 320)
    const { element, tap } = await setup()
    await tap()
    await sheetOf(element)
    const panel = find(element, 'dialog')!.getBoundingClientRect()
    for (const part of ['header', 'composer'])
      expect(find(element, `[part=${part}]`)!.getBoundingClientRect().bottom).toBeLessThanOrEqual(
        panel.bottom,
      )
    const sheet = find(element, 'chat-widget-sign-in')!
    expect(sheet.clientHeight).toBeGreaterThan(100)
    expect(sheet.scrollWidth).toBeLessThanOrEqual(sheet.clientWidth)
  })
})
