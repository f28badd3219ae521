/** The panel's state across actions of page, browser and visitor: shown or not, how, and who opened it. */
import { oneEvent } from '@open-wc/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import type { createFakeClient } from './engine/fake-client.testing.ts'
import { deepActive, find, finishTransitions } from './looking.testing.ts'
import { cleanUp, mountWidget, openWidget } from './widget.testing.ts'

type Size = readonly [width: number, height: number]
const DESKTOP: Size = [1280, 800]
const PHONE: Size = [390, 844]
const resize = ([width, height]: Size) => page.viewport(width, height)

beforeEach(() => resize(DESKTOP))
afterEach(cleanUp)

/** Presentation of the panel on the screen. */
function shownAs(element: HTMLElement): string {
  const frame = find(element, '[part=panel]')!
  if (!frame.checkVisibility()) return 'hidden'
  if (frame.matches('.inline')) return 'inline'
  return frame.matches(':modal') ? 'modal' : frame.matches(':popover-open') ? 'popover' : 'plain'
}

const addButton = (parent: HTMLElement = document.body, text = 'Help') => {
  const button = document.createElement('button')
  button.textContent = text
  parent.append(button)
  return button
}

const addDialog = () => {
  const dialog = document.createElement('dialog')
  document.body.append(dialog)
  return dialog
}

describe('[HP1] what the browser closes is closed and told', () => {
  it('Escape, three times, after a click on what takes no focus', async () => {
    await resize(PHONE)
    const { element, client } = await openWidget()
    expect(shownAs(element)).toBe('modal')
    const closed = vi.fn()
    element.addEventListener('widget-close', closed)
    await userEvent.click(find(element, '[part=title]')!)
    for (let times = 0; times < 3; times += 1) await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    expect(element.open).toBe(false)
    expect(shownAs(element)).toBe('hidden')
    const told = oneEvent(element, 'unread-change')
    client.setState({ unread: 1 })
    client.emit('unread-change', 1)
    expect((await told).detail).toEqual({ count: 1 })
    expect(client.calls).not.toContainEqual(['markRead'])
  })

  it('the phone’s back gesture, which asks the dialog to close', async () => {
    await resize(PHONE)
    const { element } = await openWidget()
    const closed = oneEvent(element, 'widget-close')
    find<HTMLDialogElement>(element, 'dialog')!.close()
    await closed
    expect(element.open).toBe(false)
    expect(find(element, '[part=launcher]')?.getAttribute('aria-expanded')).toBe('false')
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    expect(shownAs(element)).toBe('modal')
  })

  it('Escape after a click on the header of a panel that is not modal', async () => {
    const { element } = await openWidget()
    await userEvent.click(find(element, '[part=title]')!)
    await userEvent.keyboard('{Escape}')
    expect(element.open).toBe(false)
  })
})

