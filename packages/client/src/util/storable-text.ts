/** Text in the form that the server can store. */

/**
 * Replaces halves of surrogate pairs and U+0000 by U+FFFD before sending, so that the shown text equals the stored one.
 */
export const storableText = (text: string): string => text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD')

/** Applies it to each text in a body. */
export const storableBody = <Body>(body: Body): Body =>
  JSON.parse(JSON.stringify(body), (_key, value) => (typeof value === 'string' ? storableText(value) : value))
