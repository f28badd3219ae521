import type { ConversationId } from '@chat-widget/protocol'
import { expect, it } from 'vitest'
import { createDeliveredSeqs, MAX_DELIVERED } from './delivered-seqs.ts'

const id = (name: number) => `${name}` as ConversationId

it('[DL16] asks the database once for many devices that tell the same, and keeps a bounded number', () => {
  const seqs = createDeliveredSeqs()
  expect([1, 1, 3, 2].map((seq) => seqs.raise(id(0), 'agent', seq))).toEqual([true, false, true, false])
  expect(seqs.raise(id(0), 'visitor', 1)).toBe(true)
  seqs.forget(id(0), 'agent')
  expect(seqs.raise(id(0), 'agent', 2)).toBe(true)
  for (let name = 1; name <= MAX_DELIVERED; name += 1) seqs.raise(id(name), 'agent', 1)
  expect(seqs.raise(id(0), 'agent', 2)).toBe(true)
})
