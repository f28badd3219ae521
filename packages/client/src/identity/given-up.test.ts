/** Late results of a sign-in that was given up are dropped, at any step ([ID5], [ID12]). */
import type { AuthenticateRequest } from '@chat-widget/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ChatUser, RequestContext } from '../chat-state.ts'
import { authenticated, createIdentity } from './identity.testing.ts'
import type { IdentityOptions } from './identity-options.ts'
import type { Identity } from './run.ts'

const END = Date.now() + 3_600_000

const success = ({ userIdentifier }: AuthenticateRequest) =>
  authenticated({ userIdentifier, expiresAt: END, token: `secret of ${userIdentifier}` })

let identity: Identity
/** Requests to the server and their answers, oldest first. */
let asked: { readonly request: AuthenticateRequest; readonly answer: () => void }[]
/** Answers the provider's calls, oldest first. */
let provide: (() => void)[]
let told: string[]

const user = (userIdentifier: string): ChatUser => ({
  userIdentifier,
  requestContextProvider: () =>
    new Promise<RequestContext>((resolve) => provide.push(() => resolve({ token: userIdentifier }))),
})
const signOut = vi.fn<IdentityOptions['signOut']>()
const use = (userIdentifier: string, afresh = false) =>
  void identity.follow(user(userIdentifier), afresh).catch(() => {})
const connect = () => identity.ready({ serverTime: Date.now(), identity: { status: 'unidentified' } })
const flush = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  provide = []
  told = []
  signOut.mockReset().mockImplementation(async () => ({ ok: true, value: null }))
  identity = createIdentity({
    authenticate: (request) =>
      new Promise((resolve) => asked.push({ request, answer: () => resolve(success(request)) })),
    signOut,
  })
  identity.on('authenticated', ({ identity: { userIdentifier } }) => told.push(userIdentifier))
  use('ada')
  connect()
})
afterEach(() => {
  identity.close()
  vi.useRealTimers()
})

it('[ID12] an answer of the provider goes to the server for nobody', async () => {
  await flush()
  await identity.logout(false)
  use('bob')
  connect()
  await flush()
  provide[0]?.()
  await flush()
  expect(asked).toEqual([])
  provide[1]?.()
  await flush()
  expect(asked.map(({ request }) => [request.userIdentifier, request.context])).toEqual([
    ['bob', { token: 'bob' }],
  ])
})

it('[ID12] an answer of the server makes nobody of the next user', async () => {
  await flush()
  provide[0]?.()
  await flush()
  const left = identity.logout(false)
  asked[0]?.answer()
  await left
  use('bob')
  connect()
  await flush()
  expect(identity.state).toEqual({ status: 'authenticating', userIdentifier: 'bob' })
  expect(identity.session).toBeUndefined()
  expect(told).toEqual([])
  provide[1]?.()
  await flush()
  asked[1]?.answer()
  await flush()
  expect(identity.state).toMatchObject({ status: 'identified', userIdentifier: 'bob' })
  expect(identity.session).toBe('secret of bob')
  expect(told).toEqual(['bob'])
})

it('[ID13] an answer of the server brings nobody back who is signing out, and leaves no secret', async () => {
  await flush()
  provide[0]?.()
  await flush()
  let revoke = () => {}
  signOut.mockImplementationOnce(
    () => new Promise((resolve) => (revoke = () => resolve({ ok: true, value: null }))),
  )
  const left = identity.logout(false)
  await flush()
  expect(signOut, 'the sign-in may yet succeed').not.toHaveBeenCalled()
  asked[0]?.answer()
  await flush()
  expect(signOut, 'there is a session to revoke').toHaveBeenCalledTimes(1)
  expect(identity.session, 'with its secret, if need be').toBe('secret of ada')
  expect(identity.state.status).toBe('signing-out')
  revoke()
  await left
  expect(identity.state).toEqual({ status: 'anonymous' })
  expect(identity.session).toBeUndefined()
  expect(told).toEqual([])
})

it.each(['asks the provider', 'is on its way to the server'])(
  '[ID15] a renewal that %s is no sign-in, and gives way to the one the host was asked for',
  async (step) => {
    const signedIn = vi.fn()
    await flush()
    provide[0]?.()
    await flush()
    asked[0]?.answer()
    await flush()
    identity.on('signed-in', signedIn)
    identity.contextNeeded(true, 'action')
    await flush()
    if (step !== 'asks the provider') provide[1]?.()
    await flush()
    use('ada', true)
    // An impatient host sets the user once more: the sign-in goes on.
    use('ada', true)
    await flush()
    provide[1]?.()
    asked[1]?.answer()
    await flush()
    expect(signedIn).not.toHaveBeenCalled()
    expect(provide).toHaveLength(3)
    provide[2]?.()
    await flush()
    asked.at(-1)?.answer()
    await flush()
    expect(asked.at(-1)?.request).not.toHaveProperty('renewal')
    expect(signedIn).toHaveBeenCalledTimes(1)
    expect(identity.state.status).toBe('identified')
  },
)
