import { expect, it } from 'vitest'
import { eventText } from '../kinds/event.ts'
import { summary } from '../testing/fixtures.testing.ts'
import { authorName } from './describe-message.ts'
import { visitorLabel } from './visitor-label.ts'

const NAME = 'evil\u202emoc.elpmaxe@nna'
const TURNS = /[\p{Bidi_Control}\p{Cc}]/u

it('[AR8] a verified name turns no text around it, and looks like no other name', () => {
  const visitor = { ...summary(1).visitor, verified: true, userIdentifier: NAME, claims: [] } as const
  const { name } = visitorLabel({ ...summary(1), visitor })
  expect(name).toBe('evil\ufffdmoc.elpmaxe@nna')
  expect(eventText({ type: 'signed-in', userIdentifier: NAME } as never, '')).not.toMatch(TURNS)
  for (const kind of ['visitor', 'agent', 'bot'] as const)
    expect(authorName({ kind, name: NAME }, null)).not.toMatch(TURNS)
})
