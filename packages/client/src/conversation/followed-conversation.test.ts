import type { ConversationId, FetchMessagesRequest, Message } from '@chat-widget/protocol'
import { expect, it, vi } from 'vitest'
import { FollowedConversation } from './followed-conversation.ts'

const ID = 'c1' as ConversationId

/** A followed conversation whose server has as many messages as `server.headSeq` says. */
function follow() {
  const server = { headSeq: 3 }
  const messageOf = (seq: number) =>
    ({ seq, conversationId: ID, clientId: `m${seq}`, kind: 'text', author: { kind: 'agent' } }) as Message
  const followed = new FollowedConversation({
    side: 'visitor',
    isSelf: () => false,
    fetch: async ({ after = 0 }: FetchMessagesRequest) => {
      const seqs = Array.from({ length: server.headSeq }, (_, index) => index + 1)
      const messages = seqs.filter((seq) => seq > after).map(messageOf)
      return { ok: true, value: { messages, headSeq: server.headSeq } }
    },
    read: async () => ({ ok: true, value: null }),
  })
  const open = (isAfresh: boolean) =>
    followed.open(
      {
        ...{ id: ID, headSeq: server.headSeq, visitorReadSeq: 0, agentReadSeq: 0 },
        ...{ visitorDeliveredSeq: 0, agentDeliveredSeq: 0 },
      },
      isAfresh,
    )
  const expectSeqs = (seqs: readonly number[]) =>
    vi.waitFor(() => expect(followed.timeline.messages.map(({ seq }) => seq)).toEqual(seqs))
  return { server, followed, open, expectSeqs }
}

it('[DL3] shows no more what a server lacks that was restored from a backup', async () => {
  const { server, open, expectSeqs } = follow()
  open(true)
  await expectSeqs([1, 2, 3])
  server.headSeq = 1
  open(true)
  await expectSeqs([1])
})

it('[DL3] keeps messages that arrived ahead of older news of the conversation', async () => {
  const { server, open, expectSeqs } = follow()
  open(true)
  await expectSeqs([1, 2, 3])
  server.headSeq = 1
  open(false)
  await expectSeqs([1, 2, 3])
})

it('tells a change where another device has read, and none where this one has', async () => {
  const { followed, open, expectSeqs } = follow()
  open(true)
  await expectSeqs([1, 2, 3])
  const changes: number[] = []
  followed.on('change', () => changes.push(followed.readSeq))
  followed.takeReceipt({ conversationId: ID, reader: 'visitor', seq: 2 })
  expect(changes).toEqual([2])
  const told = followed.markRead()
  expect(changes).toEqual([2, 3])
  followed.takeReceipt({ conversationId: ID, reader: 'visitor', seq: 3 })
  await told
  expect(changes).toEqual([2, 3])
})
