import { describe, expect, it } from 'vitest'
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
const BODIES = {
  text: { text: 'hi' },
  login: { login: { text: 'Please sign in', button: 'Sign in' } },
  event: { event: { type: 'closed' } },
} as const satisfies Record<keyof typeof KINDS, object>

describe.each(Object.entries(BODIES))('%s', (kind, body) => {
  it('[MK1] comes in by its sources and no other, and with nothing beside it', () => {
    const { sources } = KINDS[kind as keyof typeof KINDS]
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
