import { expect, it } from 'vitest'
import { agent, summary } from '../testing/fixtures.testing.ts'
import { filled, placeholderValues } from './placeholders.ts'

const ada = {
  verified: true,
  userIdentifier: 'ada@example.com',
  claims: [{ label: 'First name', value: 'Ada & Co\u202e', verified: true }],
} as const
const known = placeholderValues(summary(1, { visitor: ada }), agent)
const unknown = placeholderValues(summary(1), agent)

it('are replaced in each text of a body, and encoded in addresses', () => {
  const body = {
    cards: [
      {
        title: 'Hello {First Name}',
        buttons: [
          { label: 'Of {agent}', url: 'https://a.example/?for={visitor}&name={first name}' },
          { label: '{visitor}', value: '{visitor}' },
        ],
      },
    ],
  }
  expect(filled(body, known)).toEqual({
    cards: [
      {
        title: 'Hello Ada & Co\ufffd',
        buttons: [
          { label: 'Of Robin', url: 'https://a.example/?for=ada%40example.com&name=Ada%20%26%20Co%EF%BF%BD' },
          { label: 'ada@example.com', value: 'ada@example.com' },
        ],
      },
    ],
  })
})

it.each([
  ['Hello {First name|there}', 'Hello there'],
  ['Hello {First name}', 'Hello {First name}'],
  ['{"a":1} { } {a{agent}}', '{"a":1} { } {aRobin}'],
  ['{constructor} {__proto__}', '{constructor} {__proto__}'],
  ['{agent|x}', 'Robin'],
])('what is not known has its other words, or stays: %s', (text, shown) => {
  expect(filled({ text }, unknown)).toEqual({ text: shown })
})
