import { expect, it } from 'vitest'
import { emoji as german } from '../../emoji/emoji-de.ts'
import { emoji as english } from '../../emoji/emoji-en.ts'
import { emoji as french } from '../../emoji/emoji-fr.ts'
import { emoji as japanese } from '../../emoji/emoji-ja.ts'
import { emoji as polish } from '../../emoji/emoji-pl.ts'
import { emoji as turkish } from '../../emoji/emoji-tr.ts'
import { parseEmoji, searchEmoji, tonedEmoji } from './emoji-table.ts'

const found = (table: string, query: string) =>
  searchEmoji(parseEmoji(table), query).map(({ character }) => character)

it('has groups in the language, with a name for each emoji', () => {
  const groups = parseEmoji(german)
  expect(groups).toHaveLength(9)
  expect(groups[0]?.name).toBe('Smileys & Emotionen')
  expect(groups[0]?.emoji[0]).toMatchObject({ character: '😀' })
  const all = groups.flatMap(({ emoji }) => emoji)
  expect(all.every(({ character, name }) => character !== '' && name !== '')).toBe(true)
  // One stands for both.
  expect(all.some(({ character }) => /[\u2640\u2642]/.test(character))).toBe(false)
})

it('finds by name and further words, the best first, and nothing for nonsense', () => {
  expect(found(english, 'tent')[0]).toBe('⛺️')
  expect(found(english, 'Thumbs up')[0]).toBe('👍️')
  expect(found(english, 'heart').slice(0, 40)).toContain('❤️')
  expect(found(english, 'heart').indexOf('❤️')).toBeLessThan(found(english, 'heart').indexOf('😘'))
  expect(found(english, 'happy').length).toBeGreaterThan(3)
  expect(found(german, 'zelt')[0]).toBe('⛺️')
  expect(found(japanese, 'テント')).toContain('⛺️')
  expect(found(english, 'xyzzy')).toEqual([])
})

it('finds by words without their accents and capitals, too', () => {
  for (const query of ['çadır', 'cadir', 'ÇADIR', 'Cadir']) expect(found(turkish, query)).toContain('⛺️')
  expect(found(french, 'etoile')).toEqual(found(french, 'étoile'))
  expect(found(french, 'etoile')).toContain('⭐️')
  expect(found(polish, 'slon')).toContain('🐘')
})

it('has skin tones where Unicode has one for all of the emoji', () => {
  const [hand, point, coder, tent] = ['waving hand', 'index pointing up', 'technologist', 'tent'].map(
    (name) =>
      parseEmoji(english)
        .flatMap(({ emoji }) => emoji)
        .find((one) => one.name === name)!,
  )
  expect([hand, point, coder, tent].map((one) => one && tonedEmoji(one, 3))).toEqual([
    '👋🏽',
    '☝🏽',
    '🧑🏽‍💻',
    '⛺️',
  ])
  expect(tonedEmoji(hand!, 0)).toBe('👋')
})