describe('[HP1] stays shown', () => {
  it.each<[string, Size, string]>([
    ['beside the launcher', DESKTOP, 'popover'],
    ['on a phone', PHONE, 'modal'],
  ])('when the element moves within the page, %s', async (_where, size, way) => {
    await resize(size)
    const { element, client } = await openWidget()
    await userEvent.keyboard('half a sen')
    const told: string[] = []
    for (const name of ['widget-open', 'widget-close'])
      element.addEventListener(name, (event) => told.push(event.type))
    const elsewhere = document.createElement('section')
    document.body.append(elsewhere)
    elsewhere.append(element)
    await vi.waitFor(() => expect(shownAs(element)).toBe(way))
    expect(element.open).toBe(true)
    expect(find<HTMLTextAreaElement>(element, 'textarea')?.value).toBe('half a sen')
    document.body.prepend(element)
    await vi.waitFor(() => expect(shownAs(element)).toBe(way))
    expect(told).toEqual([])
    expect(client.calls).not.toContainEqual(['close'])
  })

  it('and closed, when a closed element moves', async () => {
    const { element } = await openWidget()
    element.hide()
    const elsewhere = document.createElement('section')
    document.body.append(elsewhere)
    elsewhere.append(element)
    await userEvent.keyboard('{Tab}')
    expect(shownAs(element)).toBe('hidden')
  })

  it('from beside the launcher to in place and back, with what is written and one conversation', async () => {
    const { element, client } = await openWidget()
    await userEvent.keyboard('half a sen')
    element.mode = 'inline'
    await vi.waitFor(() => expect(shownAs(element)).toBe('inline'))
    expect(find(element, '[part=close]')).toBeNull()
    element.mode = 'floating'
    await vi.waitFor(() => expect(shownAs(element)).toBe('popover'))
    expect(element.open).toBe(true)
    expect(find<HTMLTextAreaElement>(element, 'textarea')?.value).toBe('half a sen')
    expect(find(element, '[part=close]')).not.toBeNull()
    expect(client.calls.filter(([name]) => name === 'connect')).toHaveLength(1)
  })

  it('when a closed chat becomes one in place', async () => {
    const { element } = mountWidget()
    await oneEvent(element, 'widget-ready')
    const opened = oneEvent(element, 'widget-open')
    element.mode = 'inline'
    await opened
    expect(shownAs(element)).toBe('inline')
    const closed = oneEvent(element, 'widget-close')
    element.mode = 'floating'
    await closed
    expect(shownAs(element)).toBe('hidden')
  })

  it('while a window is made as narrow as a phone, and wide again', async () => {
    const { element } = await openWidget()
    await resize(PHONE)
    await vi.waitFor(() => expect(shownAs(element)).toBe('modal'))
    await resize(DESKTOP)
    await vi.waitFor(() => expect(shownAs(element)).toBe('popover'))
    expect(deepActive()?.getAttribute('part')).toBe('input')
  })

  it('not over a page that cannot be used: a hidden element blocks nothing, and is back when it is shown', async () => {
    await resize(PHONE)
    const button = addButton()
    const { element } = await openWidget()
    element.hidden = true
    await vi.waitFor(() => expect(shownAs(element)).toBe('hidden'))
    await vi.waitFor(() => {
      button.focus()
      expect(deepActive()).toBe(button)
    })
    expect(element.open).toBe(true)
    element.hidden = false
    await vi.waitFor(() => expect(shownAs(element)).toBe('modal'))
  })

  it('when the element is shown again before the browser has told that the hidden panel is closed', async () => {
    await resize(PHONE)
    const { element } = await openWidget()
    const dialog = find<HTMLDialogElement>(element, 'dialog')!
    const close = dialog.close.bind(dialog)
    vi.spyOn(dialog, 'close').mockImplementation(() => {
      close()
      element.hidden = false
    })
    element.hidden = true
    await oneEvent(dialog, 'close')
    expect(element.open).toBe(true)
    await vi.waitFor(() => expect(shownAs(element)).toBe('modal'))
  })
})

describe('[HP1] says what it is', () => {
  it.each<[string, Size, string]>([
    ['not modal beside the launcher', DESKTOP, 'false'],
    ['modal on a phone', PHONE, 'true'],
  ])('%s', async (_what, size, modal) => {
    await resize(size)
    const { element } = await openWidget()
    expect(find(element, '[part=panel]')?.getAttribute('aria-modal')).toBe(modal)
  })
})

describe('[HP1] focus goes back', () => {
  it.each<[string, Size]>([
    ['beside the launcher', DESKTOP],
    ['on a phone', PHONE],
  ])('to the button of the page that opened the chat, %s', async (_where, size) => {
    await resize(size)
    const { element } = mountWidget()
    await oneEvent(element, 'widget-ready')
    const button = addButton()
    button.addEventListener('click', () => element.show())
    const opened = oneEvent(element, 'widget-open')
    await userEvent.click(button)
    await opened
    expect(deepActive()?.getAttribute('part')).toBe('input')
    await userEvent.keyboard('{Escape}')
    expect(element.open).toBe(false)
    await vi.waitFor(() => expect(deepActive()).toBe(button))
  })

  it('to the launcher where who opened is gone', async () => {
    const { element } = mountWidget()
    await oneEvent(element, 'widget-ready')
    const button = addButton()
    button.focus()
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    button.remove()
    await userEvent.keyboard('{Escape}')
    expect(deepActive()?.getAttribute('part')).toBe('launcher')
  })

  it.each<[string, Size, string]>([
    ['stays where it is, beside the launcher', DESKTOP, 'BODY'],
    ['is on the dialog, on a phone', PHONE, 'DIALOG'],
  ])('after it was open from the start: %s', async (_where, size, focused) => {
    await resize(size)
    const { element } = mountWidget({ attributes: { open: '' } })
    await oneEvent(element, 'widget-open')
    expect(deepActive()?.tagName).toBe(focused)
  })

  it('nowhere, when focus is elsewhere by then', async () => {
    const { element } = await openWidget()
    const button = addButton()
    button.focus()
    element.hide()
    expect(deepActive()).toBe(button)
  })

  it('is kept on the launcher, where Escape closes as well', async () => {
    const { element } = await openWidget()
    find(element, '[part=launcher]')!.focus()
    const closed = oneEvent(element, 'widget-close')
    await userEvent.keyboard('{Escape}')
    await closed
    expect(deepActive()?.getAttribute('part')).toBe('launcher')
  })
})

