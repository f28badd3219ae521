/**
 * Makes tables of emoji for the chat's picker from `emojibase-data` (MIT; the words are Unicode's), a module for each
 * language that it has and the chat speaks. They are in no commit: installing makes them, and so do building and testing.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run.mjs'

const FOLDER = join(ROOT, 'packages/widget/src/emoji')
const LANGUAGES = ['de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'zh']
/** Newer ones are boxes on devices of 2022. */
const NEWEST = 14
/** Emojibase's number of skin tones and hair, which are no emoji of their own. */
const COMPONENTS = 2
/** Words of an emoji beside its name: more find little more. */
const TAGS = 6
/** A woman's or a man's variant: the one of neither stands for both. */
const GENDERED = /[\u2640\u2642]/
/** The five skin tones, by their last code points. */
const TONES = [0x1f3fb, 0x1f3fc, 0x1f3fd, 0x1f3fe, 0x1f3ff]
const HEADER = '// Made by scripts/emoji.mjs from emojibase-data.\n'

const require = createRequire(import.meta.url)

function tableOf(language) {
  const read = (file) =>
    JSON.parse(readFileSync(require.resolve(`emojibase-data/${language}/${file}.json`), 'utf8'))
  const all = read('data').flatMap((one) => [one, ...(one.skins ?? [])])
  const known = new Set(all.filter(({ version }) => version <= NEWEST).map(({ hexcode }) => hexcode))
  const emoji = read('compact')
    .filter(({ group, hexcode, unicode }) => {
      const isOne = group !== undefined && group !== COMPONENTS && known.has(hexcode)
      return isOne && !GENDERED.test(unicode)
    })
    .sort((one, other) => one.order - other.order)
  return read('messages')
    .groups.filter(({ order }) => order !== COMPONENTS)
    .map(({ order, message }) => {
      const own = emoji.filter(({ group }) => group === order)
      return [message, ...own.map((one) => lineOf(one, known))].join('\n')
    })
    .join('\n\n')
}

/** As `tonedEmoji` of the chat does it. */
const toned = (unicode, tone) => unicode.replace(/^(.)\uFE0F?/u, `$1${String.fromCodePoint(tone)}`)

/** A `+` marks emoji with skin tones. Those of two people who may differ in theirs have none here. */
function lineOf({ unicode, label, tags = [], skins = [] }, known) {
  const more = tags.filter((tag) => !label.includes(tag)).slice(0, TAGS)
  const variants = new Set(skins.filter(({ hexcode }) => known.has(hexcode)).map((skin) => skin.unicode))
  const hasTones = TONES.every((tone) => variants.has(toned(unicode, tone)))
  return [unicode + (hasTones ? '+' : ''), label, ...more].join('|').replaceAll(/[`\\$]/g, '')
}

/** Writes what is missing or older. Nothing without the package, e.g. in a folder that was just updated. */
export function writeEmoji() {
  let version
  try {
    version = require('emojibase-data/package.json').version
  } catch {
    return
  }
  const script = createHash('sha256').update(readFileSync(new URL(import.meta.url)))
  const stamp = `${HEADER}// ${version} ${script.digest('base64url').slice(0, 8)}\n`
  mkdirSync(FOLDER, { recursive: true })
  for (const language of LANGUAGES) {
    const path = join(FOLDER, `emoji-${language}.ts`)
    if (existsSync(path) && readFileSync(path, 'utf8').startsWith(stamp)) continue
    writeFileSync(path, `${stamp}export const emoji = \`${tableOf(language)}\`\n`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeEmoji()
