import type { AgentMessageDraft } from '@chat-widget/client/agent'
import type { TemplateId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { find, hasFocus, mount, settled, text } from '../testing/render.testing.ts'

const reply = () => page.getByRole('textbox', { name: 'Reply' })

async function composer(properties: Parameters<typeof mount<'reply-composer'>>[1] = {}) {
  const element = await mount('reply-composer', properties)
  const sent: AgentMessageDraft[] = []
  element.addEventListener('message-send', ({ detail }) => sent.push(detail))
  return { element, sent }
}

it('renders', async () => {
  await composer()
  await expect.element(reply()).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Send login card' })).toBeVisible()
})

it('reads from the page’s own side while it is empty, then from that of its text', async () => {
  const { element } = await composer({ dir: 'rtl' })
  const direction = () => getComputedStyle(find(element, 'textarea')).direction
  expect(direction()).toBe('rtl')
  await userEvent.fill(reply(), 'Hello')
  await settled(element)
  expect(direction()).toBe('ltr')
})

it('is accessible', async () => {
  const { element } = await composer({ closed: true })
  await expect(element).to.be.accessible()
  await userEvent.click(page.getByRole('button', { name: 'Send login card' }))
  await expect(element).to.be.accessible()
})

it('sends by Enter and by the button, and begins a new line by Shift+Enter', async () => {
  const { sent } = await composer()
  await userEvent.fill(reply(), 'one')
  await userEvent.keyboard('{Shift>}{Enter}{/Shift}two{Enter}')
  await expect.element(reply()).toHaveValue('')
  await userEvent.fill(reply(), 'three')
  await userEvent.click(page.getByRole('button', { name: 'Send', exact: true }))
  await userEvent.fill(reply(), 'four')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  expect(sent).toEqual([{ text: 'one\ntwo' }, { text: 'three' }, { text: 'four' }])
})

it('sends nothing that is empty, and nothing in the middle of a composition', async () => {
  const { element, sent } = await composer()
  await userEvent.fill(reply(), '   ')
  await userEvent.keyboard('{Enter}')
  await userEvent.fill(reply(), 'かな')
  const init = { key: 'Enter', bubbles: true, cancelable: true }
  find(element, 'textarea').dispatchEvent(new KeyboardEvent('keydown', { ...init, isComposing: true }))
  find(element, 'textarea').dispatchEvent(new KeyboardEvent('keydown', { ...init, keyCode: 229 }))
  expect(sent).toEqual([])
  await expect.element(reply()).toHaveValue('かな')
})

it('sends a login card with sensible words, or with the agent’s own', async () => {
  const { sent } = await composer()
  await userEvent.click(page.getByRole('button', { name: 'Send login card' }))
  await userEvent.click(page.getByRole('button', { name: 'Send card' }))
  await userEvent.click(page.getByRole('button', { name: 'Send login card' }))
  await userEvent.fill(page.getByLabelText('Text'), 'Show us who you are')
  await userEvent.fill(page.getByLabelText('Button label'), 'Go')
  await userEvent.click(page.getByRole('button', { name: 'Send card' }))
  expect(sent).toEqual([
    { login: { text: expect.stringContaining('sign in'), button: 'Sign in' } },
    { login: { text: 'Show us who you are', button: 'Go' } },
  ])
})

it('sends no card when the dialog is left by Escape', async () => {
  const { sent } = await composer()
  await userEvent.click(page.getByRole('button', { name: 'Send login card' }))
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  expect(sent).toEqual([])
})

it('says that the conversation is closed', async () => {
  const { element } = await composer({ closed: true })
  expect(text(element)).toContain('This conversation is closed.')
})

it('[ID16] has a button for actions where there are any, and takes the focus back from their dialog', async () => {
  const { element } = await composer()
  await expect.element(page.getByRole('button', { name: 'Actions' })).not.toBeInTheDocument()
  element.actions = ['orders']
  const button = page.getByRole('button', { name: 'Actions' })
  await userEvent.click(button)
  await expect(element).to.be.accessible()
  await userEvent.click(page.getByRole('button', { name: 'Run' }))
  await expect.poll(() => hasFocus(button)).toBe(true)
  await userEvent.click(button)
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => hasFocus(button)).toBe(true)
})

it('[MK5] formats what is selected by buttons and keys, undone as typing is, and shows how it will look', async () => {
  // On a phone, the buttons for it make room for others.
  await page.viewport(1024, 800)
  const { element, sent } = await composer()
  await userEvent.fill(reply(), 'a word')
  const textarea = find<HTMLTextAreaElement>(element, 'textarea')
  textarea.setSelectionRange(2, 6)
  await userEvent.click(page.getByRole('button', { name: 'Bold' }))
  await expect.element(reply()).toHaveValue('a **word**')
  await userEvent.keyboard('{Control>}i{/Control}')
  await expect.element(reply()).toHaveValue('a ***word***')
  await userEvent.keyboard('{Control>}z{/Control}')
  await expect.element(reply()).toHaveValue('a **word**')
  await userEvent.click(page.getByRole('button', { name: 'Preview' }))
  expect(find(element, '.preview strong').textContent).toBe('word')
  await expect(element).to.be.accessible()
  await userEvent.click(reply())
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual([{ text: 'a **word**' }])
})

