import { expect, it } from 'vitest'
import { createSignedInVisitor } from '../identity/signed-in-visitor.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createChatVisitors } from './chat-visitors.ts'

const ANN = { userIdentifier: 'ann@example.com', method: 'email' } as const
const APPROVAL = { ...ANN, id: 'id', secret: 'secret', session: 'session' }

function start() {
  const storage = createMemoryStorage()
  const visitors = createChatVisitors({
    storage,
    session: {
      async signedIn() {
        const kept = await storage.get<typeof ANN>('session')
        return kept && createSignedInVisitor(kept, { session: 'session' })
      },
      async keep(_token, { userIdentifier, method }) {
        // Delays like a store.
        await new Promise((resolve) => setTimeout(resolve, 5))
        await storage.update('session', () => ({ userIdentifier, method }))
      },
    },
    identity: { visit: new AbortController().signal, recall() {} },
  })
  return { storage, visitors }
}

it('[AR15] at no moment do other tabs find neither the approval nor the session that it became', async () => {
  const { storage, visitors } = start()
  await storage.update('sign-in', () => APPROVAL)
  const found: boolean[] = []
  let isOver = false
  const looking = (async () => {
    while (!isOver) {
      found.push(await visitors.recall())
      await new Promise(setImmediate)
    }
  })()
  visitors.signedIn(createSignedInVisitor(ANN, {}), 'session')
  await expect.poll(() => storage.get('sign-in')).toBeUndefined()
  found.push(await visitors.recall())
  isOver = true
  await looking
  expect(found.length).toBeGreaterThan(2)
  expect(found).not.toContain(false)
})
