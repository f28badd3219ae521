import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatStorage } from './storage/chat-storage.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { createResilientStorage } from './storage/resilient-storage.ts'
import { createFakeLocks } from './util/fake-locks.testing.ts'
import { createVisitorSession, type VisitorSessionOptions } from './visitor-session.ts'

const NOBODY = { wanted: null, session: undefined, clearing: undefined, sessionEnded: () => {} }
const ADA = { userIdentifier: 'ada', requestContextProvider: () => ({}) }
let storage = createMemoryStorage()

const openTab = (options: Partial<VisitorSessionOptions> = {}) =>
  createVisitorSession({
    app: 'shop',
    locale: undefined,
    server: 'https://chat.example.com',
    storage,
    merges: true,
    identity: NOBODY,
    ...options,
  })

beforeEach(() => {
  storage = createMemoryStorage()
  vi.stubGlobal('navigator', { locks: createFakeLocks() })
})
afterEach(() => vi.unstubAllGlobals())

it('[UM3] tells the language of the chat', async () => {
  expect(await openTab({ locale: 'de-AT' }).handshake()).toMatchObject({ app: 'shop', locale: 'de-AT' })
})

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

it('[ID13] asks for nobody new while what somebody left is cleared away, and not by the attempt that waited', async () => {
  let cleared = () => {}
  const clearing = new Promise<void>((resolve) => {
    cleared = resolve
  })
  const leaving = openTab({ identity: { ...NOBODY, clearing } })
  const attempt = leaving.handshake()
  cleared()
  await expect(attempt).rejects.toThrow('has left')
  expect((await openTab().handshake()).session).toBeUndefined()
})

it('works where the browser has no locks', async () => {
  vi.stubGlobal('navigator', {})
  expect((await openTab().handshake()).session).toBeUndefined()
})

it('[ID14] asks for no anonymous session while there is a user', async () => {
  const tab = openTab({ identity: { ...NOBODY, wanted: ADA } })
  expect(await tab.handshake()).toMatchObject({ intent: 'identify' })
  await storage.update('session', () => ({ token: 'anonymous secret' }))
  expect((await openTab({ identity: { ...NOBODY, wanted: ADA } }).handshake()).session).toBe(
    'anonymous secret',
  )
})

it('does not show the anonymous session at sign-in where it is to stay separate', async () => {
  await storage.update('session', () => ({ token: 'anonymous secret' }))
  const tab = openTab({ identity: { ...NOBODY, wanted: ADA }, merges: false })
  expect((await tab.handshake()).session).toBeUndefined()
})

it('forgets a secret that is not accepted, but not the one another tab got meanwhile', async () => {
  await storage.update('session', () => ({ token: 'old' }))
  const tab = openTab()
  await tab.handshake()
  await storage.update('session', () => ({ token: 'new' }))
  await tab.ended({ code: 'session-invalid', message: '' })
  expect((await tab.handshake()).session).toBe('new')
})

describe('a secret that could not be read in time', () => {
  let isSlow = true
  /** A tab that was given another session because of it, and whose database answers again. */
  async function openWithAnother() {
    await storage.update('session', () => ({ token: 'of before' }))
    isSlow = true
    const guard = async () => {
      if (isSlow) throw new DOMException('The database does not answer.', 'TimeoutError')
    }
    const slow: ChatStorage = {
      ...storage,
      get: async <Value>(key: string) => {
        await guard()
        return storage.get<Value>(key)
      },
      update: (key, change) => guard().then(() => storage.update(key, change)),
    }
    const resilient = createResilientStorage(slow, { onFailure() {}, onRecovery() {} })
    const tab = openTab({ storage: resilient })
    expect((await tab.handshake()).session).toBeUndefined()
    await tab.settle('another')
    const recover = async () => {
      isSlow = false
      await resilient.set('anything', 1)
    }
    return { tab, recover }
  }

  it('[ID1] [DL5] is not written over by that of the session that was made instead', async () => {
    const { tab, recover } = await openWithAnother()
    await recover()
    expect((await tab.handshake()).session).toBe('another')
    expect((await openTab().handshake()).session).toBe('of before')
  })

  it.each(['before', 'after'])('[ID13] goes with the visitor who leaves %s it can be read', async (when) => {
    const { tab, recover } = await openWithAnother()
    if (when === 'after') await recover()
    await tab.retire()
    if (when === 'before') await recover()
    await tab.drop()
    expect(await storage.get('session')).toBeUndefined()
  })
})

it('[ID13] a tab that leaves late takes nothing from the next visitor', async () => {
  await storage.update('session', () => ({ token: 'old' }))
  const tab = openTab()
  await tab.handshake()
  await storage.update('session', () => ({ token: 'of the next' }))
  await tab.retire()
  expect(await storage.get('session')).toEqual({ token: 'of the next' })
})

it('tells the identity when its own session ended', async () => {
  const sessionEnded = vi.fn()
  const tab = openTab({ identity: { ...NOBODY, wanted: ADA, session: 'secret', sessionEnded } })
  expect((await tab.handshake()).session).toBe('secret')
  await tab.ended({ code: 'session-invalid', message: '' })
  expect(sessionEnded).toHaveBeenCalledTimes(1)
})
