/** Loads the emoji of the visitor's language, a file for each; English where there is none. */
import { type EmojiGroup, parseEmoji } from './emoji-table.ts'

type Table = Promise<{ readonly emoji: string }>

const TABLES: Readonly<Record<string, () => Table>> = {
  ar: () => import('../../emoji/emoji-ar.ts'),
  de: () => import('../../emoji/emoji-de.ts'),
  es: () => import('../../emoji/emoji-es.ts'),
  fr: () => import('../../emoji/emoji-fr.ts'),
  he: () => import('../../emoji/emoji-he.ts'),
  hi: () => import('../../emoji/emoji-hi.ts'),
  it: () => import('../../emoji/emoji-it.ts'),
  ja: () => import('../../emoji/emoji-ja.ts'),
  ko: () => import('../../emoji/emoji-ko.ts'),
  nl: () => import('../../emoji/emoji-nl.ts'),
  pl: () => import('../../emoji/emoji-pl.ts'),
  pt: () => import('../../emoji/emoji-pt.ts'),
  tr: () => import('../../emoji/emoji-tr.ts'),
  zh: () => import('../../emoji/emoji-zh.ts'),
}

export interface EmojiTable {
  /** Language of the names. */
  readonly language: string
  readonly groups: readonly EmojiGroup[]
}

/** Rejects if the file cannot be loaded. */
export async function loadEmoji(locale: string): Promise<EmojiTable> {
  const [language = 'en'] = locale.split('-')
  const load = Object.hasOwn(TABLES, language) ? TABLES[language] : undefined
  const { emoji } = await (load?.() ?? import('../../emoji/emoji-en.ts'))
  return { language: load ? language : 'en', groups: parseEmoji(emoji) }
}
