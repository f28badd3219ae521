import type { Authenticated, AuthenticateRequest, WireIdentity } from '@chat-widget/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatUser, RequestContextProvider } from '../chat-state.ts'
import type { Reply } from '../connection/event-maps.ts'
import { authenticated, createIdentity } from './identity.testing.ts'
import type { IdentityOptions, LoadSignIn } from './identity-options.ts'
import type { Identity } from './run.ts'
import { createSignIn } from './sign-in.ts'
import { createSignedInVisitor } from './signed-in-visitor.ts'

let identity: Identity
let told: string[]
const load = vi.fn<LoadSignIn>()
const authenticate = vi.fn<(request: AuthenticateRequest) => Promise<Reply<Authenticated>>>()
const signOut = vi.fn<IdentityOptions['signOut']>()
const empty = vi.fn<(owner: string) => Promise<void>>()
const provider = vi.fn<RequestContextProvider>()

const user = (userIdentifier: string, requestContextProvider = provider): ChatUser => ({
  userIdentifier,
  requestContextProvider,
})
const ready = () => identity.ready({ serverTime: Date.now(), identity: { status: 'unidentified' } })
const use = (whom: ChatUser) => void identity.follow(whom).catch(() => {})
const flush = () => vi.advanceTimersByTimeAsync(0)

