import type { ConversationId, Message } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONSOLE_COOKIE } from '../agents/agent-accounts.ts'
import { SHOP, startFiles, type TestVisitor } from '../files/files.testing.ts'

let server: Awaited<ReturnType<typeof startFiles>>
let visitor: TestVisitor
beforeAll(async () => {
  server = await startFiles({ apps: [SHOP, { ...SHOP, id: 'other', openConversations: 'one' }] })
  visitor = await server.visitor()
  await visitor.device.send(visitor.conversationId, 'My tent is broken')
  await server.rest(`/conversations/${visitor.conversationId}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'Oh no!' }),
  })
})
afterAll(() => server.remove())

const pathOf = (id: ConversationId, query = '') => `/conversations/${id}/transcript${query}`
const asVisitor = (token: string, id: ConversationId, query = '', headers: Record<string, string> = {}) =>
  fetch(`${server.address}/v1/apps/shop${pathOf(id, query)}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
const close = (id: ConversationId) => server.rest(`/conversations/${id}/close`, { method: 'POST' })

describe('[CV6] a transcript', () => {
  it.each([
    ['text', 'text/plain; charset=utf-8', 'txt'],
    ['html', 'text/html; charset=utf-8', 'html'],
    ['json', 'application/json; charset=utf-8', 'json'],
  ])('is a download as %s, for its visitor and for a key', async (format, type, ending) => {
    const answers = [
      await asVisitor(visitor.token, visitor.conversationId, `?format=${format}`),
      await server.rest(pathOf(visitor.conversationId, `?format=${format}`)),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': type,
        'content-disposition': expect.stringMatching(
          `^attachment; filename="transcript-\\d{4}-\\d\\d-\\d\\d\\.${ending}"$`,
        ),
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      const body = await answer.text()
      expect(body).toContain('My tent is broken')
      expect(body).toContain('Oh no!')
    }
  })

  it('[CV10] is a page that opens for an agent and a reader, from the server’s own pages alone', async () => {
    const url = `${server.address}/v1/apps/shop${pathOf(visitor.conversationId)}`
    for (const role of ['agent', 'reader'] as const) {
      const account = { name: 'Grace', email: `${role}@example.com`, password: 'correct horse', role }
      await server.server.agents.add(account)
      const signedIn = await server.server.agents.signIn(account.email, account.password)
      const cookie = `${CONSOLE_COOKIE}=${signedIn?.token ?? ''}`
      const read = (format: string, site = 'same-origin') =>
        fetch(`${url}?format=${format}`, { headers: { cookie, 'sec-fetch-site': site } })
      const opened = await read('html')
      expect(opened.headers.get('content-disposition')).toMatch(/^inline; filename="transcript-.*\.html"$/)
      expect(opened.headers.get('content-security-policy')).toMatch(/sandbox$/)
      expect(await opened.text()).toContain('My tent is broken')
      for (const format of ['text', 'json'])
        expect((await read(format)).headers.get('content-disposition')).toMatch(/^attachment; /)
      expect((await read('html', 'cross-site')).status).toBe(401)
    }
  })

  it('is nobody else’s, and looks to them as if it were not there', async () => {
    const other = await server.visitor()
    const absent = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a001' as ConversationId
    const answers = [
      await asVisitor(other.token, visitor.conversationId),
      await asVisitor(visitor.token, absent),
      await fetch(`${server.address}/v1/apps/other${pathOf(visitor.conversationId)}`, {
        headers: { authorization: 'Token an-api-key' },
      }),
    ]
    expect(
      await Promise.all(answers.map(async (answer) => [answer.status, (await answer.json()).error.code])),
    ).toEqual(answers.map(() => [404, 'not-found']))
    expect((await fetch(`${server.address}/v1/apps/shop${pathOf(visitor.conversationId)}`)).status).toBe(401)
    expect((await asVisitor('a-made-up-session-secret', visitor.conversationId)).status).toBe(401)
  })

  it('is read by the app’s pages, and by no others', async () => {
    const { token, conversationId } = visitor
    const own = await asVisitor(token, conversationId, '', { origin: 'https://shop.example.com' })
    expect(own.headers.get('access-control-allow-origin')).toBe('https://shop.example.com')
    const foreign = await asVisitor(token, conversationId, '', { origin: 'https://evil.example' })
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null])
  })

  it.each([
    ['?format=pdf', 'format'],
    ['?locale=not a tag', 'locale'],
    ['?time_zone=Nowhere', 'time_zone'],
    ['?more=1', 'more'],
  ])('%s is refused by name', async (query, key) => {
    const answer = await server.rest(pathOf(visitor.conversationId, query))
    expect([answer.status, (await answer.json()).error.message]).toEqual([400, expect.stringContaining(key)])
  })
})

describe('[CV4] a rating', () => {
  const rate = (by: TestVisitor, conversationId: ConversationId, rating: number, text?: string) =>
    by.device.request<Message>('conversation:rate', {
      conversationId,
      rating,
      ...(text !== undefined && { text }),
    })

  it('is asked of a closed conversation’s owner, once, and is told to devices and REST', async () => {
    const by = await server.visitor()
    const { conversationId } = by
    expect(await rate(by, conversationId, 5)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    await by.device.send(conversationId, 'Hello')
    expect(await rate(by, conversationId, 5)).toMatchObject({ ok: false, error: { code: 'bad-request' } })
    await close(conversationId)
    const other = await server.visitor()
    expect(await rate(other, conversationId, 1)).toMatchObject({ ok: false, error: { code: 'not-found' } })
    const rated = await rate(by, conversationId, 4, ' Kind ')
    expect(rated).toMatchObject({
      ok: true,
      value: {
        author: { kind: 'system' },
        text: 'Rated 4 of 5: Kind',
        event: { type: 'rated', rating: 4, text: 'Kind' },
      },
    })
    // The answer was lost.
    expect(await rate(by, conversationId, 4, 'Kind')).toEqual(rated)
    expect(await rate(by, conversationId, 1)).toMatchObject({
      ok: false,
      error: { code: 'already-answered' },
    })
    await by.device.message(({ kind, text }) => kind === 'event' && text.startsWith('Rated'))
    const { conversations } = await (await server.rest('/conversations')).json()
    const summary = conversations.find(({ id }: { id: string }) => id === conversationId)
    expect([summary.status, summary.rated]).toEqual(['closed', { rating: 4, text: 'Kind' }])
  })

  it.each([
    ['0', { rating: 0 }],
    ['6', { rating: 6 }],
    ['a half', { rating: 1.5 }],
    ['none', {}],
    ['too many words', { rating: 1, text: 'x'.repeat(1_001) }],
    ['something beside it', { rating: 1, author: 'x' }],
  ])('of %s is refused', async (_title, request) => {
    const { conversationId, device } = visitor
    const error = await device.refusal('conversation:rate', { conversationId, ...request })
    expect(error.code).toBe('bad-request')
  })
})

it('[CV5] where one conversation may be open, no other one is begun beside it', async () => {
  const { openVisitor } = await import('../realtime/test-device.testing.ts')
  const { device, ready } = await openVisitor(server.address, { app: 'other' })
  const conversationId = ready.conversation?.id as ConversationId
  expect(ready.app.openConversations).toBe('one')
  await device.ask('conversation:start', {})
  const started = await device.ask<{ id: ConversationId }>('conversation:start', {})
  await device.send(started.id, 'Hello')
  expect((await device.refusal('conversation:start', {})).code).toBe('forbidden')
  const url = `${server.address}/v1/apps/other/conversations/${started.id}/close`
  await fetch(url, { method: 'POST', headers: { authorization: 'Token an-api-key' } })
  const second = await device.ask<{ id: ConversationId }>('conversation:start', {})
  await device.send(second.id, 'Hello again')
  const clientId = '5f0c8a34-53a6-4b53-8f5f-0c2b4de2a0aa'
  const reopening = { conversationId: started.id, clientId, text: 'And again' }
  expect((await device.refusal('message:send', reopening)).code).toBe('forbidden')
  expect(started.id).not.toBe(conversationId)
})
