/** A shop whose bot knows orders and accounts, by the company's API or after a sign-in. */
import type { BotAnswer, BotRequest } from '@chat-widget/protocol'
import { onTestFinished } from 'vitest'
import { type FakeApi, startFakeApi } from './fake-api.ts'
import { type FakeBot, startFakeBot } from './fake-bot.ts'
import { type ServerHere, startServerHere } from './server-here.ts'
import { type ShopOptions, shopConfig } from './shop.ts'

export interface OrderShop {
  readonly api: FakeApi
  readonly bot: FakeBot
  readonly server: ServerHere
}

/** The bot's message about orders from the API. */
export const ORDERS = 'orders: 200 {"orders":["NW-1"]}'

/** Answers "orders?" with an action; "account?" with a login card, and with the name after a sign-in; nothing else. */
function answer(request: BotRequest): BotAnswer {
  if (request.type === 'action-result')
    return { messages: [{ text: `orders: ${request.status} ${JSON.stringify(request.body)}` }] }
  if (request.type !== 'message') return {}
  const { visitor, message } = request
  if (message.text === 'orders?') return { messages: [{ action: { name: 'orders' } }] }
  if (message.text !== 'account?') return { messages: [] }
  return visitor.verified
    ? { messages: [{ text: `account of ${visitor.userIdentifier}` }] }
    : { messages: [{ login: { text: 'Please sign in to see your account.', button: 'Sign in' } }] }
}

/** Ends with the test. */
export async function startOrderShop(options: Pick<ShopOptions, 'login'> = {}): Promise<OrderShop> {
  const api = await startFakeApi({ orders: ['NW-1'] })
  onTestFinished(() => api.close())
  const bot = await startFakeBot(answer)
  onTestFinished(() => bot.close())
  const actions = { orders: { url: api.url, headers: { authorization: 'Bearer {Auth.Token}' } } }
  const server = await startServerHere(shopConfig({ bot, actions, ...options }))
  onTestFinished(() => server.close())
  return { api, bot, server }
}

/** Number of times that the bot was asked about a text, by a verified visitor or not. */
export const questions = ({ bot }: OrderShop, text: string, verified: boolean): number =>
  bot.requests.filter(
    ({ request }) =>
      request.type === 'message' && request.message.text === text && request.visitor.verified === verified,
  ).length

/** Number of action outcomes sent to the bot. */
export const outcomes = ({ bot }: OrderShop): number =>
  bot.requests.filter(({ request }) => request.type === 'action-result').length
