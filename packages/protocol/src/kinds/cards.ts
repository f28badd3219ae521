/** Cards with a picture, text and buttons; several make a carousel. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import { plainName } from '../plain-name.ts'
import { LINK_SCHEMES } from '../safe-url.ts'
import { choice, label, line, pictureUrl, urlOf } from './choice.ts'
import { from, type KindDefinition } from './kind.ts'
import type { WireType } from './schema-parts.ts'
import { text } from './text.ts'

const button = z.union([z.strictObject({ label, url: urlOf(LINK_SCHEMES) }), choice])

const card = z.strictObject({
  title: line(LIMITS.titleLength),
  text: text.max(LIMITS.cardTextLength).optional(),
  image: z
    .strictObject({ url: pictureUrl, alt: line(LIMITS.altLength).describe('said by screen readers') })
    .optional(),
  buttons: z.array(button).max(LIMITS.cardButtons),
})
export type Card = WireType<z.output<typeof card>>

const posted = z.strictObject({ cards: z.array(card).min(1).max(LIMITS.cards) })

export const cardsKind = {
  details: z.object(posted.shape),
  posted: from(['agent', 'bot', 'rest'], posted),
  fallback: ({ cards }: z.output<typeof posted>) => cards.map(inText).join('\n\n'),
} as const satisfies KindDefinition

const inText = ({ title, text, buttons }: z.output<typeof card>) =>
  [
    plainName(title),
    ...(text === undefined ? [] : [text]),
    ...buttons.map((button) => {
      // Beside an address, which it could turn.
      const label = plainName(button.label)
      return 'url' in button ? `${label}: ${button.url}` : `- ${label}`
    }),
  ].join('\n')
