import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ACTION_WAIT_MS, ChatError, FATAL_CONNECT_CODES, LIMITS, PROTOCOL_VERSION, RELEASE } from './index.ts'
import {
  agentSendRequest,
  botAnswer,
  fetchMessagesRequest,
  restPostMessage,
  runActionRequest,
  sendMessageRequest,
  visitorHandshake,
} from './schemas/index.ts'

const conversationId = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001'
const clientId = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a002'

describe('requests', () => {
  it('accept a message of the longest text, and refuse one character more', () => {
    const request = (length: number) => ({ conversationId, clientId, text: 'x'.repeat(length) })
    expect(sendMessageRequest.safeParse(request(LIMITS.textLength)).success).toBe(true)
    expect(sendMessageRequest.safeParse(request(LIMITS.textLength + 1)).success).toBe(false)
  })

  it('keep text as written, and refuse text that says nothing', () => {
    expect(sendMessageRequest.parse({ conversationId, clientId, text: ' hi\n' })).toMatchObject({
      text: ' hi\n',
    })
    expect(sendMessageRequest.safeParse({ conversationId, clientId, text: ' \n\t' }).success).toBe(false)
  })

  it('name the unknown key', () => {
    const result = visitorHandshake.safeParse({
      protocolVersion: PROTOCOL_VERSION,
      app: 'shop',
      intent: 'anonymous',
      admin: true,
    })
    expect(result.error?.issues[0]).toMatchObject({ code: 'unrecognized_keys', keys: ['admin'] })
  })

  it('page in one direction at a time', () => {
    const page = { conversationId, limit: 10 }
    expect(fetchMessagesRequest.safeParse({ ...page, after: 3 }).success).toBe(true)
    expect(fetchMessagesRequest.safeParse({ ...page, before: 3 }).success).toBe(true)
    expect(fetchMessagesRequest.safeParse({ ...page, after: 3, before: 9 }).success).toBe(false)
  })

  it('post either text or a login card, not both', () => {
    const login = { text: 'Please sign in', button: 'Sign in' }
    for (const body of [{ text: 'hi' }, { login }])
      expect(agentSendRequest.safeParse({ conversationId, clientId, body }).success).toBe(true)
    expect(restPostMessage.safeParse({ text: 'hi', client_id: clientId }).success).toBe(true)
    expect(restPostMessage.safeParse({ text: 'hi', login }).success).toBe(false)
    expect(restPostMessage.safeParse({ text: 'hi', client_id: 'mine' }).success).toBe(false)
  })
})

describe('[ID16] an agent’s request for an action', () => {
  const request = { conversationId, runId: clientId, name: 'orders', params: { limit: 3, all: true, q: 'x' } }

  it('names an action and brings plain parameters', () => {
    expect(runActionRequest.parse(request)).toEqual(request)
  })

  it.each([
    ['a target', { url: 'https://evil.example.org' }],
    ['a nested parameter', { params: { a: { b: 1 } } }],
    ['a parameter without end', { params: { a: 'x'.repeat(2_001) } }],
    ['no name', { name: '' }],
  ])('is refused with %s', (_what, change) => {
    expect(runActionRequest.safeParse({ ...request, ...change }).success).toBe(false)
  })
})

describe('a bot’s answer', () => {
  it('may be empty, and has its defaults filled in', () => {
    expect(botAnswer.parse({})).toEqual({ messages: [], handOver: false })
    expect(botAnswer.parse({ messages: [{ action: { name: 'orders' } }, { login: {} }] }).messages).toEqual([
      { action: { name: 'orders', params: {} } },
      { login: { text: 'Please sign in to continue.', button: 'Sign in' } },
    ])
  })

  it('is refused with anything else in it', () => {
    expect(botAnswer.safeParse({ messages: [{ html: '<b>hi</b>' }] }).success).toBe(false)
    expect(
      botAnswer.safeParse({ messages: [{ action: { name: 'orders', url: 'http://evil' } }] }).success,
    ).toBe(false)
  })
})

describe('errors', () => {
  it('carry code, cause and when to try again', () => {
    const cause = new Error('disk full')
    const error = new ChatError('unavailable', 'cannot store right now', { cause, retryAfterMs: 500 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ code: 'unavailable', cause, retryAfterMs: 500 })
  })

  it('stop reconnecting only where another try cannot help', () => {
    expect(FATAL_CONNECT_CODES.has('protocol-version')).toBe(true)
    expect(FATAL_CONNECT_CODES.has('unavailable')).toBe(false)
    expect(FATAL_CONNECT_CODES.has('rate-limited')).toBe(false)
  })
})

it('[OP10] the release is that of the package, and what a client names is bounded', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(RELEASE).toBe(version)
  const names = (release: unknown) =>
    visitorHandshake.safeParse({
      protocolVersion: PROTOCOL_VERSION,
      release,
      app: 'shop',
      intent: 'identify',
    }).success
  for (const good of [undefined, RELEASE, '12.0.1-rc.1+build'])
    expect([good, names(good)]).toEqual([good, true])
  for (const bad of ['', 'latest', '1.2', '1.2.3"', '1.2.3 ', `1.2.3-${'x'.repeat(LIMITS.releaseLength)}`, 7])
    expect([bad, names(bad)]).toEqual([bad, false])
})

it('the SPEC tells the protocol’s version and limits as the code has them', () => {
  const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8')
  expect(spec).toContain(`Protocol version: **${PROTOCOL_VERSION}**`)
  expect(spec).toContain(`${LIMITS.payloadBytes / 1024} KiB`)
  expect(spec).toContain(`${LIMITS.contextBytes / 1024} KiB`)
  expect(spec).toContain(`every ${LIMITS.headIntervalMs / 1000} s`)
  expect(spec).toContain(`${LIMITS.contextGraceMs / 1000} s of grace`)
  expect(spec).toContain(`within ${ACTION_WAIT_MS / 1000} s`)
})
