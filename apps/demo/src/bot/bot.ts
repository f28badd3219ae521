/** The shop's bot: plain rules, one function from a webhook to its answer. */
import type {
  BotActionResultRequest,
  BotAnswer,
  BotAnswerItem,
  BotMessageRequest,
  BotRequest,
  BotVisitor,
} from '@chat-widget/protocol'
import { findCustomer } from '../shop/customers.ts'
import { type Order, ordersOf } from '../shop/orders.ts'
import { describeOrders, orderCards, readOrders } from './order-words.ts'
import { describeReturn, returnForm } from './returns.ts'

type VerifiedVisitor = Extract<BotVisitor, { readonly verified: true }>

const TRY = [
  '“Where is my order?” – I look it up, once you have signed in',
  '“What is your return policy?”',
  '“human” – to talk to a person',
]

const RETURNS =
  'You have 60 days. Walk in it, sleep in it, and if it is not for you, send it back free of charge.'
const SIGN_IN = 'Please sign in so I can look up your order.'
const FILE = 'A colleague has a look at it, and answers right here.'
const HAND_OVER = 'Of course. I am passing you on to a colleague, who will answer right here.'
const FALLBACK = 'I am a small bot and did not get that. Try “Where is my order?”, or “human” for a person.'

export function answer(request: BotRequest, now: Date): BotAnswer {
  switch (request.type) {
    case 'message':
      return answerMessage(request, now)
    case 'action-result':
      return answerOutcome(request, now)
    case 'conversation-closed':
      return { messages: [] }
    default:
      // A newer server may send further types; an empty answer to them is valid.
      request satisfies never
      return { messages: [] }
  }
}

function answerMessage({ message, visitor }: BotMessageRequest, now: Date): BotAnswer {
  if (message.kind === 'file') {
    const what = message.file.mediaType.startsWith('image/') ? 'picture' : 'file'
    return { ...say(`Thank you for the ${what}. ${FILE}`), handOver: true }
  }
  if (message.kind === 'form-answer') return say(describeReturn(message.values))
  // Of a button that was tapped, what it stands for.
  const said = (message.kind === 'text' && message.reply?.value) || message.text
  const text = said.toLowerCase()
  const asks = (...words: string[]) => words.some((word) => new RegExp(`\\b${word}`).test(text))

  if (asks('human', 'agent', 'person', 'operator')) return { ...say(HAND_OVER), handOver: true }
  if (asks('send (something |it )?back', 'return nw-')) return giveAll({ text: RETURNS }, returnForm(text))
  if (asks('return', 'refund')) return say(RETURNS)
  if (text.includes('order') || asks('parcel', 'package', 'delivery')) {
    return visitor.verified ? lookUpOrders(visitor, now) : askToSignIn()
  }
  if (asks('sign in', 'log ?in')) {
    return visitor.verified ? say(`You are signed in as ${visitor.userIdentifier}.`) : askToSignIn()
  }
  if (asks('thanks', 'thank you', 'cheers')) return say('You are welcome. Have a good walk!')
  if (asks('hi\\b', 'hello', 'hey\\b', 'good (morning|day|evening|afternoon)', 'help', 'start')) {
    const name = visitor.verified ? findCustomer(visitor.userIdentifier)?.name : undefined
    const greeting =
      name === undefined ? 'Hello, and welcome to Northwind!' : `Hello ${name}, good to see you!`
    return say(`${greeting} You can ask me:\n${TRY.map((line) => `• ${line}`).join('\n')}`)
  }
  return say(FALLBACK)
}

/**
 * Looks up the orders of a user whom the chat server itself signed in: without a token for the order API, the server's
 * signature is enough.
 */
function lookUpOrders({ userIdentifier, method }: VerifiedVisitor, now: Date): BotAnswer {
  return method === undefined
    ? give({ action: { name: 'orders', params: {} } })
    : tell(ordersOf(userIdentifier, now), now)
}

function answerOutcome({ name, ok, status, body }: BotActionResultRequest, now: Date): BotAnswer {
  const orders = name === 'orders' && ok ? readOrders(body) : null
  if (orders !== null) return tell(orders, now)
  if (status === 401 || status === 403) {
    return say(
      'Our order system did not accept your sign-in, so I could not look. Please sign in again, or write “human”.',
    )
  }
  return say(
    'I could not reach our order system just now, sorry. Please try again in a minute, or write “human” to talk to a person.',
  )
}

/** In words, and as a card for each order that can be sent back. */
function tell(orders: readonly Order[], now: Date): BotAnswer {
  const text = describeOrders(orders, now)
  return orders.length === 0 ? say(text) : giveAll({ text }, orderCards(orders))
}

const say = (text: string) => give({ text })
const give = (item: BotAnswerItem) => giveAll(item)
const giveAll = (...messages: BotAnswerItem[]) => ({ messages })
const askToSignIn = () => give({ login: { text: SIGN_IN, button: 'Sign in' } })