describe('[HP2] a message counts as read only where it is displayed', () => {
  const arrives = (client: ReturnType<typeof createFakeClient>) => {
    client.setState({ unread: 1 })
    client.emit('unread-change', 1)
  }

  it.each<[string, (element: HTMLElement) => void]>([
    ['the element is hidden', (element) => (element.hidden = true)],
    ['the page hides what is around it', (element) => (element.parentElement!.hidden = true)],
    ['it is scrolled away', (element) => (element.parentElement!.style.paddingTop = '3000px')],
  ])('in place: not while %s', async (_what, hide) => {
    const { element, client } = mountWidget({ attributes: { mode: 'inline' } })
    const around = document.createElement('div')
    document.body.append(around)
    around.append(element)
    await oneEvent(element, 'widget-open')
    hide(element)
    // The browser reports with its next frames what is on the screen.
    await new Promise((resolve) => new IntersectionObserver(resolve).observe(document.body))
    const told = oneEvent(element, 'unread-change')
    arrives(client)
    expect((await told).detail).toEqual({ count: 1 })
    expect(client.calls).not.toContainEqual(['markRead'])
    element.hidden = around.hidden = false
    around.style.paddingTop = ''
    await vi.waitFor(() => expect(client.calls).toContainEqual(['markRead']))
  })

  it('beside the launcher: not while the element is hidden', async () => {
    const { element, client } = await openWidget()
    element.hidden = true
    await vi.waitFor(() => {
      const before = client.calls.length
      client.emit('unread-change', 1)
      expect(client.calls.length).toBe(before)
    })
    element.hidden = false
    client.setState({ unread: 1 })
    await vi.waitFor(() => expect(client.calls).toContainEqual(['markRead']))
  })
})

describe('[HP3] keys typed into the chat', () => {
  it('do not reach handlers of the page, whatever those prevent', async () => {
    const seen: string[] = []
    const hotkeys = (event: KeyboardEvent) => {
      seen.push(event.key)
      if (event.target instanceof Element && /INPUT|TEXTAREA/.test(event.target.tagName)) return
      event.preventDefault()
    }
    const types = ['keydown', 'keypress', 'keyup'] as const
    for (const type of types) document.addEventListener(type, hotkeys)
    try {
      const { element } = mountWidget()
      await oneEvent(element, 'widget-ready')
      find(element, '[part=launcher]')!.focus()
      const opened = oneEvent(element, 'widget-open')
      await userEvent.keyboard(' ')
      await opened
      seen.length = 0
      await userEvent.keyboard('ok my friend /')
      expect(find<HTMLTextAreaElement>(element, 'textarea')?.value).toBe('ok my friend /')
      await userEvent.keyboard('{Tab}{Tab}')
      expect(deepActive()?.getAttribute('part')).toBe('send')
      await userEvent.keyboard('{Escape}')
      expect(element.open).toBe(false)
      expect(seen).toEqual([])
      await userEvent.keyboard('g{Escape}')
      expect(seen).toContain('g')
      expect(seen, 'a closed chat has no use for Escape').toContain('Escape')
    } finally {
      for (const type of types) document.removeEventListener(type, hotkeys)
    }
  })
})

