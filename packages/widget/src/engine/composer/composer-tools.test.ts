import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { deepActive, find, findAll, textOf } from '../../looking.testing.ts'
import { cleanUp, openWidget } from '../../widget.testing.ts'
import { createFakeClient, withItems } from '../fake-client.testing.ts'

beforeEach(() => page.viewport(1280, 800))
afterEach(cleanUp)

async function openComposer(attributes: Readonly<Record<string, string>> = {}) {
  const { element, client } = await openWidget({ client: createFakeClient(withItems([])), attributes })
  await vi.waitFor(() => expect(find(element, '[part=emoji-button]')).not.toBeNull())
  const field = find<HTMLTextAreaElement>(element, 'textarea')!
  const sent = () => client.calls.filter(([name]) => name === 'send').map(([, text]) => text)
  return { element, client, field, sent }
}

const status = (element: HTMLElement) =>
  findAll(find(element, 'chat-widget-composer')!, '[role=status]').map((one) => one.textContent?.trim())

const searchIn = (element: HTMLElement) => {
  const picker = find(element, 'chat-widget-emoji')
  return picker && find(picker, 'input')
}

describe('[HP14] emoji', () => {
  it('go where the visitor writes, and the picker is closed by Escape, which leaves the panel open', async () => {
    const { element, client, field } = await openComposer()
    await userEvent.keyboard('Hi !')
    field.setSelectionRange(3, 3)
    await userEvent.click(find(element, '[part=emoji-button]')!)
    await vi.waitFor(() => expect(findAll(element, '[part=emoji]').length).toBeGreaterThan(1_000))
    await expect(element).to.be.accessible()
    expect(deepActive()).toBe(searchIn(element))
    await userEvent.keyboard('tent{Enter}')
    expect(field.value).toBe('Hi ⛺️!')
    expect(client.draft).toBe('Hi ⛺️!')
    await vi.waitFor(() => expect(deepActive()).toBe(field))
    expect(find(element, 'chat-widget-emoji')).toBeNull()
    await userEvent.click(find(element, '[part=emoji-button]')!)
    await vi.waitFor(() => expect(deepActive()).toBe(searchIn(element)))
    await userEvent.keyboard('{Escape}')
    expect([find(element, 'chat-widget-emoji'), element.open]).toEqual([null, true])
  })

  it('has those that were used last and the skin tone at hand, in this browser until the visitor signs out', async () => {
    const { element, client, field } = await openComposer()
    const open = async () => {
      await userEvent.click(find(element, '[part=emoji-button]')!)
      await vi.waitFor(() => expect(findAll(element, '[part=emoji]').length).toBeGreaterThan(1_000))
    }
    await open()
    await userEvent.selectOptions(find(element, 'select')!, '3')
    await userEvent.click(searchIn(element)!)
    await userEvent.keyboard('thumbs up{Enter}')
    await open()
    await userEvent.keyboard('tent{Enter}')
    expect(field.value).toBe('👍🏽⛺️')
    await open()
    expect(find(element, 'h3')?.textContent).toBe('Recently used')
    expect(
      findAll(element, '[part=emoji]')
        .slice(0, 3)
        .map((one) => textOf(one)),
    ).toEqual(['⛺️', '👍🏽', '😀'])
    expect(find<HTMLSelectElement>(element, 'select')?.selectedIndex).toBe(3)
    await expect(element).to.be.accessible()
    await userEvent.keyboard('{Escape}')
    client.setState({ identity: { status: 'signing-out', userIdentifier: 'ada' } })
    await vi.waitFor(() => expect(localStorage.getItem('chat-widget:shop:emoji')).toBeNull())
    await open()
    expect(find(element, 'h3')?.textContent).toBe('Smileys & emotion')
  })

  it('are not remembered where nothing may be kept, and what is stored may be anything', async () => {
    localStorage.setItem('chat-widget:shop:emoji', '{"recent":["<b>",7,"⛺️"],"tone":"9"}')
    const { element } = await openComposer()
    await userEvent.click(find(element, '[part=emoji-button]')!)
    await vi.waitFor(() => expect(findAll(element, '[part=emoji]').length).toBeGreaterThan(1_000))
    expect(
      findAll(element, '[part=emoji]')
        .slice(0, 2)
        .map((one) => textOf(one)),
    ).toEqual(['⛺️', '😀'])
    localStorage.clear()
    element.setAttribute('storage', 'none')
    await userEvent.keyboard('tent{Enter}')
    expect(localStorage.getItem('chat-widget:shop:emoji')).toBeNull()
  })

  it('leave room on a phone', async () => {
    await page.viewport(320, 420)
    const { element } = await openComposer()
    await userEvent.click(find(element, '[part=emoji-button]')!)
    await vi.waitFor(() => expect(find(element, 'chat-widget-emoji')).not.toBeNull())
    const { bottom } = find(element, 'chat-widget-composer')!.getBoundingClientRect()
    const { top } = find(element, 'chat-widget-emoji')!.getBoundingClientRect()
    expect([top > 0, bottom <= 420]).toEqual([true, true])
  })
})

describe('[HP14] a long text', () => {
  it('says how much room is left before there is none, and reads out few of the numbers', async () => {
    const { element, field } = await openComposer()
    const write = async (length: number) => {
      field.value = 'x'.repeat(length)
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      await vi.waitFor(() =>
        expect(find(element, 'chat-widget-composer')).toHaveProperty('text', field.value),
      )
      await new Promise((resolve) => setTimeout(resolve))
    }
    await write(7_000)
    expect([find(element, '.left'), status(element)]).toEqual([null, ['']])
    const read: (string | undefined)[] = []
    for (const length of [7_600, 7_700, 7_950, 8_000]) {
      await write(length)
      read.push(...status(element))
    }
    expect(textOf(find(element, '.left')!)).toBe('A message can have 8,000 characters at most.')
    expect(read).toEqual([
      '400 characters left',
      '400 characters left',
      '50 characters left',
      'A message can have 8,000 characters at most.',
    ])
    await expect(element).to.be.accessible()
    await write(10)
    expect([find(element, '.left'), status(element)]).toEqual([null, ['']])
  })
})
