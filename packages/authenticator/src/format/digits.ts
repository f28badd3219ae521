/** Digits as people type and read them. */

/** ASCII digits of what was typed in those, full-width, Arabic or Persian ones, with whatever stands between them. */
export function readDigits(typed: string): string {
  return typed
    .normalize('NFKC')
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replaceAll(/[^0-9]/g, '')
}

/** An identifier's digits in groups of 3, 3 and 4, as people say telephone numbers. */
export function groupIdentifier(identifier: string): readonly string[] {
  return [identifier.slice(0, 3), identifier.slice(3, 6), identifier.slice(6)]
}