describe('[HP4] beside dialogs of the page', () => {
  it('shown while one is modal: above it and usable, and no longer modal when it is gone', async () => {
    const dialog = addDialog()
    const button = addButton(dialog, 'Ask us')
    const { element } = mountWidget()
    await oneEvent(element, 'widget-ready')
    button.addEventListener('click', () => element.show())
    dialog.showModal()
    const opened = oneEvent(element, 'widget-open')
    await userEvent.click(button)
    await opened
    expect(deepActive()?.getAttribute('part')).toBe('input')
    await userEvent.keyboard('from the dialog')
    expect(find<HTMLTextAreaElement>(element, 'textarea')?.value).toBe('from the dialog')
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(deepActive()).toBe(button))
    expect(dialog.open).toBe(true)

    element.show()
    await vi.waitFor(() => expect(shownAs(element)).toBe('modal'))
    dialog.close()
    await vi.waitFor(() => expect(shownAs(element)).toBe('popover'))
    expect(deepActive()?.getAttribute('part')).toBe('input')
  })

  it('inside one: as ever', async () => {
    const dialog = addDialog()
    const { element } = mountWidget()
    dialog.append(element)
    dialog.showModal()
    const opened = oneEvent(element, 'widget-open')
    await userEvent.click(find(element, '[part=launcher]')!)
    await opened
    expect(shownAs(element)).toBe('popover')
    expect(deepActive()?.getAttribute('part')).toBe('input')
  })

  it('open already: the page’s dialog stands above, until the host shows the chat again', async () => {
    const { element } = await openWidget()
    const dialog = addDialog()
    const button = addButton(dialog)
    dialog.showModal()
    window.dispatchEvent(new Event('resize'))
    expect(deepActive()).toBe(button)
    expect(shownAs(element)).toBe('popover')
    element.show()
    await vi.waitFor(() => expect(shownAs(element)).toBe('modal'))
    expect(deepActive()?.getAttribute('part')).toBe('input')
  })

  it('in a part of the page that is inert', async () => {
    const { element } = mountWidget()
    await oneEvent(element, 'widget-ready')
    const around = document.createElement('div')
    document.body.append(around)
    around.append(element)
    around.inert = true
    const opened = oneEvent(element, 'widget-open')
    element.show()
    await opened
    expect(shownAs(element)).toBe('modal')
    expect(deepActive()?.getAttribute('part')).toBe('input')
  })
})

describe('[HP1] the page behind stays where it is', () => {
  it.each([
    ['over the header', '[part=header]'],
    ['over the list of messages', '[part=messages]'],
    ['over a long text at its end', '[part=input]'],
  ])('on a phone, wheel %s', async (_where, selector) => {
    await resize(PHONE)
    const tall = document.createElement('div')
    tall.style.height = '5000px'
    document.body.append(tall)
    const { element } = await openWidget()
    const field = find<HTMLTextAreaElement>(element, 'textarea')!
    field.value = 'A line\n'.repeat(40)
    field.dispatchEvent(new InputEvent('input'))
    await vi.waitFor(() => expect(field.clientHeight).toBeGreaterThan(100))
    field.scrollTop = field.scrollHeight
    finishTransitions()
    const { x, y, width, height } = find(element, selector)!.getBoundingClientRect()
    const ended = new Promise((resolve) => find(element, selector)!.addEventListener('wheel', resolve))
    const frame = window.frameElement?.getBoundingClientRect()
    const { send } = cdp() as unknown as { send(method: string, params: object): Promise<unknown> }
    // The runner scales down a frame that is higher than its window.
    const scale = frame === undefined ? 1 : frame.width / window.innerWidth
    const at = {
      x: (frame?.x ?? 0) + (x + width / 2) * scale,
      y: (frame?.y ?? 0) + (y + height / 2) * scale,
    }
    // Without a mouse move, the wheel would act on the position of an earlier test.
    await send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 1, y: 1 })
    await send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...at })
    await send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...at, deltaX: 0, deltaY: 400 })
    await ended
    // A scroll begins with the frame after the wheel's event, and fires an event.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    expect(document.scrollingElement?.scrollTop).toBe(0)
  })
})
