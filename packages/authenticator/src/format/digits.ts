/** Parses and formats digits. */

/** Converts full-width, Arabic and Persian digits to ASCII, and keeps whatever is between them. */
export function readDigits(typed: string): string {
  return typed
    .normalize('NFKC')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replaceAll(/[^0-9]/g, '')
}

/** An identifier's digits in groups of 3, 3 and 4, like a telephone number. */
export function groupIdentifier(identifier: string): readonly string[] {
  return [identifier.slice(0, 3), identifier.slice(3, 6), identifier.slice(6)]
}
