import { request } from 'node:http'
import { type Conversation, LIMITS, type Message, PROTOCOL_VERSION } from '@chat-widget/protocol'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hashToken } from '../identity/session-token.ts'
import { startRealtime, type TestRealtime } from './realtime.testing.ts'
import { openAgent, openVisitor, Refused } from './test-device.testing.ts'
import { DEFAULT_TUNING } from './tuning.ts'

let server: TestRealtime
beforeAll(async () => {
  server = await startRealtime()
})
afterAll(() => server.stop())

async function refusal(opening: Promise<unknown>): Promise<Refused> {
  const error = await opening.then(
    () => new Error('was let in'),
    (cause: unknown) => cause,
  )
  if (error instanceof Refused) return error
  throw error
}

describe('a visitor connects', () => {
  it('shows a conversation the visitor began anew after a dropped connection, too', async () => {
    const { device, ready } = await server.visitor()
    await device.send(ready.conversation!.id, 'the old one')
    const started = await device.ask<Conversation>('conversation:start', {})
    const again = await server.visitor({ session: ready.session?.token ?? '' })
    expect(again.ready.conversation).toMatchObject({ id: started.id, headSeq: 0 })
    expect((await again.device.send(started.id, 'the new one')).seq).toBe(1)
  })

  it('[ID1] gets a session that survives a reload, of which the server keeps the hash alone', async () => {
    const first = await server.visitor()
    const token = first.ready.session?.token ?? ''
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(first.ready.identity.status).toBe('anonymous')
    const sent = await first.device.send(first.ready.conversation!.id, 'hello')
    first.device.close()

    const again = await server.visitor({ session: token })
    expect(again.ready.session).toBeUndefined()
    expect(again.ready.identity).toEqual(first.ready.identity)
    expect(again.ready.conversation).toMatchObject({ id: first.ready.conversation!.id, headSeq: sent.seq })

    expect(await server.storage.sessions.findBySecretHash('shop' as never, token)).toBeNull()
    expect(await server.storage.sessions.findBySecretHash('shop' as never, hashToken(token))).not.toBeNull()
  })

  describe('with a session, and shows no message yet', () => {
    const NEWEST = 2
    /** Replaces the next read of the newest messages, and no read of a job or for an agent's list. */
    const atReadOfNewest = (
      replace: (read: () => Promise<readonly Message[]>) => Promise<readonly Message[]>,
    ) => {
      const { messages } = server.storage
      const list = messages.list.bind(messages)
      const spy = vi.spyOn(messages, 'list').mockImplementation(async (query) => {
        if (query.limit !== NEWEST) return list(query)
        spy.mockRestore()
        return replace(() => list(query))
      })
    }
    const begin = async () => {
      const { device, ready } = await server.visitor()
      const { id } = ready.conversation!
      for (const text of ['one', 'two', 'three']) await device.send(id, text)
      const connect = (newest: unknown, more: object = {}) =>
        openVisitor(server.url, { session: ready.session?.token, ...more }, { query: { newest } })
      const again = async (newest: unknown = NEWEST, more?: object) => {
        const { device, ready: told } = await connect(newest, more)
        device.close()
        return {
          headSeq: told.conversation?.headSeq,
          seqs: told.conversation?.messages?.map(({ seq }) => seq),
        }
      }
      return { device, id, connect, again }
    }

    it('[DL18] gets as many of the newest as it asks for', async () => {
      const { again } = await begin()
      expect(await again()).toEqual({ headSeq: 3, seqs: [2, 3] })
      for (const none of ['0', '-1', '1.5', 'all', String(LIMITS.fetchMessages + 1)])
        expect([none, await again(none)]).toEqual([none, { headSeq: 3, seqs: undefined }])
      expect(await again(2, { intent: 'identify' })).toEqual({ headSeq: 3, seqs: undefined })
    })

    it('[DL18] gets none where a later one came while the newest were read', async () => {
      const { device, id, again } = await begin()
      atReadOfNewest(async (read) => {
        const page = await read()
        await device.send(id, 'four')
        return page
      })
      expect(await again()).toEqual({ headSeq: 3, seqs: undefined })
      atReadOfNewest(async (read) => {
        for (const text of ['five', 'six']) await device.send(id, text)
        return read()
      })
      expect(await again()).toEqual({ headSeq: 4, seqs: undefined })
    })

    it('[DL18] gets none where it was told a later one before it was known which conversation it shows', async () => {
      const { device, id, again } = await begin()
      const { conversations } = server.storage
      const read = conversations.current.bind(conversations)
      vi.spyOn(conversations, 'current').mockImplementationOnce(async (session) => {
        const record = await read(session)
        await device.send(id, 'four')
        return record
      })
      expect(await again()).toEqual({ headSeq: 3, seqs: undefined })
    })

    it('[DL16] [DL18] hears of what was read while the newest were read, once it knows its conversation', async () => {
      const { id, connect } = await begin()
      const { device: agent } = await server.agent()
      atReadOfNewest(async (read) => {
        const page = await read()
        await agent.ask('conversation:read', { conversationId: id, seq: 3 })
        return page
      })
      const { device: late, ready } = await connect(NEWEST)
      expect(ready.conversation).toMatchObject({ id, agentReadSeq: 0 })
      expect(await late.heard('conversation')).toMatchObject({ id, headSeq: 3, agentReadSeq: 3 })
      late.close()
    })

    it('[DL18] gets none where they cannot be read, and is let in', async () => {
      const { again } = await begin()
      atReadOfNewest(async () => {
        throw new Error('away')
      })
      expect(await again()).toEqual({ headSeq: 3, seqs: undefined })
    })
  })

  it('[ID14] gets no session and no conversation when it came to identify', async () => {
    const { device, ready } = await server.visitor({ intent: 'identify' })
    expect(ready.identity).toEqual({ status: 'unidentified' })
    expect(ready).toMatchObject({ conversation: null })
    expect(ready.session).toBeUndefined()
    expect((await device.refusal('conversation:start', {})).code).toBe('unauthenticated')
  })

  it('[ID14] is told that its session is unknown, and is not made anonymous instead', async () => {
    const error = await refusal(openVisitor(server.url, { session: 'x'.repeat(43) }))
    expect(error.data?.code).toBe('session-invalid')
  })

  it("finds no session by another app's secret", async () => {
    const { ready } = await server.visitor()
    const error = await refusal(openVisitor(server.url, { app: 'other', session: ready.session?.token }))
    expect(error.data?.code).toBe('session-invalid')
  })

  it('names both versions when its own differs, whatever else it sends', async () => {
    const error = await refusal(openVisitor(server.url, { protocolVersion: 99, somethingNew: true }))
    expect(error.data).toEqual({
      code: 'protocol-version',
      message: `The client speaks protocol version 99, this server version ${PROTOCOL_VERSION}.`,
    })
  })

  it.each([
    [{ app: 'nowhere' }, 'unknown-app', ''],
    [{ admin: true }, 'bad-request', '"admin"'],
    [{ intent: 'hack' }, 'bad-request', '"intent"'],
    [{ session: 7 }, 'bad-request', '"session"'],
  ])('is refused with %j: %s', async (auth, code, key) => {
    const error = await refusal(openVisitor(server.url, auth))
    expect(error.data?.code).toBe(code)
    expect(error.data?.message).toContain(key)
  })
})