/** Code that is loaded when the test says so. */
function holdLoading(): () => Promise<void> {
  let arrive = () => {}
  load.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        arrive = () => resolve({ createSignIn })
      }),
  )
  return () => {
    arrive()
    return flush().then(() => {})
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  load.mockReset().mockImplementation(async () => ({ createSignIn }))
  empty.mockReset().mockResolvedValue()
  signOut.mockReset().mockResolvedValue({ ok: true, value: null })
  provider.mockReset().mockImplementation(() => ({ token: 'any' }))
  authenticate.mockReset().mockImplementation(async (request) => authenticated(request))
  identity = createIdentity({
    authenticate,
    signOut,
    purge: empty,
    policy: { nextDelayMs: (attempt) => attempt * 100 },
    load,
  })
  told = []
  identity.on('change', (change) => {
    const who = 'userIdentifier' in change.identity ? ` ${change.identity.userIdentifier}` : ''
    told.push(`${change.identity.status}${who}`)
  })
})
afterEach(() => {
  identity.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('the code that signs users in', () => {
  it('[ID1] loads nothing for an anonymous visitor, whatever happens to them', async () => {
    ready()
    identity.contextNeeded(true, 'expired')
    identity.renewIfDue()
    identity.sessionEnded({ code: 'session-invalid', message: '' })
    identity.disconnected()
    await identity.logout(false)
    await flush()
    expect(load).not.toHaveBeenCalled()
    expect(identity.state).toEqual({ status: 'anonymous' })
    expect(identity.trace()).toEqual([])
    expect(told).toEqual([])
  })

  it('[ID2] is authenticating at once, and identified when the code is there', async () => {
    const arrive = holdLoading()
    ready()
    use(user('ada'))
    expect(identity.state).toEqual({ status: 'authenticating', userIdentifier: 'ada' })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(provider).not.toHaveBeenCalled()
    await arrive()
    expect(identity.state).toMatchObject({ status: 'identified', userIdentifier: 'ada' })
    expect(identity.session).toBe('secret')
    expect(told).toEqual(['authenticating ada', 'identified ada'])
    expect(identity.trace().map(({ from, to }) => [from, to])).toEqual([
      ['anonymous', 'authenticating'],
      ['authenticating', 'identified'],
    ])
    expect(provider).toHaveBeenCalledTimes(1)
  })

  it.each<[string, string | undefined, string]>([
    ['confirms', 'email', 'identified ann'],
    ['has for somebody else', undefined, 'reauthentication-required ann'],
  ])(
    '[AR15] says what became of a session that the server %s before the code is there',
    async (_what, method, end) => {
      const arrive = holdLoading()
      const failed = vi.fn()
      const signedIn = vi.fn()
      identity.on('failed', failed)
      identity.on('signed-in', signedIn)
      use(createSignedInVisitor({ userIdentifier: 'ann', method: 'email' }, { session: 'kept' }))
      const wire = { status: 'identified', userIdentifier: 'ann', expiresAt: null, ...(method && { method }) }
      identity.ready({ serverTime: Date.now(), identity: wire as WireIdentity })
      await arrive()
      expect(told).toEqual(['authenticating ann', end])
      const isSignedIn = end.startsWith('identified')
      expect(signedIn).toHaveBeenCalledTimes(isSignedIn ? 1 : 0)
      expect(failed).toHaveBeenCalledTimes(isSignedIn ? 0 : 1)
    },
  )

  it('[ID3] does not ask the provider before the server is there, though the code is', async () => {
    ready()
    identity.disconnected()
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(provider).not.toHaveBeenCalled()
    ready()
    await flush()
    expect(provider.mock.calls[0]?.[0]).toBe(false)
    expect(identity.state.status).toBe('identified')
  })

  it('[ID12] follows quick changes in order: only the last user is signed in', async () => {
    const arrive = holdLoading()
    const bobs = vi.fn<RequestContextProvider>(() => ({ token: 'bob' }))
    ready()
    use(user('ada'))
    await identity.logout(false)
    use(user('bob', bobs))
    ready()
    await arrive()
    expect(told).toEqual([
      'authenticating ada',
      'signing-out ada',
      'anonymous',
      'authenticating bob',
      'identified bob',
    ])
    expect(provider).not.toHaveBeenCalled()
    expect(bobs).toHaveBeenCalledTimes(1)
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('signs nobody in when the user is taken back while the code is on its way', async () => {
    const arrive = holdLoading()
    ready()
    use(user('ada'))
    let emptied = () => {}
    empty.mockImplementationOnce(() => new Promise((resolve) => (emptied = resolve)))
    const left = identity.logout(false)
    await arrive()
    expect(identity.state).toEqual({ status: 'signing-out', userIdentifier: 'ada' })
    emptied()
    await left
    expect(identity.state).toEqual({ status: 'anonymous' })
    expect(provider).not.toHaveBeenCalled()
    use(user('bob'))
    ready()
    await flush()
    expect(identity.state).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('takes the provider that was set last', async () => {
    const arrive = holdLoading()
    const next = vi.fn<RequestContextProvider>(() => ({ token: 'next' }))
    ready()
    use(user('ada'))
    use(user('ada', next))
    await arrive()
    expect(provider).not.toHaveBeenCalled()
    expect(next).toHaveBeenCalledTimes(1)
    expect(told).toEqual(['authenticating ada', 'identified ada'])
  })

  it('loads anew for a host that sets the user again as soon as it hears of the failure', async () => {
    load.mockRejectedValueOnce(1).mockRejectedValueOnce(2).mockRejectedValueOnce(3)
    const off = identity.on('change', ({ identity: { status } }) => {
      if (status === 'reauthentication-required') use(user('ada'))
    })
    ready()
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(1_000)
    off()
    expect(identity.state.status).toBe('identified')
  })

  it('tries again when the code does not arrive', async () => {
    load.mockRejectedValueOnce(new Error('offline')).mockRejectedValueOnce(new Error('offline'))
    ready()
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(299)
    expect(load).toHaveBeenCalledTimes(2)
    expect(identity.state.status).toBe('authenticating')
    await vi.advanceTimersByTimeAsync(1)
    expect(load).toHaveBeenCalledTimes(3)
    expect(identity.state.status).toBe('identified')
  })

  it('[ID14] requires re-authentication when the code never arrives, until the host sets a user again', async () => {
    const failed = vi.fn()
    identity.on('failed', failed)
    load.mockRejectedValue(new Error('blocked'))
    ready()
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(3)
    expect(identity.state).toEqual({
      status: 'reauthentication-required',
      userIdentifier: 'ada',
      code: 'load-failed',
    })
    expect(failed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'load-failed' }))
    identity.disconnected()
    ready()
    identity.contextNeeded(false, 'lost')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(3)
    load.mockResolvedValue({ createSignIn })
    use(user('ada'))
    expect(identity.state.status).toBe('authenticating')
    await flush()
    expect(identity.state.status).toBe('identified')
  })

  it('[ID14] is authenticating while there is no connection to load the code over, and tries when there is', async () => {
    const failed = vi.fn()
    identity.on('failed', failed)
    load.mockRejectedValue(new Error('offline'))
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(1)
    expect(identity.state).toEqual({ status: 'authenticating', userIdentifier: 'ada' })
    ready()
    await flush()
    expect(load).toHaveBeenCalledTimes(2)
    // Lost between two tries: the next connection has all three again.
    identity.disconnected()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(3)
    expect(identity.state.status).toBe('authenticating')
    expect(failed).not.toHaveBeenCalled()
    load.mockResolvedValue({ createSignIn })
    ready()
    await flush()
    expect(identity.state.status).toBe('identified')
    expect(provider).toHaveBeenCalledTimes(1)
    expect(told).toEqual(['authenticating ada', 'identified ada'])
  })

  it('[ID14] does not ask for the code while the browser says that it is offline', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(60_000)
    vi.unstubAllGlobals()
    expect(load).not.toHaveBeenCalled()
    expect(identity.state).toEqual({ status: 'authenticating', userIdentifier: 'ada' })
    ready()
    await flush()
    expect(identity.state.status).toBe('identified')
  })

  it('can be left without the code', async () => {
    load.mockRejectedValue(new Error('blocked'))
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(60_000)
    await identity.logout(false)
    expect(told.slice(-2)).toEqual(['signing-out ada', 'anonymous'])
  })

  it.each([0, 50])('leaves nothing behind when closed after %i ms of loading', async (ms) => {
    load.mockRejectedValue(new Error('offline'))
    ready()
    use(user('ada'))
    await vi.advanceTimersByTimeAsync(ms)
    identity.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledTimes(1)
    expect(provider).not.toHaveBeenCalled()
  })
})
