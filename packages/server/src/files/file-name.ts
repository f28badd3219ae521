/** Names of files, as people and their systems may be shown them. */
import { LIMITS } from '@chat-widget/protocol'

const FALLBACK = 'file'
/** Names that Windows keeps for devices. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i

/**
 * Removes folders, characters that no system takes or nobody sees, those that turn the direction of writing, and dots
 * and spaces at both ends. Shortened before its ending.
 */
export function cleanName(name: string): string {
  const [last = ''] = name.normalize('NFC').split(/[\\/]/).slice(-1)
  const plain = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}<>:"|?*]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
  const { base, ending } = splitName(plain)
  if (base === '') return FALLBACK
  const safe = DEVICES.test(base) ? `_${base}` : base
  return `${shortened(safe, LIMITS.fileNameLength - ending.length)}${ending}`
}

/** Lower case, without the dot; empty for none. */
export const extensionOf = (name: string): string => splitName(name).ending.slice(1).toLowerCase()

/**
 * Gives a name the ending of its file's type, if its own is not of that type: a system opens a file by its name.
 * `endings`: those of the type, the usual one first; empty for types that have none.
 */
export function withEnding(name: string, endings: readonly string[]): string {
  const [usual] = endings
  if (usual === undefined || endings.includes(extensionOf(name))) return name
  return `${shortened(name, LIMITS.fileNameLength - usual.length - 1)}.${usual}`
}

function splitName(name: string): { readonly base: string; readonly ending: string } {
  const [, base = name, ending = ''] = /^(.+)(\.[\p{L}\p{N}]{1,10})$/u.exec(name) ?? []
  return { base, ending }
}

/** Never half a character. */
const shortened = (text: string, most: number) => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
