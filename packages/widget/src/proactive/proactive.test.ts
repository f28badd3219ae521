import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { find } from '../looking.testing.ts'
import { cleanUp, mountWidget } from '../widget.testing.ts'
import '../proactive.ts'
import type { ChatWidgetProactiveElement } from './proactive-element.ts'
import { isAddress } from './rules.ts'

beforeEach(() => page.viewport(1280, 800))
afterEach(() => {
  cleanUp()
  document.documentElement.scrollTop = 0
})

/** Names are of this file's page: what was shown is remembered there, whatever is stored. */
let names = 0

function setup(
  attributes: Readonly<Record<string, string>> = {},
  chat: Readonly<Record<string, string>> = {},
) {
  const widget = mountWidget({ attributes: chat })
  names += 1
  const all = { message: 'Need a hand?', name: `message ${names}`, ...attributes }
  const add = () => {
    const element = document.createElement('chat-widget-proactive')
    for (const [name, value] of Object.entries(all)) element.setAttribute(name, value)
    document.body.append(element)
    return element
  }
  return { ...widget, message: add(), add }
}

const bubbleOf = (element: ChatWidgetProactiveElement) =>
  element.shadowRoot?.querySelector<HTMLElement>('.bubble') as HTMLElement
const isShown = (element: ChatWidgetProactiveElement) => bubbleOf(element).checkVisibility()
const buttonIn = (element: ChatWidgetProactiveElement, name: string) =>
  bubbleOf(element).querySelector(`.${name}`) as HTMLElement

describe('rules', () => {
  it('[WH7] show it after a time, by scrolling, and on a page of an address', async () => {
    const tall = document.createElement('div')
    tall.style.height = '5000px'
    document.body.append(tall)
    const first = setup({ after: '0', scroll: '50', address: '*' })
    expect(isShown(first.message)).toBe(false)
    document.documentElement.scrollTop = 4000
    await vi.waitFor(() => expect(isShown(first.message)).toBe(true))
    cleanUp()
    const other = setup({ address: '/no/such/page' })
    const late = setup({ after: '600' })
    const manual = setup()
    expect([other, late, manual].map(({ message }) => isShown(message))).toEqual([false, false, false])
    expect(manual.message.show()).toBe(true)
  })

  it.each([
    ['/pricing', true],
    ['/pric*', true],
    ['*plan=team*', false],
    ['https://shop.example/pricing', true],
    ['/pricing/', false],
    ['/', false],
    ['*', true],
    ['/pri.ing', false],
  ])('[WH7] an address may hold *: %s', (pattern, isMatch) => {
    const origin = 'https://shop.example'
    expect(isAddress(pattern, { origin, href: `${origin}/pricing#top` })).toBe(isMatch)
  })
})

describe('at most once', () => {
  it('[WH7] is shown once to a visitor, on whichever page', async () => {
    const { message, add } = setup()
    expect(message.show()).toBe(true)
    await vi.waitFor(() => expect(buttonIn(message, 'text').textContent).toBe('Need a hand?'))
    message.remove()
    expect(add().show()).toBe(false)
    expect(JSON.parse(localStorage.getItem('chat-widget:shop:proactive') ?? '')).toEqual([`message ${names}`])
  })

  it('[WH7] is not shown to somebody who chats, and nothing is stored where the chat stores nothing', () => {
    localStorage.setItem('chat-widget:shop:hint', '0')
    expect(setup().message.show()).toBe(false)
    cleanUp()
    const { element, message } = setup()
    element.open = true
    expect(message.show()).toBe(false)
    cleanUp()
    expect(setup({}, { storage: 'none' }).message.show()).toBe(true)
    expect(localStorage.length).toBe(0)
  })

  it('[WH7] loads nothing: the chat is asked only when the visitor opens it', async () => {
    const { element, message, loads } = setup()
    message.show()
    expect(loads()).toBe(0)
    await vi.waitFor(() => expect(buttonIn(message, 'text').textContent).not.toBe(''))
    await userEvent.click(buttonIn(message, 'text'))
    expect([element.open, isShown(message)]).toEqual([true, false])
  })
})

it('[WH7] stands above the launcher in the reading direction, and is taken away by its button and by Escape', async () => {
  const { element, message, add } = setup({ message: '<b>Hi</b>' }, { locale: 'ar' })
  expect(message.show()).toBe(true)
  await vi.waitFor(() => expect(buttonIn(message, 'text').textContent).toBe('<b>Hi</b>'))
  const shown = [bubbleOf(message), find(element, '.launcher') as HTMLElement]
  const [bubble, launcher] = shown.map((one) => one.getBoundingClientRect())
  expect(bubble!.bottom).toBeLessThan(launcher!.top + 8)
  // The page itself is read from the left.
  expect(bubble!.left).toBeCloseTo(launcher!.left, 0)
  expect([bubbleOf(message).dir, buttonIn(message, 'close').ariaLabel]).toEqual(['rtl', 'إغلاق'])
  await expect(document.body).to.be.accessible()
  await userEvent.click(buttonIn(message, 'close'))
  expect([isShown(message), element.open]).toEqual([false, false])
  message.remove()
  const second = add()
  second.setAttribute('name', 'another')
  second.show()
  buttonIn(second, 'text').focus()
  await userEvent.keyboard('{Escape}')
  expect(isShown(second)).toBe(false)
})
