import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { ALEX, createFakeClient, stored, textMessage, withItems } from './engine/fake-client.testing.ts'
import type { WidgetErrorEvent } from './events.ts'
import { find, textOf } from './looking.testing.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'

beforeEach(async () => {
  await page.viewport(1280, 800)
})
afterEach(() => {
  cleanUp()
  document.documentElement.removeAttribute('lang')
})

const launcherName = (element: Element) => find(element, '[part=launcher]')!.getAttribute('aria-label')

const conversation = () =>
  createFakeClient(withItems([stored(textMessage(1, ALEX, 'Hello', '2020-03-04T15:30:00Z'))]))

describe('the language of the page', () => {
  it.each([
    ['en-GB', {}, 'Open chat'],
    ['de_DE', {}, 'Chat'],
    ['ar', {}, 'المحادثة'],
    ['zh-CN', {}, '聊天'],
    ['fr', { open: 'Ouvrir la discussion', close: undefined }, 'Ouvrir la discussion'],
    ['tr', { open: 7 as unknown as string }, 'Sohbet'],
  ])('is the launcher’s at first paint: %s with %j', async (lang, strings, name) => {
    document.documentElement.lang = lang
    const { element, loads } = mountWidget()
    element.strings = strings
    await oneEvent(element, 'widget-ready')
    expect(launcherName(element)).toBe(name)
    expect(loads()).toBe(0)
  })

  it.each([
    ['en', 'Open chat'],
    ['de', 'Chat öffnen'],
    ['ar', 'فتح المحادثة'],
    ['pl', 'Otwórz czat'],
  ])('says in the launcher’s name the number that its badge shows: %s', async (lang, name) => {
    document.documentElement.lang = lang
    const { element, client } = await openWidget()
    element.hide()
    await vi.waitFor(() => expect(launcherName(element)).toBe(name))
    for (const count of [1, 2, 3, 11, 99]) {
      client.emit('unread-change', count)
      expect(find(element, '[part=badge]')?.textContent).toBe(String(count))
      expect(launcherName(element)).toMatch(new RegExp(`\\b${count}\\b`))
    }
  })

  it('[HP21] is that of what is around the shadow roots that the element is in', () => {
    document.documentElement.lang = 'de'
    const { element } = mountWidget()
    const languages = [element.locale]
    const app = document.createElement('div')
    const section = app.appendChild(document.createElement('section'))
    const part = section.appendChild(document.createElement('div'))
    part.attachShadow({ mode: 'closed' }).append(element)
    app.attachShadow({ mode: 'open' }).append(document.createElement('slot'))
    document.body.append(app)
    languages.push(element.locale)
    section.lang = 'pl'
    languages.push(element.locale)
    part.lang = 'ar'
    languages.push(element.locale)
    part.lang = ''
    languages.push(element.locale)
    app.remove()
    expect(languages).toEqual(['de', 'de', 'pl', 'ar', 'en'])
  })

  it('is not the panel’s where the widget has no words for it', async () => {
    document.documentElement.lang = 'fa'
    const { element } = await openWidget({ client: conversation() })
    const panel = find(element, 'chat-widget-panel')!
    expect(panel.closest('[lang]')?.getAttribute('lang')).toBe('en')
    expect(getComputedStyle(panel).direction).toBe('ltr')
    expect(textOf(panel)).toContain('March')
  })

  it('is the panel’s where the host brings the words', async () => {
    document.documentElement.lang = 'fa'
    const { element } = await openWidget({ client: conversation() })
    element.strings = { send: 'ارسال' }
    const panel = find(element, 'chat-widget-panel')!
    await vi.waitFor(() => expect(panel.closest('[lang]')?.getAttribute('lang')).toBe('fa'))
    expect(getComputedStyle(panel).direction).toBe('rtl')
    // Persian months, and digits.
    await vi.waitFor(() => expect(textOf(panel)).toContain('اسفند'))
  })

  it.each([
    ['de-DE.utf8', 'de-DE', 'März'],
    ['de-', 'de', 'März'],
    ['de_DE', 'de-DE', 'März'],
    ['en-a-b', 'en', 'March'],
    ['x-klingon', 'en', 'March'],
  ])('may be %j, which is %s', async (lang, locale, month) => {
    document.documentElement.lang = lang
    const { element } = await openWidget({ client: conversation() })
    const panel = find(element, 'chat-widget-panel')!
    await vi.waitFor(() => {
      expect(panel.closest('[lang]')?.getAttribute('lang')).toBe(locale)
      expect(textOf(panel)).toContain(month)
    })
    expect(textOf(panel)).toContain('Hello')
    expect(find(element, 'time')?.textContent).not.toBe('')
  })
})

describe('the host’s own words', () => {
  it('are named where they are of the wrong type, and the widget’s own are used', async () => {
    const { element } = mountWidget()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    try {
      element.strings = { unread: 'x', title: undefined } as unknown as typeof element.strings
      const failed = oneEvent(element, 'widget-error')
      const opened = oneEvent(element, 'widget-open')
      element.show()
      const { detail } = (await failed) as WidgetErrorEvent
      expect(detail).toEqual({
        code: 'strings-malformed',
        message: 'strings.unread must be a function, not a string.',
      })
      await opened
      expect(find(element, '[part=title]')?.textContent).toBe('Northwind')
    } finally {
      warn.mockRestore()
    }
  })
})
