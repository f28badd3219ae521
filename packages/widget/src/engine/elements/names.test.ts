import { expect, it } from 'vitest'
import { ENGLISH_WORDS } from '../load-strings.ts'
import { authorName } from './author-name.ts'

it('[AR8] an author’s name turns no text around it', () => {
  const name = 'Kim\u202egnosyrev'
  expect(authorName({ kind: 'agent', name }, ENGLISH_WORDS.strings)).toBe('Kim\ufffdgnosyrev')
})
