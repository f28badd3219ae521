/** Media types: which an app accepts, and how a file of each is handed out. */
import { isPictureType } from './pictures/clean-picture.ts'

/** Types that browsers run scripts of: an app accepts them only by name, never by `*`. */
const ACTIVE: ReadonlySet<string> = new Set([
  'text/html',
  'application/xhtml+xml',
  'image/svg+xml',
  'application/xml',
  'text/xml',
  'text/javascript',
  'text/css',
])

export const UNKNOWN_TYPE = 'application/octet-stream'

/**
 * True if a pattern names the type. `image/*` are the pictures that are cleaned: others may hold the place where they
 * were taken.
 */
export function accepts(patterns: readonly string[], mediaType: string): boolean {
  if (patterns.includes(mediaType)) return true
  if (ACTIVE.has(mediaType)) return false
  if (mediaType.startsWith('image/')) return isPictureType(mediaType) && isAny(patterns, 'image')
  return isAny(patterns, mediaType.split('/')[0] ?? '')
}

const isAny = (patterns: readonly string[], group: string) =>
  patterns.includes(`${group}/*`) || patterns.includes('*/*')

/** True if a browser may show the file; all others are downloads. */
export const isShown = (mediaType: string): boolean => isPictureType(mediaType)

/** Types of texts by their names' endings; the content tells no more than that it is text. */
const TEXTS: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  md: 'text/markdown',
  markdown: 'text/markdown',
  json: 'application/json',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  html: 'text/html',
  htm: 'text/html',
  xhtml: 'application/xhtml+xml',
  svg: 'image/svg+xml',
  xml: 'application/xml',
  js: 'text/javascript',
  mjs: 'text/javascript',
  css: 'text/css',
}

export const textTypeOf = (extension: string): string =>
  (Object.hasOwn(TEXTS, extension) ? TEXTS[extension] : undefined) ?? 'text/plain'
