import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { createFakeLocks } from './util/fake-locks.testing.ts'
import { createVisitorSession, type VisitorSessionOptions } from './visitor-session.ts'

const NOBODY = { session: undefined, sessionEnded: () => {} }
let storage = createMemoryStorage()

const openTab = (options: Partial<VisitorSessionOptions> = {}) =>
  createVisitorSession({
    app: 'shop',
    server: 'https://chat.example.com',
    storage,
    merges: true,
    isAnonymous: () => true,
    identity: NOBODY,
    ...options,
  })

beforeEach(() => {
  storage = createMemoryStorage()
  vi.stubGlobal('navigator', { locks: createFakeLocks() })
})
afterEach(() => vi.unstubAllGlobals())

it('[ID1] two tabs that start at once share one anonymous session', async () => {
  const first = openTab()
  const second = openTab()
  expect((await first.handshake()).session).toBeUndefined()
  const waiting = second.handshake()
  await first.settle('the one secret')
  expect((await waiting).session).toBe('the one secret')
})

it('lets the next tab try when the first one fails', async () => {
  const first = openTab()
  const second = openTab()
  await first.handshake()
  const waiting = second.handshake()
  first.release()
  expect((await waiting).session).toBeUndefined()
})

it('does not keep the lock of an attempt that was given up while it waited for it', async () => {
  const [first, second, third] = [openTab(), openTab(), openTab()]
  await first.handshake()
  const givenUp = second.handshake()
  const waiting = third.handshake()
  second.release()
  await givenUp
  await first.settle('secret')
  expect((await waiting).session).toBe('secret')
})

it('[DL7] does not wait for the lock of its own earlier attempt, whose end nobody told', async () => {
  const tab = openTab()
  await tab.handshake()
  expect((await tab.handshake()).session).toBeUndefined()
})

it('works where the browser has no locks', async () => {
  vi.stubGlobal('navigator', {})
  expect((await openTab().handshake()).session).toBeUndefined()
})

it('[ID14] asks for no anonymous session while there is a user', async () => {
  const tab = openTab({ isAnonymous: () => false })
  expect(await tab.handshake()).toMatchObject({ intent: 'identify' })
  await storage.set('session', { token: 'anonymous secret' })
  expect((await openTab({ isAnonymous: () => false }).handshake()).session).toBe('anonymous secret')
})

it('does not show the anonymous session at sign-in where it is to stay separate', async () => {
  await storage.set('session', { token: 'anonymous secret' })
  const tab = openTab({ isAnonymous: () => false, merges: false })
  expect((await tab.handshake()).session).toBeUndefined()
})

it('forgets a secret that is not accepted, but not the one another tab got meanwhile', async () => {
  await storage.set('session', { token: 'old' })
  const tab = openTab()
  await tab.handshake()
  await storage.set('session', { token: 'new' })
  await tab.ended({ code: 'session-invalid', message: '' })
  expect((await tab.handshake()).session).toBe('new')
})

it('tells the identity when its own session ended', async () => {
  const sessionEnded = vi.fn()
  const tab = openTab({ identity: { session: 'secret', sessionEnded }, isAnonymous: () => false })
  expect((await tab.handshake()).session).toBe('secret')
  await tab.ended({ code: 'session-invalid', message: '' })
  expect(sessionEnded).toHaveBeenCalledTimes(1)
})
