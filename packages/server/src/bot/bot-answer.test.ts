import { LIMITS } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { readBotAnswer } from './bot-answer.ts'

const text = (value: string) => ({ text: value })
const tooLong = 'x'.repeat(LIMITS.textLength + 1)

describe("[BO1] of a bot's answer", () => {
  it.each([
    ['nothing', null, { messages: [], handOver: false }],
    ['no message', {}, { messages: [], handOver: false }],
    [
      'messages',
      { messages: [text('one'), text('two')] },
      { messages: [text('one'), text('two')], handOver: false },
    ],
  ])('%s is taken as it is', (_title, body, answer) => {
    expect(readBotAnswer(body)).toEqual({ answer, problems: [] })
  })

  it.each<[string, object, readonly object[], readonly RegExp[]]>([
    [
      'an empty text among two',
      { messages: [text(''), text('two')] },
      [text('two')],
      [/^messages\[0\]\.text: must not be empty$/],
    ],
    [
      'a text that is too long',
      { messages: [text('one'), text(tooLong)] },
      [text('one')],
      [/^messages\[1\]\.text: /],
    ],
    ['an unknown key', { messages: [text('one')], mood: 'good' }, [text('one')], [/^mood: unknown key$/]],
    [
      'an unknown key of a message',
      { messages: [{ text: 'one', html: '<b>' }] },
      [text('one')],
      [/^messages\[0\]\.html: unknown key beside text$/],
    ],
    [
      'a quick reply without a value',
      { messages: [{ text: 'one', quick_replies: [{ label: 'Yes' }] }] },
      [text('one')],
      [/^messages\[0\]\.quick_replies\[0\]\.value: missing$/],
    ],
    [
      'quick replies in camelCase',
      { messages: [{ text: 'one', quickReplies: [{ label: 'Yes', value: 'yes' }] }] },
      [text('one')],
      [/^messages\[0\]\.quickReplies: unknown key beside text$/],
    ],
    [
      'a card whose button runs a script',
      {
        messages: [text('one'), { cards: [{ title: 'x', buttons: [{ label: 'x', url: 'javascript:1' }] }] }],
      },
      [text('one')],
      [/^messages\[1\]\.cards\[0\]\.buttons\[0\]\.url: must be a URL/],
    ],
    [
      'an action without a name',
      { messages: [text('one'), { action: { params: {} } }] },
      [text('one')],
      [/^messages\[1\]\.action\.name: missing$/],
    ],
    [
      'what is no message',
      { messages: [text('one'), 'two'] },
      [text('one')],
      [/^messages\[1\]: has no text, /],
    ],
    [
      'a handOver of another type',
      { messages: [text('one')], handOver: 'no' },
      [text('one')],
      [/^handOver: /],
    ],
    [
      'more messages than are posted',
      { messages: Array.from({ length: 21 }, () => text('one')) },
      Array.from({ length: 20 }, () => text('one')),
      [/^messages: has 21, /],
    ],
  ])('%s is left out and named, and the rest is used', (_title, body, messages, problems) => {
    const read = readBotAnswer(body)
    expect(read.answer).toEqual({ messages, handOver: false })
    expect(read.problems).toEqual(problems.map((problem) => expect.stringMatching(problem)))
    expect(read.problems.join()).not.toMatch(/<b>|good|xxx/)
  })

  it('that hands over, this much is used', () => {
    expect(readBotAnswer({ messages: [text('')], handOver: true }).answer).toEqual({
      messages: [],
      handOver: true,
    })
  })

  it.each([
    ['text', 'ok'],
    ['a list', [text('one')]],
    ['unknown keys', { html: '<b>' }],
    ['an empty text', { messages: [text('')] }],
  ])('%s alone is nothing that can be used', (_title, body) => {
    const { answer, problems } = readBotAnswer(body)
    expect(answer).toBeNull()
    expect(problems).toHaveLength(1)
  })

  it('no more than ten problems are named', () => {
    const body = { messages: Array.from({ length: 20 }, () => text('')) }
    expect(readBotAnswer(body).problems).toHaveLength(10)
  })
})
