/** Makes text from outside safe for a line of ours. */

/** Returns one line that cannot change how the text around it is read; empty if nothing would be visible. */
export function oneLine(text: string, maxLength: number): string {
  const line = text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/gu, '')
    .trim()
  if (/^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(line)) return ''
  const characters = [...line]
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`
}
