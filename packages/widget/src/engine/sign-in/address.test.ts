import { describe, expect, it } from 'vitest'
import { addressOf, shownAddress } from './address.ts'

describe('what a visitor types', () => {
  it.each([
    ['1112223334', '1112223334'],
    [' 111 222 3334 ', '1112223334'],
    ['111-222-3334', '1112223334'],
    ['(111) 222 3334', '1112223334'],
    ['١١١٢٢٢٣٣٣٤', '1112223334'],
    ['۱۱۱۲۲۲۳۳۳۴', '1112223334'],
    ['111222333', null],
    ['11122233345', null],
    ['111222333a', null],
    ['', null],
  ])('[AR14] is an identifier if it has ten digits: %j', (typed, address) => {
    expect(addressOf('identifier', typed)).toBe(address)
  })

  it.each([
    [' ada@example.com ', 'ada@example.com'],
    ['Ada.L+chat@mail.example.co.uk', 'Ada.L+chat@mail.example.co.uk'],
    ['ada', null],
    ['ada@example', null],
    ['ada@example.', null],
    ['ada lovelace@example.com', null],
    ['ada@@example.com', null],
    ['', null],
  ])('[AR14] is an email address if it may be one: %j', (typed, address) => {
    expect(addressOf('email', typed)).toBe(address)
  })

  it('is shown in its own direction of writing, digits in groups', () => {
    expect(shownAddress('email', 'ada@example.com')).toBe('\u2066ada@example.com\u2069')
    expect(shownAddress('identifier', '1112223334')).toBe('\u2066111 222 3334\u2069')
  })
})
