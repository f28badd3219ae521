import { clientMessageId, conversationId } from '@chat-widget/protocol/schemas'
import { expect, it } from 'vitest'
import { derivedClientId } from './derived-client-id.ts'

it('[DL2] is a UUID that nobody may send, the same for the same parts and for no others', () => {
  const id = derivedClientId('delivery', 1)
  expect(conversationId.safeParse(id).success, 'a UUID').toBe(true)
  expect(clientMessageId.safeParse(id).success).toBe(false)
  expect(derivedClientId('delivery', 1)).toBe(id)
  const others = [
    derivedClientId('delivery', 2),
    derivedClientId('delivery1'),
    derivedClientId('delivery', '1'),
  ]
  expect(new Set([id, ...others]).size).toBe(4)
})
