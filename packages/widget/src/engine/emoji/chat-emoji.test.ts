import { afterEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { deepActive, find, findAll } from '../../looking.testing.ts'
import { mount } from '../elements/element.testing.ts'
import { loadWords } from '../load-strings.ts'
import type { ChatEmoji } from './chat-emoji.ts'
import './chat-emoji.ts'

afterEach(() => vi.restoreAllMocks())

const setup = async (properties: Partial<ChatEmoji> = {}) => {
  const actions = { pick: vi.fn(), close: vi.fn() }
  const { element, frame } = mount<ChatEmoji>('chat-widget-emoji', { actions, ...properties })
  await vi.waitFor(() => expect(findAll(element, '[part=emoji]').length).toBeGreaterThan(1_000))
  return { element, frame, actions }
}

const names = (element: ChatEmoji) => findAll(element, '[part=emoji]').map((one) => one.ariaLabel)
const type = async (element: ChatEmoji, text: string) => {
  await userEvent.fill(find(element, 'input')!, text)
  await element.updateComplete
}

describe('<chat-widget-emoji>', () => {
  it('renders groups of emoji, each with a name, and one tab stop', async () => {
    const { element } = await setup()
    expect(find(element, 'h3')?.textContent).toBe('Smileys & emotion')
    expect(findAll(element, '[part=emoji][tabindex="0"]')).toHaveLength(1)
    await expect(element).to.be.accessible()
  })

  it('searches, says how many it has found, and takes the first by Enter', async () => {
    const { element, actions } = await setup()
    element.focus()
    expect(deepActive()).toBe(find(element, 'input'))
    await type(element, 'tent')
    expect(names(element)[0]).toBe('tent')
    expect(find(element, '[role=status]')?.textContent).toMatch(/^\d+ emoji$/)
    await expect(element).to.be.accessible()
    await userEvent.keyboard('{Enter}')
    expect(actions.pick).toHaveBeenCalledWith('⛺️')
    await type(element, 'xyzzy')
    expect(find(element, '.none')?.textContent).toBe('No emoji found')
  })

  it('goes by the arrow keys, in rows, also from right to left, and closes by Escape', async () => {
    const { element, actions } = await setup({ words: await loadWords('ar', {}, () => {}) })
    element.focus()
    await userEvent.keyboard('{ArrowDown}')
    const buttons = findAll(element, '[part=emoji]')
    expect(deepActive()).toBe(buttons[0])
    const place = () => buttons.indexOf(deepActive() as HTMLElement)
    element.closest('section')!.dir = 'rtl'
    await userEvent.keyboard('{ArrowLeft}')
    expect(place()).toBe(1)
    await userEvent.keyboard('{ArrowDown}')
    const below = place()
    expect(buttons[below]!.offsetLeft).toBe(buttons[1]!.offsetLeft)
    expect(buttons[below]!.offsetTop).toBeGreaterThan(buttons[1]!.offsetTop)
    await userEvent.keyboard('{ArrowUp}{ArrowRight}{ArrowUp}')
    expect(deepActive()).toBe(find(element, 'input'))
    await userEvent.keyboard('{Escape}')
    expect(actions.close).toHaveBeenCalledOnce()
  })

  it('speaks the visitor’s language, and English where it has none', async () => {
    const { element } = await setup({ words: await loadWords('de', {}, () => {}) })
    expect(find(element, '.list')?.lang).toBe('de')
    await type(element, 'zelt')
    expect(names(element)[0]).toBe('Zelt')
    const { element: swedish } = await setup({ words: await loadWords('sv', {}, () => {}) })
    expect(find(swedish, '.list')?.lang).toBe('en')
  })

  it.each([
    ['ar', 'خيمة', 'الوجوه والمشاعر'],
    ['he', 'אוהל', 'סמיילים ורגשות'],
    ['tr', 'çadır', 'Yüz ifadeleri ve duygular'],
  ])('speaks %s, also the names of the groups', async (language, tent, firstGroup) => {
    const { element } = await setup({ words: await loadWords(language, {}, () => {}) })
    expect(find(element, '.list')?.lang).toBe(language)
    expect(find(element, '.list h3')?.textContent).toBe(firstGroup)
    await type(element, tent)
    expect(names(element)).toContain(tent)
  })

  it('fits 320 px', async () => {
    const { element, frame } = await setup()
    frame.style.inlineSize = '320px'
    expect(element.scrollWidth).toBeLessThanOrEqual(320)
    expect(find(element, '[part=emoji]')!.getBoundingClientRect().width).toBeGreaterThanOrEqual(40)
  })
})
