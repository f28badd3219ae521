/**
 * Returns the digits of a text as `0` to `9`, also those of Arabic, Persian or full-width keyboards; drops everything
 * else.
 */
export const asciiDigits = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replaceAll(/\D/g, '')
