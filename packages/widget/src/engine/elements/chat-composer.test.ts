import { describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { find } from '../../looking.testing.ts'
import type { ChatComposer } from './chat-composer.ts'
import './chat-composer.ts'
import { mount } from './element.testing.ts'

const setup = async (properties: Partial<ChatComposer> = {}) => {
  const mounted = mount<ChatComposer>('chat-widget-composer', properties)
  await mounted.element.updateComplete
  const field = find(mounted.element, 'textarea') as HTMLTextAreaElement
  return { ...mounted, field }
}

const sent = (requests: readonly { type: string }[]) => requests.filter(({ type }) => type === 'send')

describe('<chat-widget-composer>', () => {
  it('renders a labelled text field and a button', async () => {
    const { element, field } = await setup()
    expect(field.getAttribute('aria-label')).toBe('Your message')
    expect(find(element, '[part=send]')?.getAttribute('aria-disabled')).toBe('true')
  })

  it('is accessible', async () => {
    await setup()
    await expect(document.body).to.be.accessible()
  })

  it('sends by Enter and by button, and begins a line by Shift+Enter', async () => {
    const { element, field, requests } = await setup()
    await userEvent.click(field)
    await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two{Enter}')
    expect(sent(requests)).toEqual([{ type: 'send', message: 'one\ntwo' }])
    expect(field.value).toBe('')
    await userEvent.keyboard('three')
    await userEvent.click(find(element, '[part=send]')!)
    expect(sent(requests)).toHaveLength(2)
    expect((element.shadowRoot as ShadowRoot).activeElement).toBe(field)
  })

  it('sends nothing that is empty', async () => {
    const { field, requests } = await setup()
    await userEvent.click(field)
    await userEvent.keyboard('  {Enter}')
    expect(sent(requests)).toEqual([])
  })

  it('does not send by the Enter that ends a composition', async () => {
    const { element, field, requests } = await setup()
    field.value = 'にほん'
    field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))
    const enter = (init: KeyboardEventInit) =>
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }),
      )
    enter({ isComposing: true })
    // Safari: the composition is over already.
    enter({ keyCode: 229 })
    expect(sent(requests)).toEqual([])
    enter({})
    expect(sent(requests)).toEqual([{ type: 'send', message: 'にほん' }])
    await element.updateComplete
  })

  it('grows with its text, up to a limit, and shrinks after sending', async () => {
    const { element, field } = await setup()
    const height = () => field.getBoundingClientRect().height
    const empty = height()
    element.text = 'a\nb\nc'
    await element.updateComplete
    expect(height()).toBe(empty + 44)
    element.text = 'a\n'.repeat(40)
    await element.updateComplete
    expect(height()).toBe(132)
    element.text = ''
    await element.updateComplete
    expect(height()).toBe(empty)
  })

  it('takes a kept draft over, but never what is being written', async () => {
    const { element, field, requests } = await setup({ draft: 'kept' })
    expect(field.value).toBe('kept')
    await userEvent.type(field, '!')
    expect(requests).toContainEqual({ type: 'draft', text: 'kept!' })
    element.draft = 'from elsewhere'
    await element.updateComplete
    expect(field.value).toBe('kept!')
  })

  it('[DL6] shows the draft that another tab writes', async () => {
    const { element, field } = await setup({ draft: 'half' })
    element.draft = 'half a sentence'
    await element.updateComplete
    expect(field.value).toBe('half a sentence')
  })

  it('[DL6] goes on showing it where the field has focus, as long as nothing is written here', async () => {
    const { element, field } = await setup()
    field.focus()
    for (const draft of ['half', 'half a sentence']) {
      element.draft = draft
      await element.updateComplete
    }
    expect(field.value).toBe('half a sentence')
  })

  it('leaves the spelling to the browser, and takes no more than a message holds', async () => {
    const { field } = await setup()
    expect([field.maxLength, field.getAttribute('spellcheck'), field.getAttribute('autocorrect')]).toEqual([
      8000,
      null,
      null,
    ])
    expect(Number.parseFloat(getComputedStyle(field).fontSize)).toBeGreaterThanOrEqual(16)
  })

  it('tells that somebody types, and once that they do not any more', async () => {
    const { field, requests } = await setup()
    const input = (text: string) => {
      field.value = text
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    }
    const typing = () => requests.filter(({ type }) => type === 'typing')
    input('a')
    input('ab')
    input(' ')
    input('')
    expect(typing()).toEqual([true, true, false].map((one) => ({ type: 'typing', typing: one })))
  })
})
