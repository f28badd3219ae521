/** A shop for tests, with a clock that stands still until it is moved. */
import type { FastifyInstance } from 'fastify'
import { createShop } from './shop-server.ts'

export const CHAT_URL = 'http://127.0.0.1:4000'
export const TOKEN_SECRET = 'a-secret-of-the-tests-that-is-long-enough'
export const BOT_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

const API_KEY = 'an-api-key-of-the-tests'

export interface TestShop {
  readonly shop: FastifyInstance
  /** Moves the shop's clock. */
  pass(seconds: number): void
  now(): Date
  /** Signs in as the shop's dialog does; resolves with the cookie header. */
  signIn(email: string, password?: string): Promise<string>
}

export function createTestShop({ chatUrl = CHAT_URL } = {}): TestShop {
  // Starts at the real time, against which the signature's age is checked.
  let time = Date.now()
  const now = () => new Date(time)
  const shop = createShop({
    chatUrl: () => chatUrl,
    tokenSecret: TOKEN_SECRET,
    botSecret: BOT_SECRET,
    apiKey: API_KEY,
    now,
  })
  return {
    shop,
    now,
    pass(seconds) {
      time += seconds * 1_000
    },
    async signIn(email, password = 'northwind') {
      const response = await shop.inject({ method: 'POST', url: '/login', payload: { email, password } })
      const [cookie] = response.cookies
      return cookie === undefined ? '' : `${cookie.name}=${cookie.value}`
    },
  }
}
