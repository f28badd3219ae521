/** Words for a file's type and size. */
import type { SentFile } from '@chat-widget/protocol'
import { locale } from '../words/words.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** E.g. `420 kB`, `1.2 MB`. */
export function fileSize(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1_000 ** power)
}

/** E.g. `PDF`: the ending of the name, which the server makes fit the content. */
export const fileType = ({ name, mediaType }: Pick<SentFile, 'name' | 'mediaType'>): string =>
  (/\.([\da-z]{1,8})$/i.exec(name)?.[1] ?? mediaType.split('/').at(-1) ?? '').toUpperCase()
