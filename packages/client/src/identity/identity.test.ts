import type { Authenticated, AuthenticateRequest, WireIdentity } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestContextProvider } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import { createTabs, type Tabs } from '../tabs/tabs.ts'
import { authenticated, createIdentity } from './identity.testing.ts'
import type { Identity } from './run.ts'
import type { SharedSession } from './states.ts'

const MINUTE = 60_000
/** The device's clock is an hour behind the server's. */
const DRIFT = 60 * MINUTE
const serverNow = () => Date.now() + DRIFT

let identity: Identity
let lifetime = MINUTE
let session: string | undefined = 'secret'
const authenticate = vi.fn<(request: AuthenticateRequest) => Promise<Reply<Authenticated>>>()
const provider = vi.fn<RequestContextProvider>()

const success = ({ userIdentifier }: Pick<AuthenticateRequest, 'userIdentifier'>) =>
  authenticated({
    userIdentifier,
    serverTime: serverNow(),
    expiresAt: serverNow() + lifetime,
    token: session ?? null,
  })
const refusal = (code: 'context-expired' | 'context-invalid' | 'server-unreachable' | 'bad-request') =>
  ({ ok: false, error: { code, message: code } }) as const

const ready = (wire: WireIdentity = { status: 'unidentified' }) =>
  identity.ready({ serverTime: serverNow(), identity: wire })
const use = (requestContextProvider: RequestContextProvider = provider) =>
  void identity.follow({ userIdentifier: 'ada', requestContextProvider }).catch(() => {})
const flags = () => provider.mock.calls.map(([needsRefresh]) => needsRefresh)
const policy = { nextDelayMs: (attempt: number) => attempt * 100 }
const flush = () => vi.advanceTimersByTimeAsync(0)

