/** Makes names from outside safe for a line of ours. */

/**
 * Replaces characters that would change the direction of writing, or end the line, by a mark: shown as they are, they
 * make a name read as another one. Removed, they would make two names look alike.
 */
export const plainName = (name: string): string =>
  name.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, '\ufffd')
