/** Facts of a file in the reader's language. */
import { numberFormat } from '../browser/number-format.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
const SHORT = ['B', 'kB', 'MB', 'GB'] as const

/** For example "1.2 MB". */
export function fileSize(bytes: number, locale: string): string {
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const value = bytes / 1_000 ** power
  const digits = value < 10 && power > 0 ? 1 : 0
  const format = numberFormat(locale, {
    ...{ style: 'unit', unit: UNITS[power] ?? 'byte', unitDisplay: power === 0 ? 'long' : 'short' },
    maximumFractionDigits: digits,
  })
  return format?.(value) ?? `${value.toFixed(digits)} ${SHORT[power]}`
}

/** Letters that stand for a file's type, e.g. "PDF": the ending of its name; empty if that has none. */
export const fileLetters = (name: string): string =>
  (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '').toUpperCase()

/** Types that every browser draws, and the server keeps as pictures. */
export const isPicture = (mediaType: string): boolean => /^image\/(jpeg|png|webp|gif)$/.test(mediaType)
