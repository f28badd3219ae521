import { ChatError, type ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { createAppendQueue } from './append-queue.ts'
import { newConversationId, textFrom } from './contract-fixture.testing.ts'
import type { AppendRequest, AppendResult } from './storage.ts'

const NOT_FOUND: AppendResult = { ok: false, code: 'not-found' }

function recordingStore(fail: (requests: readonly AppendRequest[]) => ChatError | null = () => null) {
  const groups: string[][] = []
  return {
    groups,
    async store(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
      groups.push(requests.map(({ body }) => body.text))
      await new Promise((resolve) => setImmediate(resolve))
      const error = fail(requests)
      if (error !== null) throw error
      return requests.map(() => NOT_FOUND)
    },
  }
}

const ask = (text: string, conversationId: ConversationId = newConversationId()) =>
  textFrom({ kind: 'bot' }, conversationId, text)
const count = (length: number) => Array.from({ length }, (_, index) => `${index}`)

it('stores together what arrives together and what arrives while the disk is busy, 200 at most', async () => {
  const { groups, store } = recordingStore()
  const queue = createAppendQueue({ lanes: 1, store })
  const first = queue.append(ask('first'))
  const second = queue.append(ask('second'))
  await Promise.resolve().then(() => undefined)
  const later = count(450).map((text) => queue.append(ask(text)))
  await Promise.all([first, second, ...later])
  expect(groups.map(({ length }) => length)).toEqual([2, 200, 200, 50])
  expect(groups.flat()).toEqual(['first', 'second', ...count(450)])
})

it('[DL9] has a bound: what comes beyond it is not taken, and what was taken is stored', async () => {
  const { groups, store } = recordingStore()
  const queue = createAppendQueue({ lanes: 1, store, mostWaiting: 3 })
  const taken = count(3).map((text) => queue.append(ask(text)))
  await expect(queue.append(ask('too many'))).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterMs: expect.any(Number),
  })
  await Promise.all(taken)
  expect(groups.flat()).toEqual(count(3))
  await queue.append(ask('later'))
})

it('keeps each conversation’s order with many lanes', async () => {
  const { groups, store } = recordingStore()
  const queue = createAppendQueue({ lanes: 4, store })
  const conversations = count(20).map(() => newConversationId())
  await Promise.all(
    count(10).flatMap((round) => conversations.map((id) => queue.append(ask(`${id} ${round}`, id)))),
  )
  for (const id of conversations) {
    const rounds = groups.flat().filter((text) => text.startsWith(id))
    expect(rounds).toEqual(count(10).map((round) => `${id} ${round}`))
  }
  expect(groups.length).toBeGreaterThan(1)
})

it('stores the neighbours of a request that the database refuses, in order', async () => {
  const refused = new ChatError('internal', 'refused')
  const { groups, store } = recordingStore((requests) =>
    requests.some(({ body }) => body.text === '5') ? refused : null,
  )
  const queue = createAppendQueue({ lanes: 1, store })
  const outcomes = await Promise.allSettled(count(9).map((text) => queue.append(ask(text))))
  expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(count(9).map((text) => text === '5'))
  const storedGroups = groups.filter((group) => !group.includes('5'))
  expect(storedGroups.flat()).toEqual(count(9).filter((text) => text !== '5'))
})

it('[DL8] rejects a whole group in an outage without trying it in pieces', async () => {
  const outage = new ChatError('unavailable', 'disk full')
  const { groups, store } = recordingStore(() => outage)
  const queue = createAppendQueue({ lanes: 1, store })
  const outcomes = await Promise.allSettled(count(9).map((text) => queue.append(ask(text))))
  expect(outcomes).toEqual(count(9).map(() => ({ status: 'rejected', reason: outage })))
  expect(groups).toHaveLength(1)
})
