import type { Message, TypingNotice, WireError } from '@chat-widget/protocol'
import { ChatError } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { hashToken } from '../identity/session-token.ts'
import { authentication, startRealtime } from './realtime.testing.ts'
import { openVisitor, Refused } from './test-device.testing.ts'

describe('a server that stops', () => {
  it('[DL17] tells devices when to connect again, cuts them so that they do, and takes no new ones', async () => {
    const server = await startRealtime()
    const { device } = await server.visitor()
    const agent = await server.agent()
    expect(server.realtime.stats()).toMatchObject({ visitorSockets: 1, agentSockets: 1 })
    const closing = server.realtime.close()
    expect(server.realtime.close()).toBe(closing)
    await closing
    await Promise.all([device.gone(), agent.device.gone()])
    // Not `io server disconnect`, after which a client stays away.
    expect([device.disconnected, agent.device.disconnected]).toEqual(['transport close', 'transport close'])
    for (const stopped of [device, agent.device]) {
      const [wait] = stopped.all<WireError>('wait')
      expect(wait?.code).toBe('unavailable')
      // After the restart, two devices within 4 ms.
      expect(wait?.retryAfterMs).toBeGreaterThanOrEqual(1_000)
      expect(wait?.retryAfterMs).toBeLessThanOrEqual(1_004)
    }
    expect(device.all('session:ended')).toEqual([])
    await expect(openVisitor(server.url)).rejects.toThrow(Refused)
    await server.stop()
  })

  it('lets the bot finish what it is asked, and leaves the rest for the next start', async () => {
    const server = await startRealtime({ withBot: true })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    server.company.behaviour.bot = async () => {
      await held
      return { messages: [{ text: 'done' }] }
    }
    const { device, ready } = await server.visitor()
    const conversationId = ready.conversation!.id
    await device.send(conversationId, 'first')
    await device.send(conversationId, 'second')
    await expect.poll(() => server.company.botCalls.length).toBe(1)
    const closing = server.realtime.close()
    release()
    await closing
    const messages = await server.storage.messages.list({ conversationId, limit: 10 })
    expect(messages.map(({ text }: Message) => text)).toEqual(['first', 'second', 'done'])
    expect(await server.storage.botDeliveries.count()).toBe(1)
    await server.stop()
  })

  it('[BO2] waits for no bot that streams: it is asked anew after the next start', async () => {
    const server = await startRealtime({ withBot: true })
    let write: (line: unknown) => void = () => {}
    server.company.behaviour.bot = () => ({
      stream(given) {
        write = given
        write({ delta: 'so far' })
        return new Promise(() => undefined)
      },
    })
    const { device, ready } = await server.visitor()
    await device.send(ready.conversation!.id, 'hello')
    await device.heard<TypingNotice>('typing', ({ author }) => author.text === 'so far')
    const closing = server.realtime.close()
    const more = setInterval(() => write({ delta: ', and more' }), 5)
    await closing
    clearInterval(more)
    expect(await server.storage.botDeliveries.count()).toBe(1)
    await server.stop()
  })
})

describe('a database that fails', () => {
  it('[DL2] is told as such, and nothing is acknowledged', async () => {
    const server = await startRealtime({
      wrapStorage: (storage) => ({
        ...storage,
        messages: {
          ...storage.messages,
          append: () =>
            Promise.reject(new ChatError('unavailable', 'The disk is full.', { retryAfterMs: 500 })),
        },
      }),
    })
    const { device, ready } = await server.visitor()
    const request = { conversationId: ready.conversation!.id, clientId: crypto.randomUUID(), text: 'hi' }
    const error = await device.refusal('message:send', request)
    expect(error).toEqual({ code: 'unavailable', message: 'The disk is full.', retryAfterMs: 500 })
    expect(device.all('message')).toEqual([])
    await server.stop()
  })

  it('in a way nobody foresaw is told without details', async () => {
    const server = await startRealtime({
      wrapStorage: (storage) => ({
        ...storage,
        messages: { ...storage.messages, append: () => Promise.reject(new Error('secret detail')) },
      }),
    })
    const { device, ready } = await server.visitor()
    const request = { conversationId: ready.conversation!.id, clientId: crypto.randomUUID(), text: 'hi' }
    const error = await device.refusal('message:send', request)
    expect(error.code).toBe('internal')
    expect(error.message).not.toContain('secret')
    await server.stop()
  })

  it('[ID13] while signing out does not count as signed out: the device can ask again', async () => {
    let failing = true
    const server = await startRealtime({
      wrapStorage: (storage) => ({
        ...storage,
        sessions: {
          ...storage.sessions,
          revoke: (...args) =>
            failing
              ? Promise.reject(new ChatError('unavailable', 'Try again.'))
              : storage.sessions.revoke(...args),
        },
      }),
    })
    const { device } = await server.visitor({ intent: 'identify' })
    const answer = await device.ask<{ session: { token: string } }>(
      'identity:authenticate',
      await authentication(),
    )
    const session = () =>
      server.storage.sessions.findBySecretHash('shop' as never, hashToken(answer.session.token))
    expect((await device.refusal('identity:sign-out', { everywhere: false })).code).toBe('unavailable')
    expect((await session())?.revokedAt).toBeNull()
    failing = false
    await device.ask('identity:sign-out', { everywhere: false })
    expect((await session())?.revokedAt).not.toBeNull()
    await server.stop()
  })
})
