/** The REST interface of the running server: list, read, post, close, by an app's API key. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connectVisitor, type RawVisitor } from './support/raw-device.ts'
import { type RestResponse, rest } from './support/rest.ts'
import { type ServerHere, startServerHere } from './support/server-here.ts'
import { shopConfig } from './support/shop.ts'
import { until } from './support/wait.ts'

let server: ServerHere
beforeAll(async () => {
  server = await startServerHere(shopConfig())
})
afterAll(() => server?.close())

async function conversation(first: string): Promise<{ visitor: RawVisitor; id: string }> {
  const visitor = await connectVisitor(server.url)
  onTestFinished(() => visitor.close())
  await visitor.send(crypto.randomUUID(), first)
  return { visitor, id: visitor.ready.conversation!.id }
}

describe('reading', () => {
  it('[RS1] lists conversations, newest first, page by page, each once though one is written to meanwhile', async () => {
    const begun = [await conversation('one'), await conversation('two'), await conversation('three')]
    const ids = begun.map(({ id }) => id).reverse()
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { status, body }: RestResponse = await rest(
        server.url,
        'GET',
        `?limit=2&status=open${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      expect(status).toBe(200)
      seen.push(...body.conversations.map(({ id }) => id))
      // The oldest, which is on a later page, becomes the newest.
      if (cursor === '') await begun[0]?.visitor.send(crypto.randomUUID(), 'again')
      cursor = body.cursor
    }
    expect(seen.slice(0, 3)).toEqual(ids)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('gives the messages beyond a seq', async () => {
    const { visitor, id } = await conversation('one')
    for (const text of ['two', 'three']) await visitor.send(crypto.randomUUID(), text)
    const all = await rest(server.url, 'GET', `/${id}/messages`)
    const later = await rest(server.url, 'GET', `/${id}/messages?after=1`)
    expect(all.body.messages.map(({ text }: { text: string }) => text)).toEqual(['one', 'two', 'three'])
    expect(all.body.headSeq).toBe(3)
    expect(later.body.messages.map(({ seq }: { seq: number }) => seq)).toEqual([2, 3])
  })
})

describe('beginning', () => {
  it('[RS4] takes a user alone, and the messages that follow', async () => {
    const begun = await rest(server.url, 'POST', '', { userIdentifier: 'ann' })
    expect(begun).toMatchObject({
      status: 201,
      body: { conversation: { status: 'open', visitor: { verified: true, userIdentifier: 'ann' } } },
    })
    const { id } = begun.body.conversation
    const posted = await rest(server.url, 'POST', `/${id}/messages`, { text: 'Your parcel is late.' })
    expect(posted).toMatchObject({ status: 201, body: { message: { seq: 2 } } })
    const { body } = await rest(server.url, 'GET', '?limit=1')
    expect(body.conversations).toMatchObject([{ id, headSeq: 2 }])
    const typo = await rest(server.url, 'POST', '', { userIdentifier: 'ann', txt: 'Hello' })
    expect(typo).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('txt') } } })
  })
})

describe('posting', () => {
  it('reaches the visitor at once, as text and as a login card', async () => {
    const { visitor, id } = await conversation('hello')
    await rest(server.url, 'POST', `/${id}/messages`, { text: 'Good morning' })
    await rest(server.url, 'POST', `/${id}/messages`, { login: { text: 'Who are you?', button: 'Sign in' } })
    await until('the visitor has both', () => visitor.received.filter(({ seq }) => seq > 1).length === 2)
    expect(visitor.received.filter(({ seq }) => seq > 1)).toMatchObject([
      { seq: 2, kind: 'text', text: 'Good morning' },
      { seq: 3, kind: 'login', text: 'Who are you?', login: { button: 'Sign in' } },
    ])
  })

  it('[DL2] answers a repeated client_id with the message stored first', async () => {
    const { id } = await conversation('hello')
    const body = { text: 'once', client_id: crypto.randomUUID() }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => rest(server.url, 'POST', `/${id}/messages`, body)),
    )
    expect(new Set(answers.map(({ body }) => body.message.id)).size).toBe(1)
    const changed = await rest(server.url, 'POST', `/${id}/messages`, { ...body, text: 'twice' })
    expect(changed).toMatchObject({ status: 409, body: { error: { code: 'client-id-reused' } } })
    const { body: after } = await rest(server.url, 'GET', `/${id}/messages?after=1`)
    expect(after.messages.map(({ text }: { text: string }) => text)).toEqual(['once'])
  })

  it.each([
    ['an unknown key', { text: 'hello', colour: 'red' }, 'colour'],
    ['an empty text', { text: ' ' }, 'text'],
    ['a client_id that is no UUID', { text: 'hello', client_id: '1' }, 'client_id'],
    ['neither text nor card', {}, 'text'],
  ])('refuses %s and names it', async (_what, body, key) => {
    const { id } = await conversation('hello')
    const answer = await rest(server.url, 'POST', `/${id}/messages`, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({ code: 'bad-request', message: expect.stringContaining(key) })
  })

  it('[MK9] knows no message beyond the last, to edit or to delete', async () => {
    const { id } = await conversation('hello')
    for (const answer of [
      await rest(server.url, 'PATCH', `/${id}/messages/999999`, { text: 'x' }),
      await rest(server.url, 'DELETE', `/${id}/messages/999999`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
  })

  it('refuses more than 64 KiB', async () => {
    const { id } = await conversation('hello')
    const answer = await rest(server.url, 'POST', `/${id}/messages`, { text: 'x'.repeat(65 * 1024) })
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'too-large' } } })
  })
})

describe('closing', () => {
  it('moves the conversation to the closed ones; the next message of the visitor opens it again', async () => {
    const { visitor, id } = await conversation('hello')
    const statusOf = async () => {
      for (const status of ['open', 'closed']) {
        const { body } = await rest(server.url, 'GET', `?status=${status}`)
        if (body.conversations.some((listed: { id: string }) => listed.id === id)) return status
      }
      return 'neither'
    }
    expect((await rest(server.url, 'POST', `/${id}/close`)).status).toBe(200)
    expect((await rest(server.url, 'POST', `/${id}/close`)).status).toBe(200)
    expect(await statusOf()).toBe('closed')
    await visitor.send(crypto.randomUUID(), 'one more thing')
    expect(await statusOf()).toBe('open')
  })
})

describe('without the right key', () => {
  it.each([
    ['none', null],
    ['another', 'key_wrong'],
  ])('with %s, answers 401 and tells nothing', async (_what, key) => {
    const { id } = await conversation('secret words')
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', `/${id}/messages`, undefined],
      ['POST', `/${id}/messages`, { text: 'hello' }],
      ['POST', `/${id}/close`, undefined],
    ] as const) {
      const answer = await rest(server.url, method, path, body, { key })
      expect(answer.status).toBe(401)
      expect(JSON.stringify(answer.body)).not.toContain('secret words')
    }
  })

  it('answers a conversation that does not exist like one of somebody else', async () => {
    const answer = await rest(server.url, 'GET', `/${crypto.randomUUID()}/messages`)
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
  })
})
