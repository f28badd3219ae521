/** Emoji by group, in one language, and the search in them. */

export interface Emoji {
  readonly character: string
  readonly name: string
  /** The name and further words, as the search reads them. */
  readonly words: readonly string[]
  readonly hasTones: boolean
}

export interface EmojiGroup {
  readonly name: string
  readonly emoji: readonly Emoji[]
}

/** Without capitals and accents, which people leave out: `cadir` finds the Turkish tent, `çadır`. */
const plain = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')

/** Parses what scripts/emoji.mjs made: groups apart by an empty line, each a name and a line for each emoji. */
export const parseEmoji = (table: string): readonly EmojiGroup[] =>
  table.split('\n\n').map((group) => {
    const [name = '', ...lines] = group.split('\n')
    const emoji = lines.map((line) => {
      const [sign = '', label = '', ...tags] = line.split('|')
      const hasTones = sign.endsWith('+')
      const character = hasTones ? sign.slice(0, -1) : sign
      return { character, name: label, words: [label, ...tags].map(plain), hasTones }
    })
    return { name: name[0]?.toUpperCase() + name.slice(1), emoji }
  })

/** The emoji in a skin tone: 1, the lightest, to 5; 0 is the yellow that is no one's. */
export const tonedEmoji = ({ character, hasTones }: Emoji, tone: number): string =>
  hasTones && tone > 0
    ? character.replace(/^(.)\uFE0F?/u, `$1${String.fromCodePoint(0x1f3fa + tone)}`)
    : character

const PARTS = /[\s\-’']/

/** Rank of a word that fits: 0 for all of it, 1 for its beginning or a whole part, 2 for a later part's beginning; `undefined`: not. */
function fit(word: string, query: string): number | undefined {
  if (word === query) return 0
  const at = word.indexOf(query)
  if (at === -1) return undefined
  if (at === 0 || word.split(PARTS).includes(query)) return 1
  // Languages without spaces between words have no other beginnings.
  return PARTS.test(word[at - 1] ?? '') || !/[a-z]/.test(query) ? 2 : undefined
}

/** Emoji that fit, the best first. Every part of the query has to be found. */
export function searchEmoji(groups: readonly EmojiGroup[], query: string): readonly Emoji[] {
  const parts = plain(query).split(/\s+/).filter(Boolean)
  const found: (readonly [rank: number, emoji: Emoji])[] = []
  for (const emoji of groups.flatMap((group) => group.emoji)) {
    const ranks = parts.map((part) => {
      const fits = emoji.words.flatMap((word, index) => {
        const rank = fit(word, part)
        // The name says more than a further word: only a beginning in it says less than one of those words.
        return rank === undefined ? [] : [index === 0 ? rank * 1.5 : rank + 2]
      })
      return Math.min(...fits)
    })
    const rank = Math.max(...ranks)
    if (rank < Number.POSITIVE_INFINITY) found.push([rank, emoji])
  }
  // Stable: emoji that fit alike keep their order.
  return found.sort(([one], [other]) => one - other).map(([, emoji]) => emoji)
}
