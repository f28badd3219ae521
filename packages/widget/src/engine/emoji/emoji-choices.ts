/** Emoji that the visitor took last, and the skin tone they chose, in this browser until they sign out. */
import { attempt } from '@chat-widget/client/browser'
import { areaOf, type ChoicesPlace, emojiKeyOf } from '../attention/stored-choices.ts'

const MOST_RECENT = 16

export interface EmojiChoices {
  /** Without skin tones, the newest first. */
  readonly recent: readonly string[]
  readonly tone: number
}

/** Stored texts may be anything: the picker shows only emoji that it knows. */
export function readEmojiChoices(place: ChoicesPlace): EmojiChoices {
  const stored = attempt(() => JSON.parse(areaOf(place)?.getItem(emojiKeyOf(place)) ?? '') as unknown)
  const { recent, tone } = Object(stored) as { readonly recent?: unknown; readonly tone?: unknown }
  return {
    recent: Array.isArray(recent)
      ? recent.filter((one) => typeof one === 'string').slice(0, MOST_RECENT)
      : [],
    tone: [1, 2, 3, 4, 5].find((one) => one === tone) ?? 0,
  }
}

/** Does nothing where nothing is kept, or if the browser refuses. */
export function chooseEmoji(
  place: ChoicesPlace,
  change: { readonly taken: string } | { readonly tone: number },
): void {
  const { recent, tone } = readEmojiChoices(place)
  const next: EmojiChoices =
    'tone' in change
      ? { recent, tone: change.tone }
      : { recent: [...new Set([change.taken, ...recent])].slice(0, MOST_RECENT), tone }
  attempt(() => areaOf(place)?.setItem(emojiKeyOf(place), JSON.stringify(next)))
}
