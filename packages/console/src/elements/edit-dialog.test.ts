import type { Message } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { agent, openConversation, stored, summary, textMessage } from '../testing/fixtures.testing.ts'
import { mount } from '../testing/render.testing.ts'

const own = { kind: 'agent', id: agent.id, name: agent.name } as const
const offering = textMessage(2, 'Which **size**?', {
  ...{ author: own, format: 'markdown' },
  quickReplies: [{ label: 'Small', value: 's' }],
})

async function view(...messages: readonly Message[]) {
  const conversation = openConversation({ summary: summary(1), items: messages.map(stored) })
  const element = await mount('conversation-view', { conversation, agent })
  const heard: unknown[] = []
  for (const name of ['message-revise', 'message-remove'] as const)
    element.addEventListener(name, ({ detail }) => heard.push([name, detail]))
  return { element, heard }
}
const edit = page.getByRole('button', { name: 'Edit message' })
const remove = page.getByRole('button', { name: 'Delete message' })

it('[MK9] an agent edits a message of one’s own, with what belongs to it', async () => {
  const { element, heard } = await view(textMessage(1, 'Hi'), offering)
  await userEvent.click(edit)
  await expect.element(page.getByLabelText('Text', { exact: true })).toHaveValue('Which **size**?')
  await expect(element).to.be.accessible()
  await userEvent.fill(page.getByLabelText('Text', { exact: true }), 'What size?')
  await userEvent.click(page.getByRole('button', { name: 'Save' }))
  const body = { text: 'What size?', format: 'markdown', quickReplies: offering.quickReplies }
  expect(heard).toEqual([['message-revise', { seq: 2, body }]])
})

it('[MK9] deletes one once it is sure, and never without being asked', async () => {
  const { element, heard } = await view(offering)
  await userEvent.click(remove)
  await expect.element(page.getByRole('alertdialog', { name: 'Delete this message?' })).toBeVisible()
  await expect(element).to.be.accessible()
  await userEvent.keyboard('{Escape}')
  expect(heard).toEqual([])
  await userEvent.click(remove)
  await userEvent.click(page.getByRole('button', { name: 'Delete', exact: true }))
  expect(heard).toEqual([['message-remove', { seq: 2 }]])
})

it('[MK7] what was answered stays as it was asked, and what others wrote is theirs', async () => {
  const taken = { ...textMessage(3, 'Small'), reply: { to: 2, value: 's' } }
  const bots = textMessage(4, 'Beep', { author: { kind: 'bot' } })
  const gone = textMessage(5, '', { author: own, deleted: true })
  await view(textMessage(1, 'Hi'), offering, taken, bots, gone)
  await expect.element(edit).not.toBeInTheDocument()
  expect(remove.elements()).toHaveLength(1)
})

it('[OP9] a reader changes nothing', async () => {
  const conversation = openConversation({ items: [stored(offering)] })
  await mount('conversation-view', { conversation, agent: { ...agent, role: 'reader' } })
  await expect.element(edit).not.toBeInTheDocument()
  await expect.element(remove).not.toBeInTheDocument()
})
