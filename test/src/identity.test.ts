/** A visitor's identity across the built client, the running server, a bot and the company's API. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDevice, showsText, storedMessages, watchedUser } from './support/device.ts'
import { ORDERS, startOrderShop } from './support/order-shop.ts'
import { connectVisitor, unwrap } from './support/raw-device.ts'
import { startServerClock } from './support/server-clock.ts'
import { startServerHere } from './support/server-here.ts'
import { startServer } from './support/server-process.ts'
import { mintToken, shopConfig } from './support/shop.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'
import { until } from './support/wait.ts'

async function plainServer() {
  const server = await startServerHere(shopConfig())
  onTestFinished(() => server.close())
  return server
}

describe('an anonymous visitor', () => {
  it('[ID1] finds the conversation again with what the device kept, and a stranger does not', async () => {
    const server = await plainServer()
    const before = await openDevice(server.url)
    await before.client.send('hello')
    const { conversation } = before.client.getState()
    await before.client.close()

    const after = await openDevice(server.url, null, before.storage)
    await showsText(after, 'hello')
    expect(after.client.getState().conversation?.id).toBe(conversation?.id)

    const stranger = await connectVisitor(server.url)
    onTestFinished(() => stranger.close())
    const fetched = (id: string) =>
      stranger.socket.emitWithAck('messages:fetch', { conversationId: id, limit: 10 })
    const others = await fetched(conversation!.id)
    expect(others).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(others).toEqual(await fetched(crypto.randomUUID()))
  })

  it('[ID11] takes the conversation along at sign-in, and the old session is worth nothing', async () => {
    const server = await plainServer()
    const device = await openDevice(server.url)
    await device.client.send('hello')
    const id = device.client.getState().conversation!.id
    const receipts: unknown[] = []
    device.client.on('identity-change', ({ receipt }) => {
      if (receipt !== undefined) receipts.push(receipt)
    })
    const { user, calls } = watchedUser('ada')
    await device.client.setUser(user)

    expect(device.client.getState()).toMatchObject({
      identity: { status: 'identified', userIdentifier: 'ada' },
      conversation: { id },
    })
    expect(receipts).toEqual([
      {
        from: { status: 'anonymous', visitorId: expect.any(String) },
        to: { status: 'identified', userIdentifier: 'ada' },
        mergedConversations: [id],
      },
    ])
    expect(calls, '[ID3] the provider is called once').toEqual([false])

    const elsewhere = await openDevice(server.url, watchedUser('ada').user)
    await showsText(elsewhere, 'hello')

    const raw = await connectVisitor(server.url)
    onTestFinished(() => raw.close())
    const old = raw.ready.session!.token
    const context = { Auth: { Token: await mintToken('bob') } }
    unwrap(
      await raw.socket.emitWithAck('identity:authenticate', {
        userIdentifier: 'bob',
        context,
        mergePolicy: 'merge',
      }),
    )
    await expect(connectVisitor(server.url, { session: old })).rejects.toMatchObject({
      error: { code: 'session-invalid' },
    })
  })
})

describe('an identified user', () => {
  it('[ID8] is not asked again when only the connection breaks', async () => {
    const server = await plainServer()
    const network = await startTcpProxy(() => server.url)
    onTestFinished(() => network.close())
    const { user, calls } = watchedUser('ada')
    const device = await openDevice(network.url, user)
    for (const text of ['one', 'two', 'three']) {
      network.cut()
      await device.client.send(text)
    }
    expect(calls).toEqual([false])
    expect(device.client.getState().identity.status).toBe('identified')
    expect(storedMessages(device).map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })

  it('[ID8] is not asked again when the server restarts', async () => {
    const server = await startServer({ config: shopConfig() })
    onTestFinished(() => server.close())
    const { user, calls } = watchedUser('ada')
    const device = await openDevice(server.url, user)
    await device.client.send('before')
    await server.kill()
    await server.start()
    await device.client.send('after')
    expect(calls.filter((needsRefresh) => needsRefresh)).toEqual([])
    expect(storedMessages(device).map(({ text }) => text)).toEqual(['before', 'after'])
  })

  it("[ID9] [ID14] is nobody with somebody else's token, and not anonymous either", async () => {
    const server = await plainServer()
    const mallory = await openDevice(server.url)
    const { user } = watchedUser('ada', { subject: 'mallory' })
    await mallory.client.setUser(user).catch(() => undefined)
    expect(mallory.client.getState().identity).toMatchObject({
      status: 'reauthentication-required',
      code: 'context-mismatch',
    })
  })

  it('[ID10] hears nothing and can send nothing after the end of the context, until it is renewed on the same socket', async () => {
    const clock = startServerClock()
    onTestFinished(() => clock.close())
    const server = await startServer({ config: shopConfig(), env: clock.env })
    onTestFinished(() => server.close())
    const raw = await connectVisitor(server.url, { intent: 'identify' })
    onTestFinished(() => raw.close())
    const authenticate = async (lifetimeSeconds: number) =>
      unwrap(
        await raw.socket.emitWithAck('identity:authenticate', {
          userIdentifier: 'ada',
          context: { Auth: { Token: await mintToken('ada', lifetimeSeconds, { at: clock.now() }) } },
          mergePolicy: 'merge',
        }),
      )
    const { identity, conversation } = await authenticate(60)
    const send = (text: string) =>
      raw.socket.emitWithAck('message:send', {
        conversationId: conversation.id,
        clientId: crypto.randomUUID() as never,
        text,
      })
    unwrap(await send('in time'))
    // Moves the clock: on a machine that stalls, a message sent in time could be late.
    clock.move((identity.expiresAt ?? 0) + 5_200 - clock.now())
    expect(await send('too late')).toMatchObject({ ok: false, error: { code: 'context-expired' } })
    const other = await openDevice(server.url, watchedUser('ada').user)
    await other.client.send('not for an expired device')
    // Answered after any event that it should have received.
    expect(await send('still too late')).toMatchObject({ ok: false, error: { code: 'context-expired' } })
    expect(raw.received.map(({ text }) => text)).not.toContain('not for an expired device')

    const socketId = raw.socket.id
    await authenticate(3_600)
    unwrap(await send('renewed'))
    expect(raw.socket.id).toBe(socketId)
    const { messages } = unwrap(
      await raw.socket.emitWithAck('messages:fetch', { conversationId: conversation.id, limit: 10 }),
    )
    expect(messages.map(({ text }) => text)).toEqual(['in time', 'not for an expired device', 'renewed'])
  })
})

describe('[ID16] an action', () => {
  it('runs with the token from the context', async () => {
    const { api, server } = await startOrderShop()
    const { user, tokens, calls } = watchedUser('ada')
    const device = await openDevice(server.url, user)
    await device.client.send('orders?')
    await showsText(device, ORDERS)
    expect(api.tokens).toEqual(tokens)
    expect(calls).toEqual([false])
  })

  it('[ID4] refused by the API, makes the device refresh, and runs once more', async () => {
    const { api, bot, server } = await startOrderShop()
    const { user, tokens, calls } = watchedUser('ada')
    const device = await openDevice(server.url, user)
    const [first] = tokens
    api.refuse((token) => token === first)
    await device.client.send('orders?')
    await showsText(device, ORDERS)
    expect(calls).toEqual([false, true])
    expect(api.tokens).toEqual(tokens)
    expect(bot.requests.filter(({ request }) => request.type === 'action-result')).toHaveLength(1)
  })

  it('refused twice, leads to a login card; after it, the action runs once', async () => {
    const { api, bot, server } = await startOrderShop()
    const { user } = watchedUser('ada')
    const device = await openDevice(server.url, user)
    api.refuse(() => true)
    await device.client.send('orders?')
    await until('there is a login card', () => storedMessages(device).some(({ kind }) => kind === 'login'))
    expect(api.tokens).toHaveLength(2)

    api.refuse(() => false)
    const card = storedMessages(device).find(({ kind }) => kind === 'login')!
    const login = device.client.requestLogin({ reason: 'action', messageId: card.id })
    const again = watchedUser('ada')
    await device.client.setUser(again.user)
    await showsText(device, ORDERS)
    expect(device.client.getState().logins).toContainEqual({ ...login, state: { status: 'signed-in' } })
    expect(api.tokens).toHaveLength(3)
    expect(api.tokens.at(-1)).toBe(again.tokens.at(-1))
    expect(bot.requests.filter(({ request }) => request.type === 'action-result' && request.ok)).toHaveLength(
      1,
    )
  })

  it('[ID15] refused twice, waits for the visitor: a renewal ahead of expiry is no sign-in', async () => {
    const { api, bot, server } = await startOrderShop()
    const calls: boolean[] = []
    const device = await openDevice(server.url, {
      userIdentifier: 'ada',
      async requestContextProvider(needsRefresh) {
        calls.push(needsRefresh)
        // Renewed 5 s before its end. The first one lasts until the card is there.
        return { Auth: { Token: await mintToken('ada', calls.length === 2 ? 7 : 3_600) } }
      },
    })
    api.refuse(() => true)
    await device.client.send('orders?')
    await until('there is a login card', () => storedMessages(device).some(({ kind }) => kind === 'login'))
    const card = storedMessages(device).find(({ kind }) => kind === 'login')!
    const login = device.client.requestLogin({ reason: 'action', messageId: card.id })
    await until('the context was renewed', () => calls.length > 2)
    await until('and accepted', () => device.client.getState().identity.status === 'identified')
    expect(device.client.getState().logins).toContainEqual(login)

    api.refuse(() => false)
    await device.client.setUser(watchedUser('ada').user)
    await showsText(device, ORDERS)
    expect(device.client.getState().logins).toContainEqual({ ...login, state: { status: 'signed-in' } })
    expect(bot.requests.filter(({ request }) => request.type === 'action-result')).toHaveLength(1)
  })

  it('[ID15] of an anonymous visitor, leads to a login card at once and is replayed once after sign-in', async () => {
    const { api, bot, server } = await startOrderShop()
    const device = await openDevice(server.url)
    await device.client.send('orders?')
    await until('there is a login card', () => storedMessages(device).some(({ kind }) => kind === 'login'))
    expect(api.tokens).toEqual([])
    const card = storedMessages(device).find(({ kind }) => kind === 'login')!
    const login = device.client.requestLogin({ reason: 'action', messageId: card.id })
    await device.client.setUser(watchedUser('ada').user)
    await showsText(device, ORDERS)
    expect(api.tokens).toHaveLength(1)
    expect(bot.requests.filter(({ request }) => request.type === 'action-result')).toHaveLength(1)
    expect(device.client.getState().logins).toContainEqual({ ...login, state: { status: 'signed-in' } })
  })
})