/** Returns a different context for each call. */
function countingProvider(): void {
  let count = 0
  provider.mockImplementation(() => {
    count += 1
    return { Auth: { Token: String(count) } }
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  lifetime = MINUTE
  session = 'secret'
  authenticate.mockReset().mockImplementation(async (request) => success(request))
  provider.mockReset()
  countingProvider()
  identity = createIdentity({ authenticate, policy })
})
afterEach(() => {
  identity.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('identity', () => {
  it('[ID3] asks the provider with false once the server wants to know, and not before', async () => {
    use()
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(provider).not.toHaveBeenCalled()
    ready()
    ready()
    await flush()
    expect(flags()).toEqual([false])
    expect(identity.state).toMatchObject({ status: 'identified', userIdentifier: 'ada' })
  })

  it.each([
    ['a string', 'token'],
    ['null', null],
    ['an array', ['token']],
    ['a class', new Map()],
    ['a circle', (() => Object.assign({}, { self: null as unknown }))()],
    ['too much', { Auth: 'x'.repeat(16 * 1024) }],
    ['a bigint', { id: 1n }],
    ['nothing', undefined],
  ])('[ID3] calls %s context-invalid', async (_name, context) => {
    if (_name === 'a circle') Object.assign(context as object, { self: context })
    provider.mockImplementation(() => context as never)
    use()
    ready()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(identity.state).toMatchObject({ status: 'reauthentication-required', code: 'context-invalid' })
    expect(authenticate).not.toHaveBeenCalled()
  })

  it('[ID3] sends a context of exactly 16 KiB', async () => {
    const context = { a: 'x'.repeat(16 * 1024 - '{"a":""}'.length) }
    provider.mockImplementation(() => context)
    use()
    ready()
    await flush()
    expect(authenticate).toHaveBeenCalledWith(expect.objectContaining({ context }))
  })

  it('[ID4] renews at 80 % of the lifetime by the server’s clock', async () => {
    use()
    ready()
    await vi.advanceTimersByTimeAsync(0.8 * MINUTE - 1)
    expect(flags()).toEqual([false])
    await vi.advanceTimersByTimeAsync(2)
    expect(flags()).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(0.8 * MINUTE + 2)
    expect(flags()).toEqual([false, true, true])
  })

  it('[ID4] renews at least 5 s ahead', async () => {
    lifetime = 10_000
    use()
    ready()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(flags()).toEqual([false])
    await vi.advanceTimersByTimeAsync(2)
    expect(flags()).toEqual([false, true])
  })

  it('[ID4] renews a token once, though the provider answers with the same one', async () => {
    const end = serverNow() + MINUTE
    provider.mockImplementation(() => ({ Auth: { Token: 'the same' } }))
    authenticate.mockImplementation(async (request) => {
      const reply = success(request)
      return { ok: true, value: { ...reply.value, identity: { ...reply.value.identity, expiresAt: end } } }
    })
    use()
    ready()
    await vi.advanceTimersByTimeAsync(MINUTE - 1)
    expect(flags()).toEqual([false, true])
    identity.disconnected()
    ready({ status: 'identified', userIdentifier: 'ada', expiresAt: end })
    await flush()
    expect(flags()).toEqual([false, true])
  })

  it('[ID4] renews when the time has come during sleep, as the server says when connecting anew', async () => {
    use()
    ready()
    await flush()
    const expiresAt = serverNow() + MINUTE
    vi.setSystemTime(Date.now() + 0.9 * MINUTE)
    identity.renewIfDue()
    expect(identity.state.status).toBe('identified')
    identity.disconnected()
    ready({ status: 'identified', userIdentifier: 'ada', expiresAt })
    identity.renewIfDue()
    expect(identity.state.status).toBe('refreshing')
    await flush()
    expect(flags()).toEqual([false, true])
  })

  it.each([
    ['ahead', 24 * 60 * MINUTE],
    ['back', -24 * 60 * MINUTE],
  ])('[ID4] renews at the same moment when the device’s clock is set %s', async (_where, ms) => {
    use()
    ready()
    await flush()
    vi.setSystemTime(Date.now() + ms)
    identity.renewIfDue()
    await vi.advanceTimersByTimeAsync(0.8 * MINUTE - 1)
    expect(flags()).toEqual([false])
    await vi.advanceTimersByTimeAsync(2)
    expect(flags()).toEqual([false, true])
  })

  it('does not race after a lifetime too short to be ahead of', async () => {
    lifetime = 4_000
    use()
    ready()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(flags()).toEqual([false])
  })

  it('waits longer than a timer can', async () => {
    lifetime = 365 * 24 * 60 * MINUTE
    use()
    ready()
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(flags()).toEqual([false])
  })

  it('[ID5] gives the provider 30 s, then tells it to stop and drops what it still answers', async () => {
    let answerLate: ((context: { late: boolean }) => void) | undefined
    const signals: AbortSignal[] = []
    provider.mockImplementationOnce((_needsRefresh, { signal }) => {
      signals.push(signal)
      return new Promise((resolve) => {
        answerLate = resolve
      })
    })
    use()
    ready()
    await vi.advanceTimersByTimeAsync(29_999)
    expect(signals[0]?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(signals[0]?.aborted).toBe(true)
    answerLate?.({ late: true })
    await vi.advanceTimersByTimeAsync(100)
    expect(authenticate.mock.calls.map(([request]) => request.context)).toEqual([{ Auth: { Token: '1' } }])
  })

  it('[ID6] tries a provider that hangs three times, then says provider-timeout', async () => {
    provider.mockImplementation(() => new Promise(() => {}))
    const failed = vi.fn()
    identity.on('failed', failed)
    use()
    ready()
    await vi.advanceTimersByTimeAsync(3 * 30_000 + 300)
    expect(provider).toHaveBeenCalledTimes(3)
    expect(identity.state).toMatchObject({ status: 'reauthentication-required', code: 'provider-timeout' })
    expect(failed).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    identity.contextNeeded(true, 'expired')
    identity.disconnected()
    ready()
    await flush()
    expect(provider).toHaveBeenCalledTimes(3)
  })

  it('[ID6] recovers at the second try', async () => {
    provider.mockImplementationOnce(() => {
      throw new Error('for a moment')
    })
    use()
    ready()
    await vi.advanceTimersByTimeAsync(100)
    expect(flags()).toEqual([false, false])
    expect(identity.state.status).toBe('identified')
  })

  it('[ID4] asks with true after a context that the server calls expired, at most three times in all', async () => {
    authenticate.mockImplementation(async () => refusal('context-expired'))
    use()
    ready()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(flags()).toEqual([false, true, true])
    expect(identity.state).toMatchObject({ status: 'reauthentication-required', code: 'context-expired' })
  })

  it('[ID3] makes one call, however often a context is needed', async () => {
    let release: (() => void) | undefined
    provider.mockImplementation(
      () =>
        new Promise((resolve) => {
          release = () => resolve({ Auth: {} })
        }),
    )
    use()
    ready()
    identity.contextNeeded(true, 'expired')
    identity.contextNeeded(false, 'lost')
    await flush()
    release?.()
    await flush()
    expect(provider).toHaveBeenCalledTimes(1)
    expect(authenticate).toHaveBeenCalledTimes(1)
  })

  it('[ID8] sends the same context again when the connection is lost on the way', async () => {
    authenticate.mockImplementationOnce(async () => {
      identity.disconnected()
      return refusal('server-unreachable')
    })
    use()
    ready()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(authenticate).toHaveBeenCalledTimes(1)
    ready()
    await flush()
    expect(authenticate).toHaveBeenCalledTimes(2)
    expect(flags()).toEqual([false])
    expect(identity.state.status).toBe('identified')
  })

  it('[ID8] resumes its session without a word to the provider', async () => {
    use()
    ready()
    await flush()
    expect(identity.session).toBe('secret')
    identity.disconnected()
    await vi.advanceTimersByTimeAsync(1_000)
    ready({ status: 'identified', userIdentifier: 'ada', expiresAt: serverNow() + MINUTE })
    await flush()
    expect(flags()).toEqual([false])
    expect(authenticate).toHaveBeenCalledTimes(1)
  })

  it('asks with true when the session it resumes has expired', async () => {
    use()
    ready()
    await flush()
    identity.disconnected()
    ready({ status: 'identified', userIdentifier: 'ada', expiresAt: serverNow() - 1 })
    await flush()
    expect(flags()).toEqual([false, true])
  })

  it.each<[string, Partial<Authenticated['identity']>]>([
    ['somebody else', { userIdentifier: 'eve' }],
    ['somebody of the same letters whom the chat signed in', { method: 'email' }],
  ])('[ID14] [AR15] does not take a session for %s', async (_who, other) => {
    use()
    await flush()
    ready({ status: 'identified', userIdentifier: 'ada', expiresAt: null, ...other })
    expect(identity.state).toMatchObject({ status: 'reauthentication-required', code: 'context-mismatch' })
  })

  it.each<[string, Partial<Authenticated['identity']>]>([
    ['somebody else', { userIdentifier: 'eve' }],
    ['somebody of the same letters whom the chat signed in', { method: 'email' }],
  ])('[ID9] [AR15] does not take an answer for %s', async (_who, other) => {
    authenticate.mockImplementation(async (request) => {
      const reply = success(request)
      return { ok: true, value: { ...reply.value, identity: { ...reply.value.identity, ...other } } }
    })
    use()
    ready()
    await flush()
    expect(identity.state).toMatchObject({ status: 'reauthentication-required', code: 'context-mismatch' })
    expect(identity.session, 'and nothing of it').toBeUndefined()
  })

  it('begins anew when the host sets the user again', async () => {
    provider.mockImplementation(() => Promise.reject(new Error('no')))
    use()
    ready()
    await vi.advanceTimersByTimeAsync(1_000)
    const next = vi.fn<RequestContextProvider>(() => ({ fresh: true }))
    use(next)
    expect(identity.state.status).toBe('authenticating')
    await flush()
    expect(next.mock.calls[0]?.[0]).toBe(false)
    expect(identity.state.status).toBe('identified')
  })

  it('[ID3] [ID15] asks who is signed in again where the host was asked to, but not twice at once', async () => {
    use()
    ready()
    await flush()
    const again = { userIdentifier: 'ada', requestContextProvider: provider }
    void identity.follow(again)
    expect(identity.state.status).toBe('identified')
    void identity.follow(again, true)
    void identity.follow(again, true)
    expect(identity.state.status).toBe('refreshing')
    await flush()
    expect(flags()).toEqual([false, true])
    expect(identity.state.status).toBe('identified')
  })

  it('[ID13] learns of the session that a sign-in still brought while signing out', async () => {
    let answer: ((reply: Reply<Authenticated>) => void) | undefined
    authenticate.mockImplementation(() => new Promise((resolve) => (answer = resolve)))
    use()
    ready()
    await flush()
    const left = identity.logout(false)
    expect(identity.state.status).toBe('signing-out')
    answer?.(success({ userIdentifier: 'ada' }))
    await Promise.resolve()
    await Promise.resolve()
    expect(identity.session).toBe('secret')
    expect(identity.state.status).toBe('signing-out')
    await left
    expect(identity.session).toBeUndefined()
    expect(identity.state).toEqual({ status: 'anonymous' })
  })

  describe('beside other tabs', () => {
    const share = (session: Partial<SharedSession> = {}) => {
      const now = serverNow()
      const shared = { session: 'shared', expiresAt: now + MINUTE, authenticatedAt: now, isRenewable: true }
      return told?.({ ...shared, ...session })
    }
    let told: ((session: unknown) => unknown) | undefined
    const reconnect = vi.fn()

    beforeEach(() => {
      reconnect.mockReset()
      const tabs: Tabs = {
        ...createTabs('beside others'),
        on(topic, listener) {
          if (topic === 'session') told = listener as typeof told
        },
      }
      identity = createIdentity({ authenticate, policy, tabs }, reconnect)
    })

    /** Connects as the connection does when it has the session. */
    const connect = (expiresAt: number | null) => {
      identity.disconnected()
      ready({ status: 'identified', userIdentifier: 'ada', expiresAt })
    }

    it('[ID3] takes a session over, and renews it when its time has come', async () => {
      provider.mockImplementation(() => new Promise(() => {}))
      use()
      ready()
      await flush()
      share()
      expect(identity.session).toBe('shared')
      expect(reconnect).toHaveBeenCalledTimes(1)
      connect(serverNow() + MINUTE)
      expect(identity.state.status).toBe('identified')
      provider.mockReset()
      await vi.advanceTimersByTimeAsync(0.8 * MINUTE - 1)
      expect(flags()).toEqual([])
      await vi.advanceTimersByTimeAsync(2)
      expect(flags()).toEqual([true])
    })

    it('[ID4] does not ask ahead of the end for what another tab has asked for in vain', async () => {
      use()
      await flush()
      share({ isRenewable: false })
      connect(serverNow() + MINUTE)
      await vi.advanceTimersByTimeAsync(MINUTE - 1)
      expect(flags()).toEqual([])
    })

    it('[ID10] goes on with its connection while the server has not locked it, and connects anew after that', async () => {
      lifetime = 10_000
      provider.mockImplementation(() => new Promise(() => {}))
      provider.mockImplementationOnce(() => ({ Auth: {} }))
      use()
      ready()
      await flush()
      share({ session: 'secret', expiresAt: serverNow() + lifetime, authenticatedAt: serverNow() + 1 })
      expect(reconnect).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(lifetime + 5_000)
      share({ session: 'secret', authenticatedAt: serverNow() + 1 })
      expect(reconnect).toHaveBeenCalledTimes(1)
      expect(identity.state.status).toBe('authenticating')
    })

    it('[ID12] takes nothing over that is older than what it has, and nothing at all while signing out', async () => {
      use()
      ready()
      await flush()
      share({ authenticatedAt: serverNow() - 1 })
      expect(identity.session).toBe('secret')
      void identity.logout(false).catch(() => {})
      share({ authenticatedAt: serverNow() + 1 })
      expect(identity.session).toBe('secret')
      expect(share).not.toThrow()
    })

    it.each([undefined, null, 'rubbish', { session: 7 }])('makes nothing of %o', async (rubbish) => {
      use()
      ready()
      await flush()
      told?.(rubbish)
      expect(identity.session).toBe('secret')
    })
  })

  it('[ID17] remembers the last 200 transitions', async () => {
    for (let index = 0; index < 150; index += 1) {
      use()
      await identity.logout(false)
    }
    expect(identity.trace()).toHaveLength(200)
    expect(identity.trace().at(-1)).toMatchObject({
      from: 'signing-out',
      to: 'anonymous',
      cause: 'signed-out',
    })
  })
})
