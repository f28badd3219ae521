/** Messages of words/*.arb: what they are compiled to, and what `check` says of them. */
import { createFormats } from '@chat-widget/protocol'
import { describe, expect, it } from 'vitest'
import { compileMessage } from '../../scripts/words-message.mjs'
import { clashProblems, messageProblems } from '../../scripts/words-problems.mjs'

const COUNT = { name: 'count', isNumber: true }
const NAME = { name: 'name', isNumber: false }

/** A message of a language as the code has it: a text, or a function. */
function wordOf(text: string, parameters: readonly (typeof COUNT)[], tag = 'en', isolate = false): unknown {
  const code = compileMessage(text, { parameters, isolate })
  const { number, plural } = createFormats(tag)
  return new Function('number', 'plural', `return ${code}`)(number, plural)
}

const say = (word: unknown, ...values: readonly unknown[]) =>
  (word as (...given: unknown[]) => string)(...values)

describe('a message', () => {
  it('without parameters is a text, as it stands', () => {
    expect(wordOf("It’s `it''s` \\ so", [])).toBe("It’s `it's` \\ so")
  })

  it('with a name is a function, which keeps the name’s direction in a right-to-left language', () => {
    expect(say(wordOf('Hi `{name}`!', [NAME]), 'Ada')).toBe('Hi `Ada`!')
    expect(say(wordOf('Hi {name}!', [NAME], 'he', true), 'Ada')).toBe('Hi \u2068Ada\u2069!')
  })

  it('with plural forms takes the one of the language, with the number in the locale’s digits', () => {
    const days = wordOf('{count, plural, =0{none} one{a day} other{# days}}', [COUNT])
    expect([0, 1, 2, 1_200].map((count) => say(days, count))).toEqual([
      'none',
      'a day',
      '2 days',
      '1,200 days',
    ])
    const polish = wordOf(
      '{count, plural, one{# dzień} few{# dni} many{# dni!} other{# dnia}}',
      [COUNT],
      'pl',
    )
    expect([1, 3, 5].map((count) => say(polish, count))).toEqual(['1 dzień', '3 dni', '5 dni!'])
    expect(say(wordOf('{count}', [COUNT], 'ar-EG'), 12)).toBe('١٢')
  })

  it('with a choice within a sentence takes one', () => {
    const word = wordOf('{name, select, bot{The bot} other{{name}}} answers {count}', [NAME, COUNT])
    expect([say(word, 'bot', 1), say(word, 'Ada', 2)]).toEqual(['The bot answers 1', 'Ada answers 2'])
  })
})

describe('the check of a message', () => {
  const problems = (text: string, tag: string) => [...messageProblems(text, { parameters: [COUNT] }, tag)]

  it('finds plural forms that the language has and the message lacks, and the other way round', () => {
    expect(problems('{count, plural, one{# dzień} other{# dnia}}', 'pl')).toEqual([
      'lacks the plural form "few"',
      'lacks the plural form "many"',
    ])
    expect(problems('{count, plural, one{# 日} other{# 日}}', 'ja')).toEqual([
      'has the plural form "one", which ja has not',
    ])
    expect(problems('{count, plural, zero{#} one{#} two{#} few{#} many{#} other{#}}', 'ar')).toEqual([])
  })

  it('finds placeholders that are missing, or that the code does not give', () => {
    expect(problems('{size} items', 'de')).toEqual([
      'lacks {count}',
      'has {size}, which the code does not give',
    ])
  })

  it('finds what is no message', () => {
    expect(problems('{count, plural, one{#}', 'de')).toEqual([expect.stringMatching(/^is no ICU message: /)])
    expect(problems('{count, date}', 'de')).toEqual([expect.stringMatching(/^dates, times and tags/)])
    expect(problems(' {count}', 'de')).toEqual(['is empty, or begins or ends with a space'])
  })
})

describe('the check of keys', () => {
  const problems = (...keys: readonly string[]) => [...clashProblems(keys)]

  it('finds a name that two sections of the chat have, of which one would replace the other', () => {
    expect(problems('widget.file.cancel', 'widget.form.send', 'widget.menu.cancel')).toEqual([
      expect.stringMatching(/widget\.menu\.cancel has the name of a word of widget\.file/),
    ])
    expect(problems('widget.form.errors.date', 'widget.file.errors.type')).toHaveLength(1)
    expect(problems('widget.form.errors.date', 'widget.form.errors.type')).toEqual([])
  })

  it('lets other surfaces, and what is no part of the chat, have the same names', () => {
    expect(problems('widget.chat.name', 'widget.launcher.name')).toEqual([])
    expect(problems('console.files.cancel', 'console.errors.cancel', 'widget.file.cancel')).toEqual([])
  })

  it('finds a word that has the name of a group', () => {
    expect(problems('console.view.close', 'console.view.close.short')).toEqual([
      expect.stringMatching(/console\.view\.close\.short stands below console\.view\.close,/),
    ])
  })
})
