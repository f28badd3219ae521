/** Numbers in a language, where the browser can format them. */
import { attempt } from './browser.ts'

export function numberFormat(
  locale: string,
  options: Intl.NumberFormatOptions,
): ((value: number) => string) | undefined {
  const format = attempt(() => new Intl.NumberFormat(locale, options))
  return format && ((value) => format.format(value))
}
