import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BOT_SECRET, createTestShop, type TestShop } from '../shop/shop.testing.ts'
import { messageRequest } from './bot.testing.ts'

let test: TestShop

beforeEach(() => {
  test = createTestShop()
})
afterEach(() => test.shop.close())

const BODY = JSON.stringify(messageRequest('hello'))

function deliver({ secret = BOT_SECRET, signed = BODY, sent = BODY, at = new Date() } = {}) {
  return test.shop.inject({
    method: 'POST',
    url: '/bot',
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, signed),
    },
    payload: sent,
  })
}

describe('POST /bot', () => {
  it('answers what the chat server signed', async () => {
    const response = await deliver()

    expect(response.statusCode).toBe(200)
    expect(response.json().messages).toHaveLength(1)
  })

  it('checks the bytes that were sent, not the JSON they mean', async () => {
    const spaced = JSON.stringify(messageRequest('hello'), null, 4)

    expect((await deliver({ signed: spaced, sent: spaced })).statusCode).toBe(200)
    expect((await deliver({ signed: BODY, sent: spaced })).statusCode).toBe(401)
  })

  it('refuses another secret, another body, and an old delivery', async () => {
    const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
    const forged = JSON.stringify(
      messageRequest('hello', { verified: true, userIdentifier: 'sam@example.com' }),
    )

    expect((await deliver({ secret: other })).statusCode).toBe(401)
    expect((await deliver({ sent: forged })).statusCode).toBe(401)
    expect((await deliver({ at: new Date(Date.now() - 10 * 60_000) })).statusCode).toBe(401)
  })

  it('refuses what is not signed at all', async () => {
    const response = await test.shop.inject({ method: 'POST', url: '/bot', payload: JSON.parse(BODY) })

    expect(response.statusCode).toBe(401)
  })
})