it('[SH3] offers answers with a message, each once', async () => {
  const { element, sent } = await composer()
  await userEvent.fill(reply(), 'Which size?')
  await userEvent.click(page.getByRole('button', { name: 'Suggested answers' }))
  await userEvent.keyboard('Small{Enter}Small{Enter}Other{Enter}{Backspace}Large')
  await expect(element).to.be.accessible()
  await userEvent.click(page.getByRole('button', { name: 'Send', exact: true }))
  const quickReplies = ['Small', 'Large'].map((label) => ({ label, value: label }))
  expect(sent).toEqual([{ text: 'Which size?', quickReplies }])
  await expect.element(page.getByRole('textbox', { name: 'Add an answer' })).not.toBeInTheDocument()
})

it('[SH7] sends files, several at once, with the words below the last one, and answers after them', async () => {
  const files = { maxBytes: 1_000, types: ['image/*', 'text/plain'] as const }
  const { element, sent } = await composer({ files })
  const input = find<HTMLInputElement>(element, 'input[type=file]')
  expect([input.ariaLabel, input.accept]).toEqual(['Attach files', 'image/*,text/plain'])
  const file = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'text/plain' })
  await userEvent.upload(input, [
    file('one.txt'),
    file('two.txt'),
    file('huge.txt', 1_001),
    file('nil.txt', 0),
  ])
  const list = page.getByRole('list', { name: 'Chosen files' })
  await expect
    .element(list)
    .toHaveTextContent(/huge\.txt.*Larger than 1 kB.*nil\.txt.*is empty.*one\.txt.*3 bytes/)
  await expect.element(page.getByText('Added: one.txt, two.txt, huge.txt, nil.txt')).toBeInTheDocument()
  await expect(element).to.be.accessible()
  await userEvent.keyboard('Here{Enter}')
  expect(sent).toMatchObject([{ file: { name: 'one.txt' } }, { file: { name: 'two.txt' }, text: 'Here' }])
  expect(sent[0]).not.toHaveProperty('text')
  element.addFiles([file('one.txt'), file('three.txt')])
  await userEvent.click(page.getByRole('button', { name: 'Remove one.txt' }))
  await expect.poll(() => hasFocus(page.getByRole('button', { name: 'Remove three.txt' }))).toBe(true)
  await userEvent.click(page.getByRole('button', { name: 'Suggested answers' }))
  await userEvent.keyboard('Fine')
  await userEvent.fill(reply(), 'Is it?')
  await userEvent.keyboard('{Enter}')
  expect(sent.slice(2)).toEqual([
    { file: expect.objectContaining({ name: 'three.txt' }) },
    { text: 'Is it?', quickReplies: [{ label: 'Fine', value: 'Fine' }] },
  ])
  // Those that cannot be sent stay, until they are taken out.
  await expect.element(list).toHaveTextContent(/huge\.txt.*Larger than 1 kB.*nil\.txt.*is empty/)
  expect(page.getByRole('button', { name: /^Remove/ }).elements()).toHaveLength(2)
  await userEvent.keyboard('Words{Enter}')
  expect(sent.slice(4)).toEqual([{ text: 'Words' }])
  await userEvent.click(page.getByRole('button', { name: 'Remove huge.txt' }))
  await userEvent.click(page.getByRole('button', { name: 'Remove nil.txt' }))
  await expect.element(list).not.toBeInTheDocument()
})

it('[SH7] says of a film, where the app takes none, that it cannot be sent', async () => {
  const { element } = await composer({ files: { maxBytes: 1_000, types: ['text/plain'] } })
  element.addFiles([new File(['film'], 'film.mp4', { type: 'video/mp4' })])
  const list = page.getByRole('list', { name: 'Chosen files' })
  await expect.element(list).toHaveTextContent(/film\.mp4.*Files of this kind cannot be sent here/)
})

it('[SH7] has no button for files where the app takes none, and room for ten of them', async () => {
  const { element } = await composer()
  expect(element.renderRoot.querySelector('input[type=file]')).toBeNull()
  element.files = { maxBytes: 1_000, types: ['text/plain'] }
  await settled(element)
  element.addFiles(Array.from({ length: 11 }, (_, index) => new File(['x'], `${index}.txt`)))
  await expect.element(page.getByText('10 files at a time at most.')).toBeInTheDocument()
  await expect.poll(() => page.getByRole('button', { name: /^Remove/ }).elements()).toHaveLength(10)
})

it('[MK12] takes a template’s text and answers into the reply', async () => {
  const text = 'Hello {visitor|there}'
  const body = { text, quickReplies: [{ label: 'Yes', value: 'y' }] }
  const templates = {
    list: async () => [{ id: '00000000-0000-4000-8000-000000000001' as TemplateId, name: 'Greeting', body }],
    save: async () => {},
    delete: async () => {},
  }
  const { element, sent } = await composer({ templates, draft: 'First.' })
  await userEvent.click(page.getByRole('button', { name: 'Templates' }))
  await userEvent.click(page.getByRole('button', { name: /^Greeting/ }))
  await userEvent.click(page.getByRole('button', { name: 'Use in reply' }))
  await expect.element(reply()).toHaveValue('First.\nHello there')
  await expect.poll(() => element.shadowRoot?.activeElement?.tagName).toBe('TEXTAREA')
  await userEvent.keyboard('{Enter}')
  expect(sent).toEqual([{ text: 'First.\nHello there', quickReplies: body.quickReplies }])
})
