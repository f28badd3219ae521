import { expect, it } from 'vitest'
import { ENGLISH as strings } from '../strings.ts'
import { authorName } from './message-row.ts'

it('[AR8] an author’s name turns no text around it', () => {
  const name = 'Kim\u202egnosyrev'
  expect(authorName({ kind: 'agent', name }, strings)).toBe('Kim\ufffdgnosyrev')
})
