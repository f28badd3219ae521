import { botAnswer } from '@chat-widget/protocol/schemas'
import { describe, expect, it } from 'vitest'
import { ordersOf } from '../shop/orders.ts'
import { ALEX, ANONYMOUS, actionResult, messageRequest } from './bot.testing.ts'
import { answer } from './bot.ts'

const NOW = new Date('2026-11-20T10:00:00Z')

const ALEX_CARD = {
  cards: [
    {
      title: 'Trail jacket',
      text: 'NW-1042 · on its way',
      buttons: [{ label: 'Send it back', value: 'return NW-1042' }],
    },
  ],
}

/** The bot's answer, validated by the chat server's schema. */
const ask = (text: string, visitor = ANONYMOUS) => botAnswer.parse(answer(messageRequest(text, visitor), NOW))
const hearOf = (result: Parameters<typeof actionResult>[0]) =>
  botAnswer.parse(answer(actionResult(result), NOW))

describe('the bot', () => {
  it.each(['Hello', 'hi!', 'help', 'Good morning'])('greets "%s" and says what to try', (text) => {
    expect(ask(text).messages).toEqual([{ text: expect.stringContaining('Where is my order?') }])
  })

  it('greets a verified customer by name', () => {
    expect(ask('hello', ALEX).messages).toEqual([{ text: expect.stringMatching(/^Hello Alex/) }])
  })

  it.each(['Where is my order?', 'order NW-1042', 'WHERE ARE MY ORDERS'])(
    'asks an anonymous visitor who says "%s" to sign in',
    (text) => {
      expect(ask(text)).toEqual({
        messages: [{ login: { text: 'Please sign in so I can look up your order.', button: 'Sign in' } }],
        handOver: false,
      })
    },
  )

  it('[ID16] looks up the orders of a verified customer by the app’s action', () => {
    expect(ask('Where is my order?', ALEX).messages).toEqual([{ action: { name: 'orders', params: {} } }])
  })

  it('[AR15] looks up by itself where the chat signed in: there is no token for the order API', () => {
    const byMail = { ...ALEX, method: 'email' } as const

    expect(ask('Where is my order?', byMail).messages).toEqual([
      { text: 'Your order NW-1042 (Trail jacket) is on its way and arrives tomorrow.' },
      ALEX_CARD,
    ])
    expect(
      ask('order', { verified: true, userIdentifier: '1112223334', method: 'identifier' }).messages,
    ).toEqual([{ text: expect.stringContaining('no order') }])
  })

  it('tells when the parcel arrives', () => {
    const body = { orders: ordersOf('alex@example.com', NOW) }

    expect(hearOf({ ok: true, status: 200, body }).messages).toEqual([
      { text: 'Your order NW-1042 (Trail jacket) is on its way and arrives tomorrow.' },
      ALEX_CARD,
    ])
  })

  it('tells of each order, with the day where it is further away', () => {
    const body = { orders: ordersOf('sam@example.com', NOW) }

    expect(hearOf({ ok: true, status: 200, body }).messages).toMatchObject([
      // The comma after the weekday depends on the version of ICU.
      {
        text: expect.stringMatching(
          /^Your order NW-1057 \(Ridge backpack\) is being packed and arrives on Tuesday,? 24 November\.\nYour order NW-0988 \(Fell tent\) was delivered on Saturday,? 14 November\.$/,
        ),
      },
      { cards: [{ title: 'Ridge backpack' }, { title: 'Fell tent' }] },
    ])
  })

  it('[MK4] sends a form to who wants to send something back, and answers what was filled in', () => {
    const [policy, form] = ask('Send something back').messages
    expect(policy).toEqual({ text: expect.stringContaining('60 days') })
    expect(form).toMatchObject({
      form: { fields: [{ name: 'order' }, { name: 'reason' }, { name: 'note' }] },
    })
    const tapped = messageRequest('Send it back', ALEX, { reply: { to: 3, value: 'return NW-1042' } })
    expect(botAnswer.parse(answer(tapped, NOW)).messages[1]).toMatchObject({
      form: { title: 'Send NW-1042 back', fields: [{ name: 'reason' }, { name: 'note' }] },
    })
    const filled = messageRequest('Reason: It broke', ALEX, {
      kind: 'form-answer',
      to: 4,
      values: { reason: 'broke' },
    })
    expect(botAnswer.parse(answer(filled, NOW)).messages).toEqual([
      { text: expect.stringMatching(/noted.*picture/) },
    ])
  })

  it('says only the policy to who asks for it', () => {
    expect(ask('What is your return policy?').messages).toEqual([
      { text: expect.stringContaining('60 days') },
    ])
  })

  it('hands a picture over to a person', () => {
    const file = { id: 'f-1', name: 'tent.jpg', mediaType: 'image/jpeg', size: 1_000 }
    expect(
      botAnswer.parse(answer(messageRequest('File: tent.jpg', ALEX, { kind: 'file', file }), NOW)),
    ).toEqual({
      messages: [{ text: expect.stringContaining('picture') }],
      handOver: true,
    })
  })

  it('says so when there is no order', () => {
    expect(hearOf({ ok: true, status: 200, body: { orders: [] } }).messages).toEqual([
      { text: expect.stringContaining('no order') },
    ])
  })

  it.each([
    [{ ok: false, status: 0, body: null }, /could not reach/],
    [{ ok: false, status: 503, body: { error: 'down' } }, /could not reach/],
    [{ ok: false, status: 401, body: null }, /did not accept your sign-in/],
    [{ ok: true, status: 200, body: { orders: [{ id: 1 }] } }, /could not reach/],
  ])('admits that it does not know after %o', (result, honest) => {
    expect(hearOf(result).messages).toEqual([{ text: expect.stringMatching(honest) }])
  })

  it.each(['I want a human', 'agent please', 'Can I talk to a person?'])('hands over at "%s"', (text) => {
    expect(ask(text)).toEqual({ messages: [{ text: expect.any(String) }], handOver: true })
  })

  it('says what it can do when it did not understand', () => {
    expect(ask('qwertz')).toEqual({
      messages: [{ text: expect.stringContaining('Where is my order?') }],
      handOver: false,
    })
  })

  it('has a valid answer to a kind of webhook that it does not know', () => {
    const future = { ...messageRequest('hello'), type: 'visitor-left' } as unknown as Parameters<
      typeof answer
    >[0]

    expect(botAnswer.parse(answer(future, NOW)).messages).toEqual([])
  })
})
