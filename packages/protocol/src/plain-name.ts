/** Names from outside, safe to stand in a line of ours. */

/**
 * A name with a mark in the place of what would turn the direction of writing, or end the line: shown as they are, they
 * make a name read as another one. Left out, they would make two names look alike.
 */
export const plainName = (name: string): string =>
  name.replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u2028\u2029]+/gu, '\ufffd')
