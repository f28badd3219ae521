/** The conversation that both lists show. */

export const APP = 'bench'
const BOT = 'Helper'
const AGENT = 'Alex'
/** Consecutive messages of one author. */
const GROUP = 3

const SENTENCES = [
  'Your order has left our warehouse.',
  'It is with the carrier, and you can follow it at https://example.com/track/42 from this evening on.',
  'Yes.',
  'The chair comes in oak and in walnut; both are in stock, and both take about four days to arrive.',
  'Would you like me to change the address?',
]

export interface Line {
  readonly text: string
  readonly author: { readonly kind: 'bot' | 'agent'; readonly name: string }
}

/** The message at a place in the conversation, counted from 1. */
export function lineAt(place: number): Line {
  const isBot = Math.floor(place / GROUP) % 2 === 0
  return {
    text: `${SENTENCES[place % SENTENCES.length]} (${place})`,
    author: isBot ? { kind: 'bot', name: BOT } : { kind: 'agent', name: AGENT },
  }
}
