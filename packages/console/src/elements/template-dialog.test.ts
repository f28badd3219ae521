import type { AgentTemplates } from '@chat-widget/client/agent'
import { type AppId, ChatError, type MessageTemplate, type TemplateId } from '@chat-widget/protocol'
import { beforeAll, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { find, HOSTILE_TEXTS, harmDone, mount, text, turnedNames } from '../testing/render.testing.ts'
import '../define-templates.ts'

// List and template side by side.
beforeAll(() => page.viewport(1024, 800))

const SHOP = 'shop' as AppId
const id = (number: number) => `00000000-0000-4000-8000-00000000000${number}` as TemplateId
const GREETING: MessageTemplate = {
  ...{ id: id(1), name: 'Greeting' },
  body: { text: 'Hello **{visitor|there}**', quickReplies: [{ label: 'A return', value: 'r' }] },
}
const FORM: MessageTemplate = {
  ...{ id: id(2), name: 'Return' },
  body: { form: { fields: [{ name: 'order', label: 'Order number', type: 'text' }], submit: 'Send' } },
}

/** An app's templates in memory. `fail`: code of the next call's error. */
function keep(...kept: readonly MessageTemplate[]) {
  let all = [...kept]
  let number = kept.length
  const state = { fail: null as ChatError['code'] | null }
  const check = () => {
    const { fail } = state
    state.fail = null
    if (fail !== null) throw new ChatError(fail, 'no')
  }
  const templates: AgentTemplates = {
    async list(app) {
      check()
      return app === SHOP ? all : []
    },
    async save(_app, template) {
      check()
      number += 1
      const saved = { ...template, id: template.id ?? id(number) }
      all = [...all.filter((one) => one.id !== saved.id), saved]
    },
    async delete(_app, gone) {
      check()
      all = all.filter((one) => one.id !== gone)
    },
  }
  return { templates, state, all: () => all }
}

async function open(kept: ReturnType<typeof keep>) {
  const element = await mount('template-dialog', {
    ...{ app: SHOP, templates: kept.templates, values: new Map([['visitor', 'Ada']]) },
  })
  const heard: unknown[] = []
  for (const name of ['message-send', 'template-use'] as const)
    element.addEventListener(name, ({ detail }) => heard.push([name, detail]))
  await element.show()
  return { element, heard }
}
const button = (name: string) => page.getByRole('button', { name, exact: true })
const item = (name: RegExp) => page.getByRole('listitem').filter({ hasText: name }).getByRole('button')

it('[MK12] shows a template as the visitor will see it, and sends it with the names put in', async () => {
  const { element, heard } = await open(keep(GREETING, FORM))
  await userEvent.click(item(/Greeting/))
  const preview = page.getByRole('group', { name: 'Preview' })
  await expect.element(preview).toHaveTextContent(/Hello Ada\s*A return/)
  await expect(element).to.be.accessible()
  await userEvent.click(button('Send'))
  expect(heard).toEqual([['message-send', { ...GREETING.body, text: 'Hello **Ada**' }]])
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
})

it('names a form without a title by its kind, once', async () => {
  await open(keep(FORM))
  await expect.element(item(/Return/)).toHaveTextContent(/^\s*Return\s*Form\s*$/)
})

it('a text can be put into the reply instead; a form cannot', async () => {
  const { heard } = await open(keep(GREETING, FORM))
  await userEvent.click(item(/Return/))
  await expect.element(page.getByRole('group', { name: 'Preview' })).toHaveTextContent(/Order number/)
  await expect.element(button('Use in reply')).not.toBeInTheDocument()
  await userEvent.click(item(/Greeting/))
  await userEvent.click(button('Use in reply'))
  expect(heard).toEqual([['template-use', { ...GREETING.body, text: 'Hello **Ada**' }]])
})

it('[MK12] keeps a new form, which is asked for what it lacks', async () => {
  const kept = keep()
  const { element } = await open(kept)
  await expect.element(page.getByText('No templates yet')).toBeVisible()
  await expect(element).to.be.accessible()
  await userEvent.click(button('New template'))
  await userEvent.fill(page.getByLabelText('Name'), 'Size')
  await userEvent.click(page.getByRole('radio', { name: 'Form' }))
  await userEvent.click(button('Save'))
  expect(kept.all()).toEqual([])
  await userEvent.fill(page.getByLabelText('Question'), 'Which size?')
  await userEvent.selectOptions(page.getByLabelText('Type of answer'), 'select')
  await userEvent.fill(page.getByLabelText('Choices, one a line'), 'S\nM')
  await userEvent.click(page.getByLabelText('Required'))
  await expect(element).to.be.accessible()
  await userEvent.click(button('Save'))
  await expect.element(page.getByRole('group', { name: 'Preview' })).toHaveTextContent(/Which size\?/)
  const options = ['S', 'M'].map((label) => ({ label, value: label }))
  const fields = [{ name: 'field-1', label: 'Which size?', type: 'select', required: true, options }]
  expect(kept.all()).toEqual([{ id: id(1), name: 'Size', body: { form: { fields, submit: 'Send' } } }])
})

it('[MK6] keeps cards whose addresses are good', async () => {
  const kept = keep()
  await open(kept)
  await userEvent.click(button('New template'))
  await userEvent.fill(page.getByLabelText('Name'), 'Tents')
  await userEvent.click(page.getByRole('radio', { name: 'Cards' }))
  await userEvent.fill(page.getByLabelText('Title'), 'Tent')
  await userEvent.click(button('Add button'))
  await userEvent.fill(page.getByLabelText('Button label'), 'Look')
  await userEvent.fill(page.getByLabelText('Address (without one: an answer)'), 'javascript:alert(1)')
  await userEvent.click(button('Save'))
  expect(kept.all()).toEqual([])
  await userEvent.fill(page.getByLabelText('Address (without one: an answer)'), 'https://a.example')
  await userEvent.click(button('Add card'))
  await userEvent.fill(page.getByLabelText('Title').nth(1), 'Stove')
  await userEvent.click(button('Save'))
  await expect.poll(kept.all).toMatchObject([
    {
      body: {
        cards: [
          { title: 'Tent', buttons: [{ label: 'Look', url: 'https://a.example' }] },
          { title: 'Stove', buttons: [] },
        ],
      },
    },
  ])
})

it('[MK12] changes a template, and deletes one that an agent is sure about', async () => {
  const kept = keep(GREETING, FORM)
  await open(kept)
  await userEvent.click(item(/Greeting/))
  await userEvent.click(button('Edit'))
  await userEvent.fill(page.getByLabelText('Text', { exact: true }), 'Good morning')
  await userEvent.click(page.getByRole('button', { name: 'Remove A return' }))
  await userEvent.fill(page.getByLabelText('Add an answer'), 'An order')
  await userEvent.click(button('Save'))
  await expect
    .poll(() => kept.all()[1])
    .toEqual({
      ...GREETING,
      body: { text: 'Good morning', quickReplies: [{ label: 'An order', value: 'An order' }] },
    })
  await userEvent.click(button('Delete'))
  await userEvent.click(button('Cancel'))
  expect(kept.all()).toHaveLength(2)
  await userEvent.click(button('Delete'))
  await userEvent.click(button('Delete'))
  await expect.poll(kept.all).toEqual([FORM])
})

it('says what could not be done, and tries again', async () => {
  const kept = keep(GREETING)
  kept.state.fail = 'server-unreachable'
  const { element } = await open(kept)
  await expect.element(page.getByText('The templates could not be loaded.')).toBeVisible()
  await expect(element).to.be.accessible()
  await userEvent.click(button('Try again'))
  await userEvent.click(item(/Greeting/))
  await userEvent.click(button('Edit'))
  kept.state.fail = 'too-large'
  await userEvent.click(button('Save'))
  await expect.element(page.getByRole('alert')).toHaveTextContent('There is no room for more templates.')
  await expect.element(page.getByLabelText('Name')).toHaveValue('Greeting')
})

it('is searched by name and words', async () => {
  const { element } = await open(keep(GREETING, FORM))
  const found = () => text(element).match(/Greeting|Return|Nothing found/g)
  await userEvent.fill(page.getByLabelText('Search templates'), 'HELLO')
  expect(found()).toEqual(['Greeting'])
  await userEvent.fill(page.getByLabelText('Search templates'), 'nothing like it')
  expect(found()).toEqual(['Nothing found'])
})

describe.each(HOSTILE_TEXTS)('[SH2] with %j in a template and the names', (evil) => {
  it('nothing runs or leads elsewhere, and it can be edited', async () => {
    const buttons = [
      { label: evil, value: evil },
      { label: evil, url: evil },
    ]
    const card = { title: evil, text: `${evil} {visitor}`, image: { url: evil, alt: evil }, buttons }
    const element = await mount('template-dialog', {
      ...{ app: SHOP, values: new Map([['visitor', evil]]) },
      templates: keep({ id: id(1), name: evil, body: { cards: [card] } }).templates,
    })
    await element.show()
    const all = (selector: string) => [...element.renderRoot.querySelectorAll(selector)]
    find(element, '.item').click()
    await element.updateComplete
    expect(find(element, '.preview').textContent).not.toBe('')
    expect(harmDone(all)).toEqual([])
    expect(turnedNames(all)).toEqual([])
    find(element, '.start button').click()
    await element.updateComplete
    expect(harmDone(all)).toEqual([])
  })
})
