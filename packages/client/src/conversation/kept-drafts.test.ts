import type { ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import { createResilientStorage } from '../storage/resilient-storage.ts'
import { Draft } from './draft.ts'
import { keptDrafts, swapDrafts } from './kept-drafts.ts'

const place = (id: string, headSeq = 1) => ({ id: id as ConversationId, headSeq })
const [A, B, NEW] = [place('a'), place('b'), place('c', 0)]
const OWNER = 'user:ada'

function open() {
  const storage = createMemoryStorage()
  const told: string[] = []
  const draft = new Draft(
    createResilientStorage(storage, { onFailure() {}, onRecovery() {} }),
    'anonymous',
    (text) => told.push(text),
  )
  const go = (from: typeof A, to: typeof A, owner = OWNER) => swapDrafts(storage, draft, owner, from, to)
  return { storage, draft, told, go, kept: (owner = OWNER) => keptDrafts(storage, owner) }
}

it('[CV3] stays with its conversation, and is there when the visitor comes back', async () => {
  const { draft, go, kept, told } = open()
  draft.text = 'for a'
  await go(A, B)
  expect(draft.text).toBe('')
  draft.text = 'for b'
  await go(B, A)
  expect(draft.text).toBe('for a')
  expect(await kept()).toEqual({ b: 'for b' })
  // Other tabs are told at once.
  expect(told.at(-1)).toBe('for a')
})

it('[CV3] of a conversation without a message is that of the next new one', async () => {
  const { draft, go } = open()
  draft.text = 'of the new one'
  await go(NEW, A)
  expect(draft.text).toBe('')
  await go(A, place('d', 0))
  expect(draft.text).toBe('of the new one')
})

it('[CV3] that was sent is not there any more', async () => {
  const { draft, go, kept } = open()
  draft.text = 'for a'
  await go(A, B)
  await go(B, A)
  draft.text = ''
  await go(A, B)
  expect(await kept()).toEqual({})
})

it('[CV3] [ID12] is its writer’s alone; an anonymous visitor’s is the user’s', async () => {
  const { draft, go, kept } = open()
  draft.text = 'of nobody'
  await go(A, B, 'anonymous')
  expect(await kept('user:bob')).toEqual({ a: 'of nobody' })
  draft.text = 'of bob'
  await go(B, A, 'user:bob')
  expect(await kept('user:ada')).toEqual({})
  await go(A, B, 'user:ada')
  expect(draft.text).toBe('')
})

it('[CV3] that the visitor goes on writing meanwhile goes along', async () => {
  const { draft, go } = open()
  draft.text = 'for a'
  const gone = go(A, B)
  draft.text = 'for a, and more'
  await gone
  expect(draft.text).toBe('for a, and more')
})

it('[CV3] is kept for 20 conversations', async () => {
  const { draft, go, kept } = open()
  for (let index = 0; index < 25; index += 1) {
    draft.text = `${index}`
    await go(place(`c${index}`), NEW)
  }
  expect(Object.keys(await kept())).toHaveLength(20)
  expect(await kept()).toMatchObject({ c24: '24' })
})