describe('origins', () => {
  const from = (origin: string, transport: 'websocket' | 'polling', auth = {}) =>
    openVisitor(server.url, auth, { transports: [transport], extraHeaders: { origin } })

  it.each(['websocket', 'polling'] as const)('on the list may connect by %s', async (transport) => {
    for (const origin of ['https://shop.example.com', 'http://localhost:5173']) {
      const { device } = await from(origin, transport)
      device.close()
    }
  })

  it('of another app are refused on websocket and polling alike', async () => {
    for (const transport of ['websocket', 'polling'] as const) {
      const error = await refusal(from('https://other.example.com', transport))
      expect(error.data?.code).toBe('origin-refused')
    }
  })

  it('of nobody are refused: told by websocket, and by polling not even let in', async () => {
    const websocket = await refusal(from('https://evil.example.org', 'websocket'))
    expect(websocket.data?.code).toBe('origin-refused')
    const polling = await refusal(from('https://evil.example.org', 'polling'))
    expect(polling.data).toBeUndefined()
    expect(polling.message).toBe('xhr poll error')
  })

  it('are reflected for polling only where an app lists them', async () => {
    const allowed = (origin: string) =>
      new Promise<string | undefined>((resolve, reject) => {
        const call = request(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
        call.once('error', reject)
        call.once('response', (response) => {
          response.resume()
          resolve(response.headers['access-control-allow-origin'])
        })
        call.end()
      })
    expect(await allowed('https://other.example.com')).toBe('https://other.example.com')
    expect(await allowed('https://evil.example.org')).toBeUndefined()
  })
})

describe('an agent connects', () => {
  it("with the console's cookie, from the server's own pages", async () => {
    const { ready, cookie } = await server.agent()
    expect(ready.agent.name).toBe('Grace')
    const same = await openAgent(server.url, cookie, { origin: server.url })
    same.device.close()
    const foreign = await refusal(openAgent(server.url, cookie, { origin: 'https://shop.example.com' }))
    expect(foreign.data?.code).toBe('origin-refused')
  })

  it('not without it, and not with a wrong one', async () => {
    expect((await refusal(openAgent(server.url, undefined))).data?.code).toBe('unauthenticated')
    expect((await refusal(openAgent(server.url, 'chat_console=nonsense'))).data?.code).toBe('unauthenticated')
  })
})

describe('bad input', () => {
  it('names an unknown key, a wrong one and a missing one', async () => {
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    const unknown = await device.refusal('conversation:read', { conversationId, seq: 1, admin: true })
    expect(unknown).toMatchObject({ code: 'bad-request', message: expect.stringContaining('"admin"') })
    const wrong = await device.refusal('conversation:read', { conversationId, seq: -1 })
    expect(wrong).toMatchObject({ code: 'bad-request', message: expect.stringContaining('"seq"') })
    const missing = await device.refusal('message:send', { conversationId, text: 'hi' })
    expect(missing).toMatchObject({ code: 'bad-request', message: expect.stringContaining('"clientId"') })
  })

  it('does no harm without payload or answer, and with anything for a payload', async () => {
    const { device, ready } = await server.visitor()
    device.socket.emit('message:send')
    device.socket.emit('message:send', { conversationId: 1 })
    device.socket.emit('typing', null)
    device.socket.emit('no-such-event', {})
    for (const payload of [null, 'text', 7, [], [[]], Buffer.from('x')]) {
      expect((await device.refusal('message:send', payload)).code).toBe('bad-request')
    }
    expect((await device.send(ready.conversation!.id, 'still here')).seq).toBe(1)
  })

  it('of more than 64 KiB cuts the connection that sent it, and no other', async () => {
    const { device, ready } = await server.visitor()
    const other = await server.visitor()
    device.socket.emit('message:send', {
      conversationId: ready.conversation!.id,
      text: 'x'.repeat(LIMITS.payloadBytes + 2_048),
    })
    await device.gone()
    expect((await other.device.send(other.ready.conversation!.id, 'fine')).seq).toBe(1)
  })

  it('of almost 64 KiB is read, and refused for what it is', async () => {
    const { device, ready } = await server.visitor()
    const error = await device.refusal('message:send', {
      conversationId: ready.conversation!.id,
      clientId: crypto.randomUUID(),
      text: 'x'.repeat(LIMITS.payloadBytes - 512),
    })
    expect(error).toMatchObject({ code: 'bad-request', message: expect.stringContaining('"text"') })
  })

  it('in a flood is limited, and the device told when to come back', async () => {
    // No time passes, so no allowance returns.
    const at = Date.now()
    const flooded = await startRealtime({ now: () => at })
    const { device, ready } = await flooded.visitor()
    const read = () => device.request('conversation:read', { conversationId: ready.conversation!.id, seq: 0 })
    const more = DEFAULT_TUNING.answeredOverLimit
    const results = await Promise.all(Array.from({ length: DEFAULT_TUNING.visitorRate.burst + more }, read))
    const limited = results.filter((result) => !result.ok && result.error.code === 'rate-limited')
    expect(limited).toHaveLength(more)
    expect(limited[0]).toMatchObject({ error: { retryAfterMs: expect.any(Number) } })
    await flooded.stop()
  })
})
