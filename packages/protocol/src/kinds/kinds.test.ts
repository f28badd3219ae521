import { describe, expect, it } from 'vitest'
import { formatOf, type Message } from '../index.ts'
import { agentSendRequest, botAnswer, KINDS, restPostMessage, sendMessageRequest } from '../schemas/index.ts'

const ids = {
  conversationId: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001',
  clientId: '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a002',
}
const SOURCES = {
  visitor: (body: object) => sendMessageRequest.safeParse({ ...ids, ...body }),
  agent: (body: object) => agentSendRequest.safeParse({ ...ids, body }),
  bot: (body: object) => botAnswer.safeParse({ messages: [body] }),
  rest: (body: object) => restPostMessage.safeParse(body),
} as const
const choice = { label: 'Yes', value: 'yes' }
const BODIES = {
  file: { file: { id: ids.conversationId }, text: 'a broken tent' },
  text: { text: 'hi' },
  login: { login: { text: 'Please sign in', button: 'Sign in' } },
  cards: { cards: [{ title: 'A tent', buttons: [choice, { label: 'Look', url: 'https://example.com' }] }] },
  form: { form: { fields: [{ name: 'email', label: 'Email', type: 'email' }], submit: 'Send' } },
  'form-answer': { to: 1, values: { email: 'ann@example.com' } },
  event: { event: { type: 'closed' } },
} as const satisfies Record<keyof typeof KINDS, object>

describe.each(Object.entries(BODIES))('%s', (kind, body) => {
  it('[MK1] comes in by its sources and no other, and with nothing beside it', () => {
    const sources = Object.keys(KINDS[kind as keyof typeof KINDS].posted)
    const open = Object.entries(SOURCES).filter(([, parse]) => parse(body).success)
    expect(open.map(([source]) => source)).toEqual(sources)
    for (const parse of Object.values(SOURCES)) {
      expect(parse({ ...body, more: 1 }).success).toBe(false)
      expect(parse({ ...body, kind }).success).toBe(false)
    }
  })
})

it('[MK1] over HTTP keys are in snake_case, and only so', () => {
  const { clientId } = ids
  expect(restPostMessage.parse({ text: 'hi', client_id: clientId.toUpperCase() })).toEqual({
    text: 'hi',
    clientId,
  })
  expect(restPostMessage.safeParse({ text: 'hi', clientId }).success).toBe(false)
})

it('[MK1] quick replies come from the agents’ side, and a choice among them from the visitor', () => {
  const offering = { text: 'Sure?', format: 'plain', quickReplies: [choice] }
  const taking = { text: 'Yes', reply: { to: 1, value: 'yes' } }
  const isTaken = (body: object) => Object.entries(SOURCES).map(([, parse]) => parse(body).success)
  const { quickReplies, ...rest } = offering
  expect(isTaken(offering)).toEqual([false, true, false, false])
  expect(isTaken({ ...rest, quick_replies: quickReplies })).toEqual([false, false, true, true])
  expect(isTaken(taking)).toEqual([true, false, false, false])
  expect(botAnswer.parse({ messages: [{ ...rest, quick_replies: quickReplies }] }).messages).toEqual([
    offering,
  ])
})

it('[MK5] a text of the agents’ side is Markdown, and a visitor’s plain, unless it says so', () => {
  const told = { kind: 'text', text: '**hi**' } as Message<'text'>
  const by = (kind: Message['author']['kind'], change: object = {}) =>
    formatOf({ ...told, author: { kind }, ...change })
  expect([by('bot'), by('agent'), by('visitor')]).toEqual(['markdown', 'markdown', 'plain'])
  expect([by('bot', { format: 'plain' }), by('visitor', { format: 'markdown' })]).toEqual([
    'plain',
    'markdown',
  ])
})

describe('[MK6] of a card', () => {
  const card = (change: object) => ({ cards: [{ title: 'A tent', buttons: [], ...change }] })
  const link = (url: string) => card({ buttons: [{ label: 'Look', url }] })
  const picture = (url: string) => card({ image: { url, alt: 'A tent in the rain' } })
  const isAccepted = (body: object) => agentSendRequest.safeParse({ ...ids, body }).success

  it.each([
    'https://example.com/a?b=c#d',
    'http://localhost:8080',
    'HTTPS://EXAMPLE.COM',
    'https://例え.jp/ü',
    'mailto:help@example.com',
    'tel:+49-30-123',
  ])('%s is a link', (url) => {
    expect(isAccepted(link(url))).toBe(true)
  })

  it.each([
    'javascript:alert(1)',
    ' https://example.com',
    'java\nscript:alert(1)',
    'https:\t//example.com',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.com/1',
    '//example.com',
    '/path',
    'https:example.com',
    'https://',
    'https://user:secret@example.com',
    'https://shop.example.com@evil.example',
    'https:\\\\evil.example',
    'https://example.com/\u202Egnp.exe',
    'https://example.com/\0',
    'https://example.com/\ud800',
    `https://example.com/${'x'.repeat(2_000)}`,
  ])('%j is no link, and no picture', (url) => {
    expect(isAccepted(link(url))).toBe(false)
    expect(isAccepted(picture(url))).toBe(false)
  })

  it('a picture comes by https, with its text', () => {
    expect(isAccepted(picture('https://example.com/tent.jpg'))).toBe(true)
    for (const url of ['http://example.com/tent.jpg', 'tel:1', 'data:image/png;base64,AA'])
      expect(isAccepted(picture(url))).toBe(false)
    for (const image of [{ url: 'https://example.com/tent.jpg' }, { url: 'https://example.com/a', alt: ' ' }])
      expect(isAccepted(card({ image }))).toBe(false)
  })
})

it('[MK2] the text of an answered form names each field, with a colon where it does not ask', () => {
  const form = {
    fields: [
      { name: 'reason', label: 'What is wrong?', type: 'select' as const, options: [choice] },
      { name: 'note', label: 'Note', type: 'text' as const },
    ],
    submit: 'Send',
  }
  const values = { reason: 'yes', note: 'torn' }
  expect(KINDS['form-answer'].fallback({ to: 1, values, form } as never)).toBe(
    'What is wrong? Yes\nNote: torn',
  )
})
