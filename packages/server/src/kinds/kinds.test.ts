import type { MessageContent } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { eventContent } from './event.ts'
import { contentOfBody, contentOfRow, detailsOf } from './index.ts'

const login = (button: string): MessageContent => ({
  kind: 'login',
  text: 'Who are you?',
  login: { reason: 'action', button },
})
const event: MessageContent = {
  kind: 'event',
  text: 'A person will answer you.',
  event: { type: 'handed-to-agents', cause: 'bot-asked' },
}

describe('what is stored', () => {
  it.each([
    ['text', { kind: 'text', text: 'hi' }, null],
    ['login', login('Go'), '{"button":"Go","reason":"action"}'],
    ['event', event, '{"cause":"bot-asked","type":"handed-to-agents"}'],
  ] as const)('[MK3] of %s is what it was, and is told again', (kind, content, details) => {
    expect(detailsOf(content)).toBe(details)
    expect(contentOfRow({ kind, text: content.text, details })).toEqual(content)
  })
})

describe('a posted body', () => {
  it('[MK2] has the text of its kind', () => {
    expect(contentOfBody({ text: 'hi' })).toEqual({ kind: 'text', text: 'hi' })
    expect(contentOfBody({ login: { text: 'Who are you?', button: 'Go' } }, 'action')).toEqual(login('Go'))
  })

  it('[MK2] of an event says in English what happened', () => {
    expect(eventContent({ type: 'signed-in', userIdentifier: 'ann' }).text).toBe('Signed in as ann.')
  })
})
