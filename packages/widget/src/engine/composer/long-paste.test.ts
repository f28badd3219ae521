import { describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { find, findAll, textOf } from '../../looking.testing.ts'
import type { ChatComposer } from '../elements/chat-composer.ts'
import { mount } from '../elements/element.testing.ts'
import '../elements/chat-composer.ts'

const FILES = { maxBytes: 1_000_000, types: ['image/*', 'text/plain'] }
const LONG = 'A line of a log.\n'.repeat(200)
const TOO_LONG = 'A line of a log.\n'.repeat(1_000)

async function setup(files: ChatComposer['files'] = FILES, { comes = true } = {}) {
  const { element, frame, requests } = mount<ChatComposer>('chat-widget-composer', { files })
  await element.updateComplete
  const field = find<HTMLTextAreaElement>(element, 'textarea')!
  const attached: File[] = []
  frame.addEventListener('chat-request', ({ detail }) => {
    if (detail.type !== 'attach' || !comes) return
    attached.push(...(detail.files ?? []))
    const chosen = attached.map((file) => ({ file }))
    element.tray = Object.assign(document.createElement('div'), { ready: true, send() {}, chosen })
    element.requestUpdate()
  })
  field.focus()
  return {
    ...{ element, field, attached },
    /** As the browser does, which cuts what the field does not hold. */
    async paste(text: string) {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      const init = { clipboardData, bubbles: true, composed: true, cancelable: true }
      if (field.dispatchEvent(new ClipboardEvent('paste', init))) {
        const room = field.maxLength - field.value.length
        field.setRangeText(text.slice(0, room), field.selectionStart, field.selectionEnd, 'end')
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
      await new Promise((resolve) => setTimeout(resolve))
      await element.updateComplete
    },
    button: (name: string) =>
      vi.waitFor(() => {
        const found = findAll(element, '.question button').find((one) => textOf(one) === name)
        expect(found).toBeDefined()
        return found!
      }),
    sent: () => requests.flatMap((one) => (one.type === 'send' ? [one.message] : [])),
  }
}

describe('[HP14] a long text that is pasted', () => {
  it('is a file if the visitor wants it, and what they wrote around it stays', async () => {
    const { element, field, attached, paste, button } = await setup()
    await userEvent.keyboard('See: !')
    field.setSelectionRange(5, 5)
    await paste(LONG)
    const send = await button('Send as file')
    expect(field.value).toBe(`See: ${LONG}!`)
    expect(findAll(element, '[role=status]').map((one) => textOf(one))).toContain(
      'This is a long text. Send it as a file?',
    )
    await expect(element).to.be.accessible()
    await userEvent.click(send)
    await vi.waitFor(() => expect(field.value).toBe('See: !'))
    expect(attached.map(({ name, type }) => [name, type])).toEqual([['Text.txt', 'text/plain']])
    expect(await attached[0]!.text()).toBe(LONG)
    expect(find(element, '.question')).toBeNull()
  })

  it('stays a text if the visitor wants that, or says nothing', async () => {
    const { element, field, attached, paste, button, sent } = await setup()
    await paste(LONG)
    await userEvent.click(await button('Keep as text'))
    await vi.waitFor(() => expect(find(element, '.question')).toBeNull())
    expect(field.value).toBe(LONG)
    await paste(LONG)
    await button('Send as file')
    field.focus()
    await userEvent.keyboard('{Enter}')
    expect([sent(), attached]).toEqual([[(LONG + LONG).trim()], []])
    await vi.waitFor(() => expect(find(element, '.question')).toBeNull())
  })

  it('is not cut where a message does not hold it, and is sent when it fits', async () => {
    const { element, field, paste, button, sent } = await setup()
    await paste(TOO_LONG)
    await userEvent.click(await button('Keep as text'))
    expect(field.value).toBe(TOO_LONG)
    field.focus()
    await userEvent.keyboard('{Enter}')
    expect([field.value, sent()]).toEqual([TOO_LONG, []])
    expect(textOf(find(element, '.left')!)).toBe('A message can have 8,000 characters at most.')
    field.value = 'shorter'
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await userEvent.keyboard('{Enter}')
    expect(sent()).toEqual(['shorter'])
  })

  it('stays in the field until it is among the files', async () => {
    const { element, field, paste, button } = await setup(FILES, { comes: false })
    await paste(TOO_LONG)
    await userEvent.click(await button('Send as file'))
    const chosen = [{ file: new File(['other'], 'other.txt') }]
    element.tray = Object.assign(document.createElement('div'), { ready: true, send() {}, chosen })
    element.requestUpdate()
    await element.updateComplete
    expect(field.value).toBe(TOO_LONG)
  })

  it.each([
    ['takes no files', undefined],
    ['takes no texts', { maxBytes: 1_000_000, types: ['image/*'] }],
    ['takes none so large', { maxBytes: 1_000, types: ['*/*'] }],
  ])('is a text where the app %s', async (_what, files) => {
    const { element, field, paste } = await setup(files)
    if (files === undefined) element.files = undefined
    await paste(TOO_LONG)
    await vi.waitFor(() => expect(find(element, '.left')).not.toBeNull())
    expect([field.value, find(element, '.question')]).toEqual([TOO_LONG, null])
  })
})
