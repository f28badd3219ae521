/**
 * Makes tables of emoji for the chat's picker, a module for each language that the chat speaks, from `emojibase-data` (MIT) and,
 * for languages that it lacks, from CLDR; the words of both are Unicode's. They are in no commit: installing makes them, and
 * so do building and testing.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run.mjs'

const FOLDER = join(ROOT, 'packages/widget/src/emoji')
/** Of `emojibase-data`. */
const LANGUAGES = ['de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'zh']
/** Of CLDR, with the names of Emojibase's groups in their order. */
const LANGUAGES_OF_CLDR = {
  ar: [
    ...['الوجوه والمشاعر', 'الأشخاص والجسم', 'الحيوانات والطبيعة', 'الطعام والشراب'],
    ...['السفر والأماكن', 'الأنشطة', 'الأشياء', 'الرموز', 'الأعلام'],
  ],
  he: [
    ...['סמיילים ורגשות', 'אנשים וגוף', 'חיות וטבע', 'אוכל ומשקאות'],
    ...['נסיעות ומקומות', 'פעילויות', 'חפצים', 'סמלים', 'דגלים'],
  ],
  tr: [
    ...['Yüz ifadeleri ve duygular', 'İnsanlar ve vücut', 'Hayvanlar ve doğa', 'Yiyecek ve içecek'],
    ...['Seyahat ve yerler', 'Etkinlikler', 'Nesneler', 'Semboller', 'Bayraklar'],
  ],
}
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
const HEADER = '// Made by scripts/emoji.mjs.\n'

const require = createRequire(import.meta.url)

const readJson = (path) => JSON.parse(readFileSync(require.resolve(path), 'utf8'))

function tableOf(language) {
  const isOfCldr = language in LANGUAGES_OF_CLDR
  const read = (file) => readJson(`emojibase-data/${isOfCldr ? 'en' : language}/${file}.json`)
  const wordsOf = isOfCldr ? wordsOfCldr(language) : (one) => one
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
    .map(({ order, message }, index) => {
      const own = emoji.filter(({ group }) => group === order)
      const name = LANGUAGES_OF_CLDR[language]?.[index] ?? message
      return [name, ...own.map((one) => lineOf({ ...one, ...wordsOf(one) }, known))].join('\n')
    })
    .join('\n\n')
}

/** Names and tags of emoji, which CLDR writes without the character that asks for a picture. */
function wordsOfCldr(language) {
  const { annotations } = readJson(`cldr-annotations-full/annotations/${language}/annotations.json`)
  const { annotationsDerived } = readJson(
    `cldr-annotations-derived-full/annotationsDerived/${language}/annotations.json`,
  )
  const all = { ...annotations.annotations, ...annotationsDerived.annotations }
  return ({ unicode, label, tags }) => {
    const words = all[unicode.replaceAll('\uFE0F', '')]
    return { label: words?.tts?.[0] ?? label, tags: words?.default ?? tags }
  }
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

/** Writes what is missing or older. Nothing without the packages, e.g. in a folder that was just updated. */
export function writeEmoji() {
  let versions
  try {
    versions = [
      require('emojibase-data/package.json').version,
      require('cldr-annotations-full/package.json').version,
      require('cldr-annotations-derived-full/package.json').version,
    ].join(' ')
  } catch {
    return
  }
  const script = createHash('sha256').update(readFileSync(new URL(import.meta.url)))
  const stamp = `${HEADER}// ${versions} ${script.digest('base64url').slice(0, 8)}\n`
  mkdirSync(FOLDER, { recursive: true })
  for (const language of [...LANGUAGES, ...Object.keys(LANGUAGES_OF_CLDR)]) {
    const path = join(FOLDER, `emoji-${language}.ts`)
    if (existsSync(path) && readFileSync(path, 'utf8').startsWith(stamp)) continue
    writeFileSync(path, `${stamp}export const emoji = \`${tableOf(language)}\`\n`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeEmoji()
