/** An element that is removed and put back, hidden and shown, left and returned to. */
import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ALEX,
  createFakeClient,
  loginMessage,
  stored,
  textMessage,
  withItems,
} from './engine/fake-client.testing.ts'
import { contrastOf, parseColor } from './engine/readable-colors.ts'
import type { EngineModule } from './engine-contract.ts'
import { find } from './looking.testing.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'

const USER = { userIdentifier: 'ada', requestContextProvider: () => ({}) }
const frame = () => new Promise(requestAnimationFrame)

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => {
  cleanUp()
  vi.restoreAllMocks()
})

describe('an element that is put back', () => {
  it('[ID2] has its user still', async () => {
    const { element, client } = mountWidget({ attributes: { connect: 'eager' } })
    element.user = USER
    await vi.waitFor(() => expect(client.calls).toContainEqual(['user', expect.objectContaining(USER)]))
    element.remove()
    await frame()
    client.calls.length = 0
    document.body.append(element)
    await vi.waitFor(() => expect(client.calls).toContainEqual(['user', expect.objectContaining(USER)]))
  })

  it('[HP1] while its code is on the way is open when that comes, and no error is told', async () => {
    let arrive: (module: EngineModule) => void = () => {}
    const arriving = new Promise<EngineModule>((resolve) => {
      arrive = resolve
    })
    let module: EngineModule | undefined
    const { element } = mountWidget({
      attributes: { open: '' },
      load: (_attempt, real) => {
        module = real
        return arriving
      },
    })
    const told = vi.fn()
    element.addEventListener('widget-error', told)
    await vi.waitFor(() => expect(module).toBeDefined())
    element.remove()
    await frame()
    const opened = oneEvent(element, 'widget-open')
    document.body.append(element)
    await frame()
    arrive(module as EngineModule)
    await opened
    expect([element.open, told.mock.calls.length]).toEqual([true, 0])
    expect(find(element, '[part=notice]')?.textContent).toBe('')
  })
})

describe('an element that moves to another document', () => {
  it.each(['floating', 'inline'])('[HP1] looks there as before, and back again (%s)', async (mode) => {
    const { element, client } = mountWidget({ attributes: { mode, open: '' } })
    await vi.waitFor(() => expect(find(element, '[part=input]')).not.toBeNull())
    const frame = document.createElement('iframe')
    // As large as the page, so that a phone's layout applies too.
    frame.style.cssText = `inline-size: ${innerWidth}px; block-size: ${innerHeight}px; border: 0`
    document.body.append(frame)
    const looks = () =>
      ['[part=launcher]', '[part=panel]', '[part=header]', '[part=composer]', '[part=input]'].map((part) => {
        const { display, borderRadius, fontSize, padding } = getComputedStyle(find(element, part) as Element)
        return { part, display, borderRadius, fontSize, padding }
      })
    try {
      const before = looks()
      frame.contentDocument?.body.append(element)
      await vi.waitFor(() => expect(looks()).toEqual(before))
      // Created in that document only.
      client.setState(withItems([stored(loginMessage(1))]))
      const card = await vi.waitFor(() => {
        const found = find(element, '[part=login-card]')
        expect(found).not.toBeNull()
        return found as Element
      })
      expect(getComputedStyle(card).borderRadius).not.toBe('0px')
      document.body.append(element)
      await vi.waitFor(() => expect(looks()).toEqual(before))
    } finally {
      element.remove()
      frame.remove()
    }
  })
})

describe('a user who signs out before the chat could be loaded', () => {
  it('[ID13] is not signed in by the next load', async () => {
    const { element, client } = mountWidget({
      load: async (attempt, module) => {
        if (attempt === 0) throw new Error('offline')
        return module
      },
    })
    element.user = USER
    await expect(element.logout()).rejects.toThrow()
    await element.sendMessage('as nobody')
    expect(client.calls.filter(([name]) => name === 'user')).toEqual([])
  })
})

describe('a closed panel', () => {
  it('can be read when it is opened after the page has changed its colours', async () => {
    const { element } = await openWidget()
    element.hide()
    const style = document.createElement('style')
    style.textContent = 'chat-widget { --chat-surface: #102030; --chat-text: #f0f0f0 }'
    document.head.append(style)
    try {
      const opened = oneEvent(element, 'widget-open')
      element.show()
      await opened
      const title = find(element, '[part=title]')
      await vi.waitFor(() =>
        expect(
          contrastOf(parseColor(getComputedStyle(title as Element).color), parseColor('rgb(16, 32, 48)')),
        ).toBeGreaterThan(4.5),
      )
    } finally {
      style.remove()
    }
  })

  it('[ID12] says nothing more of a conversation that was left', async () => {
    const client = createFakeClient()
    const { element } = await openWidget({ client })
    element.hide()
    client.emit('message-received', textMessage(1, ALEX, 'Your invoice 4711'))
    const news = find(element, '[role=status]')
    expect(news?.textContent).toContain('4711')
    client.setState({ conversation: { id: 'other', headSeq: 0 } as never })
    expect(news?.textContent).toBe('')
    client.emit('message-received', textMessage(2, ALEX, 'Your invoice 4712'))
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    expect(news?.textContent).toBe('')
  })
})
